-- What newcomers of a collection are called, as SHA-256: no name is given twice, also by two servers at once.
CREATE TABLE names (
    age BIGINT NOT NULL REFERENCES ages (age) ON DELETE CASCADE,
    collection TEXT NOT NULL,
    tenant TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    PRIMARY KEY (age, collection, tenant, sha256)
);
