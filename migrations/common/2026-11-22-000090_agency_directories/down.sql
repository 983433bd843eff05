DROP TABLE directory_errands;
DROP TABLE directory_subjects;
DROP TABLE directory_domains;
DROP TABLE directories;
