-- With the tenant first, so that who looks for an id finds one index for that and no other.
DROP INDEX credentials_of_tenant;
CREATE INDEX credentials_of_tenant ON credentials (tenant, age, kind, ordinal);
DROP INDEX credentials_by_name;
CREATE INDEX credentials_by_name ON credentials (tenant, age, kind, substr(name, 1, 64));
