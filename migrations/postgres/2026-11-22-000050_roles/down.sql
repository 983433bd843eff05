-- The roles stay: other databases of the server may use them.
DO $$
DECLARE
    one TEXT;
BEGIN
    FOR one IN SELECT tablename FROM pg_tables WHERE schemaname = current_schema() LOOP
        EXECUTE format('REVOKE ALL ON %I FROM panel_app, panel_backup', one);
    END LOOP;
    EXECUTE format('REVOKE USAGE ON SCHEMA %I FROM panel_app, panel_backup', current_schema());
END $$;
