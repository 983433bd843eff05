DROP TRIGGER audit_head_no_delete;
DROP TRIGGER audit_shown_no_delete;
DROP TRIGGER audit_shown_no_update;
DROP TRIGGER audit_checkpoints_no_delete;
DROP TRIGGER audit_checkpoints_no_update;
DROP TRIGGER audit_seals_no_delete;
DROP TRIGGER audit_seals_no_update;
