DROP FUNCTION panel_live_lines(UUID[]);
DROP FUNCTION panel_enter(UUID, DATE);
