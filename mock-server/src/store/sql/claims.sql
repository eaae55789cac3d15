-- When a credential was last used, in microseconds of the clock: an earlier use does not take a later one's place.
ALTER TABLE credentials ADD COLUMN last_use_us BIGINT;

-- What a credential that is not revoked has to itself: a digest of its name and of where that is to be the only one.
ALTER TABLE credentials ADD COLUMN claim TEXT;
CREATE UNIQUE INDEX credentials_by_claim ON credentials (age, kind, claim) WHERE claim IS NOT NULL;

-- A name may be longer than an index takes.
DROP INDEX credentials_by_name;
CREATE INDEX credentials_by_name ON credentials (age, kind, tenant, substr(name, 1, 64));
