DROP TABLE import_keys;
DROP TABLE imports;
DROP TABLE audit_events;
