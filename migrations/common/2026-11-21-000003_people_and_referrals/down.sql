DROP TABLE likenesses;
DROP TABLE incidents;
DROP TABLE referral_people;
DROP TABLE referrals;
DROP TABLE case_agencies;
DROP TABLE cases;
DROP TABLE person_keys;
DROP TABLE people;
