//! Notices and mail: who hears what, on which day, once, and what happens when something breaks.

mod delivery;
mod desk;
mod events;
mod planning;
mod smtp;
