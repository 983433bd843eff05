//! The pages, one module a noun. Handlers translate: they read the form, call one use case, and
//! present what it says.

pub(crate) mod account;
pub(crate) mod actions;
pub(crate) mod agencies;
pub(crate) mod agenda;
pub(crate) mod attestation;
pub(crate) mod audit;
pub(crate) mod cases;
pub(crate) mod clearing;
pub(crate) mod completion;
pub(crate) mod confirm;
pub(crate) mod findings;
pub(crate) mod glass;
pub(crate) mod handling;
pub(crate) mod home;
pub(crate) mod imports;
pub(crate) mod leaving;
pub(crate) mod live;
pub(crate) mod meetings;
pub(crate) mod minutes;
pub(crate) mod my_work;
pub(crate) mod narrowing;
pub(crate) mod notes;
pub(crate) mod notices;
pub(crate) mod panels;
pub(crate) mod passkeys;
pub(crate) mod people;
pub(crate) mod policy;
pub(crate) mod referrals;
pub(crate) mod requests;
pub(crate) mod second_factor;
pub(crate) mod series;
pub(crate) mod service;
pub(crate) mod settings;
pub(crate) mod sign_in;
pub(crate) mod users;
