-- What agencies owe. Columns marked "worked out" repeat what the others say, in the form an index needs;
-- one function in panel-store writes them.
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
    reported_on DATE,           -- the day it was done, reported or withdrawn
    outcome TEXT NOT NULL,      -- what came of it
    reason TEXT NOT NULL,       -- why it was not done
    was TEXT,                   -- while a report of not possible waits for the chair: what it was before
    decided_by UUID REFERENCES users (id), -- the chair who accepted that, or withdrew it
    decided_on DATE,
    imported BOOLEAN NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    version INTEGER NOT NULL CHECK (version >= 1),
    finished BOOLEAN NOT NULL,  -- worked out
    due_key DATE NOT NULL,      -- worked out: the due date, or a day after all others
    judged DATE,                -- worked out: the date by which on-time is judged
    search TEXT NOT NULL,       -- worked out: folded wording and owner
    CHECK (owner_user IS NULL OR owner_name = ''),
    CHECK ((state IN ('open', 'in_progress')) = (reported_on IS NULL)),
    CHECK (was IS NULL OR state = 'not_possible'),
    CHECK (NOT finished OR state NOT IN ('open', 'in_progress')),
    CHECK (finished OR state IN ('open', 'in_progress', 'not_possible'))
);
-- Each list of actions has an index that holds it in order, finished and unfinished apart, so that
-- no page grows with the years.
CREATE INDEX actions_by_panel ON actions (panel_id, finished, due_key, id);
CREATE INDEX actions_by_state ON actions (panel_id, finished, state, due_key, id);
CREATE INDEX actions_by_set ON actions (panel_id, finished, set_on, id);
CREATE INDEX actions_by_panel_case ON actions (panel_id, finished, case_id, id);
CREATE INDEX actions_by_agency ON actions (panel_id, owner_agency, finished, due_key, id);
CREATE INDEX actions_by_user ON actions (owner_user, panel_id, finished, due_key, id);
CREATE INDEX actions_by_case ON actions (case_id, finished, due_key, id);
CREATE INDEX actions_by_meeting ON actions (meeting_id);
CREATE INDEX actions_by_judged ON actions (panel_id, judged);
CREATE INDEX actions_by_due ON actions (finished, due);
CREATE INDEX actions_by_reported ON actions (panel_id, finished, reported_on);

CREATE TABLE action_extensions (
    id UUID NOT NULL PRIMARY KEY,
    action_id UUID NOT NULL REFERENCES actions (id),
    requested_on DATE NOT NULL,
    requested_by UUID NOT NULL REFERENCES users (id),
    capacity TEXT NOT NULL,     -- as what that person asked
    due_then DATE NOT NULL,
    proposed_due DATE NOT NULL,
    reason TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('awaited', 'agreed', 'refused', 'lapsed')),
    decided_on DATE,
    decided_by UUID REFERENCES users (id),
    agreed_due DATE,
    decision_note TEXT NOT NULL,
    CHECK ((state = 'awaited') = (decided_on IS NULL)),
    CHECK ((state = 'agreed') = (agreed_due IS NOT NULL))
);
CREATE INDEX action_extensions_by_action ON action_extensions (action_id);
CREATE UNIQUE INDEX action_extensions_one_open ON action_extensions (action_id) WHERE state = 'awaited';
CREATE INDEX action_extensions_by_state ON action_extensions (state, requested_on);

CREATE TABLE action_transfers (
    id UUID NOT NULL PRIMARY KEY,
    action_id UUID NOT NULL REFERENCES actions (id),
    from_agency UUID NOT NULL REFERENCES agencies (id),
    to_agency UUID NOT NULL REFERENCES agencies (id),
    proposed_on DATE NOT NULL,
    proposed_by UUID NOT NULL REFERENCES users (id),
    capacity TEXT NOT NULL,     -- as what that person proposed
    reason TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('proposed', 'accepted', 'refused', 'revoked', 'lapsed')),
    answered_on DATE,
    answered_by UUID REFERENCES users (id),
    answer_note TEXT NOT NULL,
    due_state TEXT CHECK (due_state IN ('kept', 'proposed', 'agreed', 'declined')),
    new_due DATE,               -- another date the receiver asked for
    due_then DATE,              -- the due date in force when it did
    due_decided_by UUID REFERENCES users (id),
    due_decided_on DATE,
    CHECK ((state = 'proposed') = (answered_on IS NULL)),
    CHECK ((state = 'accepted') = (due_state IS NOT NULL)),
    CHECK (due_state IS NULL OR (due_state = 'kept') = (new_due IS NULL))
);
CREATE INDEX action_transfers_by_action ON action_transfers (action_id);
CREATE INDEX action_transfers_by_receiver ON action_transfers (to_agency, state);
CREATE INDEX action_transfers_by_due ON action_transfers (due_state, answered_on);
CREATE UNIQUE INDEX action_transfers_one_open ON action_transfers (action_id) WHERE state = 'proposed';

-- Which agency owed an action when: what the figures of a period count by.
CREATE TABLE action_moves (
    id UUID NOT NULL PRIMARY KEY,
    action_id UUID NOT NULL REFERENCES actions (id),
    panel_id UUID NOT NULL REFERENCES panels (id),
    from_agency UUID NOT NULL REFERENCES agencies (id),
    to_agency UUID NOT NULL REFERENCES agencies (id),
    moved_on DATE NOT NULL,
    by_transfer BOOLEAN NOT NULL
);
CREATE INDEX action_moves_by_action ON action_moves (action_id, id);
CREATE INDEX action_moves_by_day ON action_moves (panel_id, moved_on);

-- The history of an action: every change, and notes of progress.
CREATE TABLE action_entries (
    id UUID NOT NULL PRIMARY KEY, -- rises with time
    action_id UUID NOT NULL REFERENCES actions (id),
    at TIMESTAMPTZ NOT NULL,
    by_user UUID REFERENCES users (id),
    on_behalf BOOLEAN NOT NULL,
    kind TEXT NOT NULL,
    note TEXT NOT NULL,         -- what was said with it
    detail TEXT NOT NULL        -- JSON: the event, and what it changed from and to
);
CREATE INDEX action_entries_by_action ON action_entries (action_id, id);
