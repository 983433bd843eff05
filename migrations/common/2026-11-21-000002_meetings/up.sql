-- When panels meet. A slot's key never changes; the date of its meeting may.
CREATE TABLE series (
    id UUID NOT NULL PRIMARY KEY,
    panel_id UUID NOT NULL REFERENCES panels (id),
    rule TEXT NOT NULL,         -- JSON, see panel-core `schedule`
    starts_on DATE NOT NULL,
    ends_on DATE,               -- the last day, or
    repeats INTEGER CHECK (repeats >= 1), -- the number of dates, or neither while it goes on
    start_time TIME NOT NULL,   -- local wall time, the truth; instants are worked out
    minutes INTEGER NOT NULL CHECK (minutes BETWEEN 5 AND 1440),
    zone TEXT NOT NULL,
    holiday_policy TEXT NOT NULL,
    venue TEXT NOT NULL,
    link TEXT NOT NULL,
    version INTEGER NOT NULL CHECK (version >= 1),
    CHECK (ends_on IS NULL OR repeats IS NULL)
);
CREATE INDEX series_by_panel ON series (panel_id);

CREATE TABLE meetings (
    id UUID NOT NULL PRIMARY KEY,
    panel_id UUID NOT NULL REFERENCES panels (id),
    series_id UUID REFERENCES series (id),
    slot_on DATE,
    meets_on DATE NOT NULL,
    start_time TIME NOT NULL,
    minutes INTEGER NOT NULL CHECK (minutes BETWEEN 5 AND 1440),
    zone TEXT NOT NULL,
    starts_at TIMESTAMPTZ NOT NULL,
    venue TEXT NOT NULL,
    link TEXT NOT NULL,
    emergency BOOLEAN NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('planned', 'issued', 'in_progress', 'held', 'cancelled')),
    earlier_dates TEXT NOT NULL, -- JSON: dates this meeting has had, each until when, oldest first
    cancel_reason TEXT NOT NULL,
    number_year INTEGER,
    number INTEGER,
    started_at TIMESTAMPTZ,
    ended_at TIMESTAMPTZ,
    reopen_reason TEXT NOT NULL, -- why it was last opened again
    version INTEGER NOT NULL CHECK (version >= 1),
    CHECK ((series_id IS NULL) = (slot_on IS NULL)),
    CHECK ((number IS NULL) = (number_year IS NULL)),
    CHECK (number IS NULL OR state = 'held'),
    CHECK (ended_at IS NULL OR state = 'held'),
    UNIQUE (series_id, slot_on),
    UNIQUE (panel_id, number_year, number)
);
CREATE INDEX meetings_by_panel ON meetings (panel_id, starts_at, id);
