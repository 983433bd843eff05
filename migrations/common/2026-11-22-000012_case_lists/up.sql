-- From whom a case is kept, among whom it is kept, and who sees it besides. A line is never deleted.
CREATE TABLE case_lists (
    id UUID NOT NULL PRIMARY KEY,
    case_id UUID NOT NULL REFERENCES cases (id),
    panel_id UUID NOT NULL REFERENCES panels (id),
    kind TEXT NOT NULL,
    user_id UUID REFERENCES users (id),
    agency_id UUID REFERENCES agencies (id),
    conflict TEXT NOT NULL,
    note TEXT NOT NULL,
    declared BOOLEAN NOT NULL,  -- by the person herself
    set_by UUID NOT NULL REFERENCES users (id),
    set_at TIMESTAMPTZ NOT NULL,
    lifted_by UUID REFERENCES users (id),
    lifted_at TIMESTAMPTZ,
    lift_reason TEXT NOT NULL,
    CHECK ((user_id IS NULL) <> (agency_id IS NULL)),
    CHECK ((lifted_at IS NULL) = (lifted_by IS NULL)),
    CHECK ((lifted_at IS NULL) = (lift_reason = ''))
);
CREATE INDEX case_lists_by_case ON case_lists (case_id, set_at);
CREATE INDEX case_lists_live ON case_lists (panel_id) WHERE lifted_at IS NULL;
CREATE UNIQUE INDEX case_lists_one_person ON case_lists (case_id, kind, user_id)
    WHERE lifted_at IS NULL AND user_id IS NOT NULL;
CREATE UNIQUE INDEX case_lists_one_agency ON case_lists (case_id, kind, agency_id)
    WHERE lifted_at IS NULL AND agency_id IS NOT NULL;
