DROP TABLE glass;
