DROP TABLE messages;
DROP TABLE plan_marks;
DROP TABLE notices;
