-- The key begins with what a notice is about, so that it also finds everything about one thing: one
-- index less to write for every notice.
CREATE TABLE notices_rebuilt (
    id UUID NOT NULL PRIMARY KEY,
    rule TEXT NOT NULL,
    panel_id UUID NOT NULL REFERENCES panels (id),
    subject_kind TEXT NOT NULL,
    subject_id UUID NOT NULL,
    user_id UUID REFERENCES users (id),
    instance INTEGER NOT NULL,
    day DATE NOT NULL,
    about_on DATE,
    state TEXT NOT NULL CHECK (state IN ('planned', 'told', 'skipped', 'cancelled')),
    reason TEXT,
    message_id UUID,
    planned_at TIMESTAMPTZ NOT NULL,
    settled_at TIMESTAMPTZ,
    UNIQUE (subject_id, rule, user_id, instance),
    CHECK ((state IN ('skipped', 'cancelled')) = (reason IS NOT NULL)),
    CHECK ((state = 'planned') = (settled_at IS NULL)),
    CHECK (state <> 'told' OR message_id IS NOT NULL),
    CHECK (user_id IS NOT NULL OR state = 'skipped')
);
INSERT INTO notices_rebuilt
SELECT id, rule, panel_id, subject_kind, subject_id, user_id, instance, day, about_on, state, reason,
    message_id, planned_at, settled_at FROM notices;
DROP TABLE notices;
ALTER TABLE notices_rebuilt RENAME TO notices;
CREATE INDEX notices_due ON notices (user_id, day) WHERE state = 'planned';
CREATE INDEX notices_by_user ON notices (user_id, day);
CREATE INDEX notices_by_message ON notices (message_id) WHERE message_id IS NOT NULL;
CREATE UNIQUE INDEX notices_unheard ON notices (rule, subject_id, instance) WHERE user_id IS NULL;
CREATE INDEX notices_unheard_by_panel ON notices (panel_id, day) WHERE user_id IS NULL;
