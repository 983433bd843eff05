DROP INDEX audit_events_refused;
DROP TABLE reading_lifts;
DROP TABLE opened;
