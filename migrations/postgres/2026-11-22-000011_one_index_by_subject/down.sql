CREATE INDEX notices_by_subject ON notices (subject_id);
ALTER TABLE notices ADD CONSTRAINT notices_rule_subject_id_user_id_instance_key
    UNIQUE (rule, subject_id, user_id, instance);
ALTER TABLE notices DROP CONSTRAINT notices_once;
