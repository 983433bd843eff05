DROP TABLE reveals;
DROP TABLE whereabouts_readers;
DROP TABLE whereabouts_marks;
DROP TABLE whereabouts;
DROP TABLE data_keys;
