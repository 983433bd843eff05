DROP POLICY seats ON connection_answers;
DROP POLICY migrating ON connection_answers;
ALTER TABLE connection_answers NO FORCE ROW LEVEL SECURITY;
ALTER TABLE connection_answers DISABLE ROW LEVEL SECURITY;
REVOKE ALL ON connection_answers FROM panel_app, panel_backup;
