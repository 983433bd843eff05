-- The key begins with what a notice is about, so that it also finds everything about one thing: one
-- index less to write for every notice.
ALTER TABLE notices ADD CONSTRAINT notices_once UNIQUE (subject_id, rule, user_id, instance);
ALTER TABLE notices DROP CONSTRAINT notices_rule_subject_id_user_id_instance_key;
DROP INDEX notices_by_subject;
