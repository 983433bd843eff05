//! Every test of the whole product, in one binary, by area.
//!
//! It is only ever built for tests, and says so: the lints look for that where a helper unwraps.

#![cfg(test)]

mod accounts;
mod action_pages;
mod actions;
mod agenda;
mod agenda_pages;
mod api;
mod attestation;
mod audit_pages;
mod bad_input;
mod browser;
mod budget;
mod case_agencies;
mod case_lists;
mod case_pages;
mod casework;
mod clearing;
mod connections;
mod directory;
mod dormant;
mod glass;
mod handling;
mod imports;
mod information;
mod information_pages;
mod journey;
mod keys;
mod live;
mod live_pages;
mod meeting_pages;
mod meetings;
mod minutes;
mod minutes_waiting;
mod notices;
mod pages;
mod passkeys;
mod proofs;
mod referral_pages;
mod referrals;
mod sealed;
mod second_factor;
mod series;
mod sessions;
mod standing_items;
mod statement;
mod step_up;
mod time_out;
mod together;
mod wall;
mod watch;
mod whereabouts;
