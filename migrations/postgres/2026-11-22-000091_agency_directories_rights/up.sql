-- What the service may do with the tables of directories, which hold no content.
DO $$
DECLARE
    one TEXT;
BEGIN
    FOREACH one IN ARRAY ARRAY[
        'directories', 'directory_domains', 'directory_subjects', 'directory_errands'
    ] LOOP
        EXECUTE format('GRANT SELECT ON %I TO panel_app, panel_backup', one);
        EXECUTE format('GRANT INSERT, UPDATE, DELETE ON %I TO panel_app', one);
    END LOOP;
END $$;
