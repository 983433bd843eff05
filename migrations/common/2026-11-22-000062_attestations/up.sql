-- Who confirmed in which quarter that a person still works for an agency and needs access.
CREATE TABLE attestations (
    user_id UUID NOT NULL REFERENCES users (id),
    quarter DATE NOT NULL,      -- its first day
    agency_id UUID NOT NULL REFERENCES agencies (id),
    confirmed_by UUID NOT NULL REFERENCES users (id),
    confirmed_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (user_id, quarter, agency_id)
);
CREATE INDEX attestations_by_quarter ON attestations (quarter, agency_id);
