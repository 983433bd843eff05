DROP TABLE minutes;
DROP TABLE info_replies;
DROP TABLE info_requests;
DROP TABLE statement_acceptances;
DROP TABLE attendance;
DROP TABLE agenda_issues;
DROP TABLE agendas;
DROP TABLE agenda_items;
