-- An agency that is asked to take an action over sees it through those who speak for it at the panel of that action,
-- and not through those who speak for it at another: the wall did not tell them apart, as the filter does. Everything
-- else here is as it was.
ALTER POLICY seats ON actions USING (
    panel_id = ANY ((SELECT NULLIF(current_setting('panel.whole', true), '')::UUID[])::UUID[])
    OR (panel_id = ANY ((SELECT NULLIF(current_setting('panel.partly', true), '')::UUID[])::UUID[]) AND (
        (case_id IS NULL AND owner_agency
            = ANY ((SELECT NULLIF(current_setting('panel.agencies', true), '')::UUID[])::UUID[])
            AND panel_id || '/' || owner_agency
                = ANY ((SELECT NULLIF(current_setting('panel.places', true), '')::TEXT[])::TEXT[]))
        OR (id = ANY ((SELECT NULLIF(current_setting('panel.asked', true), '')::UUID[])::UUID[])
            AND id || '/' || panel_id
                = ANY ((SELECT NULLIF(current_setting('panel.asked_at', true), '')::TEXT[])::TEXT[]))
        OR EXISTS (
            SELECT FROM case_agencies p WHERE p.case_id = actions.case_id
                AND p.agency_id = ANY ((SELECT NULLIF(current_setting('panel.agencies', true), '')::UUID[])::UUID[])
                AND actions.panel_id || '/' || p.agency_id
                    = ANY ((SELECT NULLIF(current_setting('panel.places', true), '')::TEXT[])::TEXT[]) OFFSET 0)))
    OR case_id = ANY ((SELECT NULLIF(current_setting('panel.admitted', true), '')::UUID[])::UUID[])
);

CREATE OR REPLACE FUNCTION panel_enter(person UUID, today DATE) RETURNS VOID LANGUAGE plpgsql AS $$
DECLARE
    sits_at UUID[];
    runs UUID[];
    partly UUID[];
    spoken_for UUID[];
    of_hers UUID[];
    spoken_at TEXT[];
    hidden_cases UUID[];
    admitted_cases UUID[];
    asked_for UUID[];
    asked_at TEXT[];
BEGIN
    SELECT array_agg(DISTINCT s.panel_id),
        array_agg(DISTINCT s.panel_id) FILTER (WHERE s.role IN ('coordinator', 'chair')),
        array_agg(DISTINCT s.panel_id) FILTER (WHERE s.role IN ('representative', 'spoc', 'agency_lead')),
        array_agg(DISTINCT s.agency_id) FILTER (WHERE s.role IN ('representative', 'spoc', 'agency_lead')),
        array_agg(DISTINCT s.panel_id || '/' || s.agency_id)
            FILTER (WHERE s.role IN ('representative', 'spoc', 'agency_lead')),
        array_agg(s.agency_id) || array_agg(u.agency_id)
    INTO sits_at, runs, partly, spoken_for, spoken_at, of_hers
    FROM users u JOIN seats s ON s.user_id = u.id
    WHERE u.id = person AND (u.ended_on IS NULL OR u.ended_on > today)
        AND s.starts_on <= today AND (s.ends_on IS NULL OR s.ends_on >= today);

    PERFORM set_config('panel.beyond', 'lists', true);
    IF NOT sits_at <@ COALESCE(runs, '{}') THEN
        SELECT array_agg(l.case_id) FILTER (WHERE l.me OR ((l.kept OR l.outside) AND NOT l.alternate)),
            array_agg(l.case_id) FILTER (WHERE l.alternate AND NOT l.me)
        INTO hidden_cases, admitted_cases
        FROM (
            SELECT lines.case_id,
                bool_or(lines.kind = 'excluded' AND lines.user_id IS NOT DISTINCT FROM person) AS me,
                bool_or(lines.kind = 'excluded' AND lines.names) AS kept,
                bool_or(lines.kind = 'named') AND NOT bool_or(lines.kind = 'named' AND lines.names) AS outside,
                bool_or(lines.kind = 'alternate' AND lines.names) AS alternate
            FROM (
                SELECT case_id, kind, user_id,
                    COALESCE(user_id = person, FALSE) OR COALESCE(agency_id = ANY (of_hers), FALSE) AS names
                FROM case_lists
                WHERE lifted_at IS NULL AND panel_id = ANY (sits_at)
                    AND panel_id <> ALL (COALESCE(runs, '{}'))
            ) AS lines
            GROUP BY lines.case_id
        ) AS l;
    END IF;
    IF spoken_for IS NOT NULL THEN
        SELECT array_agg(t.action_id), array_agg(t.action_id || '/' || s.panel_id)
        INTO asked_for, asked_at
        FROM action_transfers t JOIN seats s ON s.agency_id = t.to_agency
        WHERE t.to_agency = ANY (spoken_for) AND t.state = 'proposed' AND s.user_id = person
            AND s.panel_id || '/' || s.agency_id = ANY (spoken_at);
    END IF;

    PERFORM set_config('panel.beyond', '', true),
        set_config('panel.actor', person::TEXT, true),
        set_config('panel.today', today::TEXT, true),
        set_config('panel.sits', COALESCE(sits_at::TEXT, ''), true),
        set_config('panel.whole', COALESCE(runs::TEXT, ''), true),
        set_config('panel.partly', COALESCE(partly::TEXT, ''), true),
        set_config('panel.agencies', COALESCE(spoken_for::TEXT, ''), true),
        set_config('panel.places', COALESCE(spoken_at::TEXT, ''), true),
        set_config('panel.hidden', COALESCE(hidden_cases::TEXT, '{}'), true),
        set_config('panel.admitted', COALESCE(admitted_cases::TEXT, ''), true),
        set_config('panel.asked', COALESCE(asked_for::TEXT, ''), true),
        set_config('panel.asked_at', COALESCE(asked_at::TEXT, ''), true);
END $$;
