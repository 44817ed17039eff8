//! The simulation's own behaviour, through its public doors: HTTP and the handle.
#![cfg(test)]

mod auth;
mod binary;
mod clock;
mod control;
mod delivery;
mod downloads;
mod faults;
mod guard;
mod join_page;
mod lists;
mod meetings;
mod oauth;
mod past_meetings;
mod personal;
mod rate_limit;
mod recordings;
mod recurring;
mod retry;
mod signing;
mod support;
mod users;
mod validation;
