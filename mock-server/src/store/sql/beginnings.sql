-- What a vendor begins with, and again after a reset, where the server that made the state was asked for users or keys.
CREATE TABLE beginnings (
    vendor TEXT NOT NULL PRIMARY KEY REFERENCES vendors (vendor),
    state TEXT NOT NULL
);
