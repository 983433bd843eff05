-- What the service may do with answers about connections, and who stands behind their wall: whoever runs the
-- panel. An answer is never changed.
GRANT SELECT ON connection_answers TO panel_app, panel_backup;
GRANT INSERT ON connection_answers TO panel_app;
ALTER TABLE connection_answers ENABLE ROW LEVEL SECURITY;
ALTER TABLE connection_answers FORCE ROW LEVEL SECURITY;
CREATE POLICY migrating ON connection_answers TO CURRENT_USER
    USING (current_setting('panel.actor', true) = 'migrations');
CREATE POLICY seats ON connection_answers TO panel_app USING (panel_id
    = ANY ((SELECT NULLIF(current_setting('panel.whole', true), '')::UUID[])::UUID[]));
