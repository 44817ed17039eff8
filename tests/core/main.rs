//! Tests of the core through its public doors: properties, tables and known vectors. Scenarios are in `scenarios.rs`.

mod findings;
mod flow;
mod hosts;
mod i18n;
mod inputs;
mod meeting;
mod named;
mod parity;
mod record;
mod renewal;
mod sealing;
mod signature;
mod times;
