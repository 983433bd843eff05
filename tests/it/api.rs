//! The JSON interface over HTTP: its walls, its bodies, its document, and two people's work through it.

mod bodies;
mod conditions;
mod coordinator;
mod document;
mod meeting;
mod rep;
mod walls;
