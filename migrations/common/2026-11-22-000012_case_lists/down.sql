DROP TABLE case_lists;
