DROP INDEX audit_events_read;
