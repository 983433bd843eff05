-- What somebody read, by the use case: what stands out is looked for among that alone, however much else she did.
CREATE INDEX audit_events_read ON audit_events (actor_id, deed, id) WHERE kind = 'consultation';
