DROP TABLE meetings;
DROP TABLE series;
