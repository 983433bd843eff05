REVOKE ALL ON opened, reading_lifts FROM panel_app, panel_backup;
