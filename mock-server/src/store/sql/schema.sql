-- The state of the vendors' first world. Of a secret there is its SHA-256 and nothing else.

-- Which age a vendor is in: a reset or a restore begins another one.
CREATE TABLE vendors (
    vendor TEXT NOT NULL PRIMARY KEY,
    age BIGINT NOT NULL
);

-- What belongs to an age goes with it, and nothing can be added to one that is over.
CREATE TABLE ages (
    age BIGINT NOT NULL PRIMARY KEY,
    vendor TEXT NOT NULL REFERENCES vendors (vendor),
    -- What is taken off an ordinal to make a number within the age.
    base BIGINT NOT NULL
);

CREATE TABLE credentials (
    ordinal BIGINT NOT NULL PRIMARY KEY,
    age BIGINT NOT NULL REFERENCES ages (age) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    outline TEXT NOT NULL,
    tenant TEXT NOT NULL,
    owner TEXT NOT NULL,
    name TEXT NOT NULL,
    prefix TEXT NOT NULL,
    grants TEXT NOT NULL,
    created_at TEXT NOT NULL,
    expires_at TEXT,
    revoked_at TEXT,
    last_use TEXT,
    details TEXT NOT NULL,
    UNIQUE (age, sha256),
    UNIQUE (age, kind, id)
);
CREATE INDEX credentials_of_tenant ON credentials (age, kind, tenant, ordinal);
CREATE INDEX credentials_by_name ON credentials (age, kind, tenant, name);

CREATE TABLE shelves (
    age BIGINT NOT NULL REFERENCES ages (age) ON DELETE CASCADE,
    collection TEXT NOT NULL,
    tenant TEXT NOT NULL,
    last_sequence BIGINT NOT NULL,
    PRIMARY KEY (age, collection, tenant)
);

CREATE TABLE documents (
    age BIGINT NOT NULL REFERENCES ages (age) ON DELETE CASCADE,
    collection TEXT NOT NULL,
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    sequence BIGINT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (age, collection, tenant, id)
);
CREATE INDEX documents_in_order ON documents (age, collection, tenant, sequence);
