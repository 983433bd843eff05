-- The role as which the service works, and the one for backups. Roles belong to the whole server, so another
-- database may have made them already. Whoever may not make roles is told what to do first.
DO $$
DECLARE
    wanted RECORD;
BEGIN
    FOR wanted IN
        SELECT * FROM (VALUES ('panel_app', 'NOBYPASSRLS'), ('panel_backup', 'BYPASSRLS')) AS w (name, may)
    LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted.name) THEN
            BEGIN
                EXECUTE format('CREATE ROLE %I NOLOGIN %s', wanted.name, wanted.may);
            EXCEPTION
                WHEN duplicate_object OR unique_violation THEN NULL;
                WHEN insufficient_privilege THEN
                    RAISE EXCEPTION 'the role % is missing, and this login may not make it', wanted.name
                        USING HINT = 'see “Roles of PostgreSQL” in docs/administrator.md';
            END;
        END IF;
    END LOOP;
END $$;

-- Rights are given table by table. A table that comes later gives none until its own migration does.
DO $$
DECLARE
    one TEXT;
BEGIN
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO panel_app, panel_backup', current_schema());
    FOR one IN SELECT tablename FROM pg_tables WHERE schemaname = current_schema() LOOP
        EXECUTE format('GRANT SELECT ON %I TO panel_app, panel_backup', one);
        IF one NOT LIKE '\_\_%' THEN
            EXECUTE format('GRANT INSERT, UPDATE, DELETE ON %I TO panel_app', one);
        END IF;
    END LOOP;
END $$;

-- The log is added to and read. Only its end moves on.
REVOKE UPDATE, DELETE ON audit_events, audit_seals, audit_checkpoints, audit_shown FROM panel_app;
REVOKE DELETE ON audit_head FROM panel_app;
