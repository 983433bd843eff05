DROP TABLE connection_answers;
