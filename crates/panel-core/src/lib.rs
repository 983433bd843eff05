//! The rules of a panel that manages high-risk perpetrators: pure values in, values and events out.
//!
//! Nothing here reads a clock, a file, a socket or a random number. The time, new ids and facts
//! from the database arrive as arguments, so that every rule can be tested by a sentence.
//!
//! A first tour: [`schedule`] lays out a panel's meetings and [`cycle`] the deadlines around each;
//! [`referral`] and [`pattern`] decide what comes in; [`agenda`] proposes the order of business;
//! [`action`] is what agencies owe; [`reminder`] is when they hear of it; [`minutes`] is the record.

pub mod access;
pub mod account;
pub mod action;
pub mod agency;
pub mod agenda;
pub mod attestation;
pub mod audit;
pub mod budget;
pub mod calendar;
pub mod case;
pub mod coded;
pub mod completion;
pub mod contact;
pub mod cycle;
pub mod directory;
pub mod dormancy;
pub mod guard;
pub mod handling;
pub mod id;
pub mod information;
pub mod likeness;
pub mod meeting;
pub mod minutes;
pub mod outbox;
pub mod passkey;
pub mod pattern;
pub mod referral;
pub mod reminder;
pub mod review;
pub mod schedule;
#[cfg(feature = "openapi")]
pub mod schema;
pub mod settings;
pub mod text;
pub mod time;
pub mod tracker;
pub mod vocabulary;
pub mod watch;
pub mod words;
