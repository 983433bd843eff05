-- What the service may do with the tables of the bounds of reading.
GRANT SELECT ON opened, reading_lifts TO panel_app, panel_backup;
GRANT INSERT, UPDATE, DELETE ON opened TO panel_app;
GRANT INSERT ON reading_lifts TO panel_app;
