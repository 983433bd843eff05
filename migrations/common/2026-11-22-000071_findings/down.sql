DROP TABLE watch_head;
DROP TABLE findings;
