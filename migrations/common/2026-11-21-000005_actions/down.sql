DROP TABLE action_entries;
DROP TABLE action_moves;
DROP TABLE action_transfers;
DROP TABLE action_extensions;
DROP TABLE actions;
