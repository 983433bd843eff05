-- What agencies owe.
CREATE TABLE actions (
    id UUID NOT NULL PRIMARY KEY,
    panel_id UUID NOT NULL REFERENCES panels (id),
    case_id UUID REFERENCES cases (id),
    meeting_id UUID REFERENCES meetings (id),
    item_id UUID REFERENCES agenda_items (id),
    text TEXT NOT NULL,
    approach TEXT,
    owner_agency UUID NOT NULL REFERENCES agencies (id),
    owner_user UUID REFERENCES users (id),
    owner_name TEXT NOT NULL,   -- as written, where no account is known
    set_on DATE NOT NULL,
    first_due DATE,
    due DATE,
    due_word TEXT NOT NULL,     -- as it was said, such as "next panel"
    due_instance INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'in_progress', 'completed', 'not_possible', 'not_done', 'withdrawn')),
    closed_on DATE,
    outcome TEXT NOT NULL,
    reason TEXT NOT NULL,
    accepted_by UUID REFERENCES users (id),
    accepted_on DATE,
    imported BOOLEAN NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    version INTEGER NOT NULL CHECK (version >= 1),
    CHECK (state <> 'completed' OR closed_on IS NOT NULL)
);
CREATE INDEX actions_by_panel ON actions (panel_id, state, due, id);
CREATE INDEX actions_by_agency ON actions (owner_agency, state, due, id);
CREATE INDEX actions_by_user ON actions (owner_user, state, due);
CREATE INDEX actions_by_case ON actions (case_id, state);
CREATE INDEX actions_by_meeting ON actions (meeting_id);
CREATE INDEX actions_awaiting_chair ON actions (panel_id) WHERE state = 'not_possible' AND accepted_on IS NULL AND NOT imported;
CREATE INDEX actions_unfinished_by_due ON actions (due) WHERE state IN ('open', 'in_progress', 'not_possible');

CREATE TABLE action_extensions (
    id UUID NOT NULL PRIMARY KEY,
    action_id UUID NOT NULL REFERENCES actions (id),
    requested_on DATE NOT NULL,
    requested_by UUID NOT NULL REFERENCES users (id),
    due_then DATE,
    proposed_due DATE NOT NULL,
    reason TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('proposed', 'agreed', 'refused', 'withdrawn')),
    decided_on DATE,
    decided_by UUID REFERENCES users (id),
    decision_note TEXT NOT NULL,
    version INTEGER NOT NULL CHECK (version >= 1)
);
CREATE INDEX action_extensions_by_action ON action_extensions (action_id);
CREATE UNIQUE INDEX action_extensions_one_open ON action_extensions (action_id) WHERE state = 'proposed';

CREATE TABLE action_transfers (
    id UUID NOT NULL PRIMARY KEY,
    action_id UUID NOT NULL REFERENCES actions (id),
    from_agency UUID NOT NULL REFERENCES agencies (id),
    to_agency UUID NOT NULL REFERENCES agencies (id),
    proposed_on DATE NOT NULL,
    proposed_by UUID NOT NULL REFERENCES users (id),
    reason TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('proposed', 'accepted', 'refused', 'withdrawn')),
    answered_on DATE,
    answered_by UUID REFERENCES users (id),
    answer_note TEXT NOT NULL,
    new_due DATE,               -- another date the receiver asked for
    new_due_agreed BOOLEAN,     -- the chair's answer
    version INTEGER NOT NULL CHECK (version >= 1)
);
CREATE INDEX action_transfers_by_action ON action_transfers (action_id);
CREATE INDEX action_transfers_by_receiver ON action_transfers (to_agency, state);
CREATE UNIQUE INDEX action_transfers_one_open ON action_transfers (action_id) WHERE state = 'proposed';

-- The history of an action: every change, and notes of progress.
CREATE TABLE action_entries (
    id UUID NOT NULL PRIMARY KEY,
    action_id UUID NOT NULL REFERENCES actions (id),
    at TIMESTAMPTZ NOT NULL,
    by_user UUID REFERENCES users (id),
    on_behalf BOOLEAN NOT NULL,
    kind TEXT NOT NULL,
    note TEXT NOT NULL,
    detail TEXT NOT NULL        -- JSON: what changed, from and to
);
CREATE INDEX action_entries_by_action ON action_entries (action_id, at);
