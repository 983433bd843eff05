DROP TABLE text_clearances;
