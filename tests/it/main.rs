//! Every test of the whole product, in one binary, by area.
//!
//! Each module says `cfg(test)` although this binary is only ever built for tests: the lints look
//! for it where a helper of a test unwraps.

#[cfg(test)]
mod accounts;
#[cfg(test)]
mod action_pages;
#[cfg(test)]
mod actions;
#[cfg(test)]
mod agenda;
#[cfg(test)]
mod agenda_pages;
#[cfg(test)]
mod api;
#[cfg(test)]
mod browser;
#[cfg(test)]
mod case_agencies;
#[cfg(test)]
mod case_pages;
#[cfg(test)]
mod casework;
#[cfg(test)]
mod imports;
#[cfg(test)]
mod information;
#[cfg(test)]
mod journey;
#[cfg(test)]
mod live;
#[cfg(test)]
mod live_pages;
#[cfg(test)]
mod meeting_pages;
#[cfg(test)]
mod meetings;
#[cfg(test)]
mod minutes;
#[cfg(test)]
mod minutes_waiting;
#[cfg(test)]
mod notices;
#[cfg(test)]
mod pages;
#[cfg(test)]
mod referral_pages;
#[cfg(test)]
mod referrals;
#[cfg(test)]
mod series;
#[cfg(test)]
mod standing_items;
#[cfg(test)]
mod statement;
