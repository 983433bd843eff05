-- What a reply is marked with takes the place of its two sets of readers.
ALTER TABLE info_replies ADD COLUMN marking TEXT NOT NULL DEFAULT '{"code":"panel"}'; -- JSON, see panel-core `handling::Marking`
UPDATE info_replies SET marking = '{"code":"origin"}' WHERE readers = 'chair';
ALTER TABLE info_replies DROP COLUMN readers;

-- What not everybody who takes part in a case may read: sealed under the key of the case, with its row
-- bound in.
CREATE TABLE case_notes (
    id UUID NOT NULL PRIMARY KEY,
    case_id UUID NOT NULL REFERENCES cases (id),
    panel_id UUID NOT NULL REFERENCES panels (id),
    agency_id UUID NOT NULL REFERENCES agencies (id), -- whose it is
    kind TEXT NOT NULL,
    marking TEXT NOT NULL,      -- JSON, see panel-core `handling::Marking`
    sealed BYTEA NOT NULL,
    source BYTEA,               -- who told, sealed; its own agency alone opens it
    draws_on TEXT NOT NULL,     -- JSON of the records that it uses
    written_by UUID NOT NULL REFERENCES users (id),
    written_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX case_notes_by_case ON case_notes (case_id, id);

-- Who marked a record differently, and who agreed.
CREATE TABLE marking_changes (
    id UUID NOT NULL PRIMARY KEY,
    record_kind TEXT NOT NULL,
    record_id UUID NOT NULL,
    case_id UUID NOT NULL REFERENCES cases (id),
    panel_id UUID NOT NULL REFERENCES panels (id),
    agency_id UUID NOT NULL REFERENCES agencies (id), -- whose record it is
    before TEXT NOT NULL,       -- JSON, see panel-core `handling::Marking`
    after TEXT NOT NULL,
    reason TEXT NOT NULL,
    step TEXT NOT NULL,
    proposed_by UUID NOT NULL REFERENCES users (id),
    proposed_at TIMESTAMPTZ NOT NULL,
    decided_by UUID REFERENCES users (id), -- the second person
    decided_at TIMESTAMPTZ
);
CREATE UNIQUE INDEX marking_changes_one_proposal ON marking_changes (record_id) WHERE step = 'proposed';
CREATE INDEX marking_changes_by_record ON marking_changes (record_id, id);
CREATE INDEX marking_changes_waiting ON marking_changes (panel_id, id) WHERE step = 'proposed';
