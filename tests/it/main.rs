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
mod browser;
mod case_pages;
mod casework;
mod imports;
mod information;
mod journey;
mod live;
mod live_pages;
mod meeting_pages;
mod meetings;
mod minutes;
mod notices;
mod pages;
mod referral_pages;
mod referrals;
mod series;
