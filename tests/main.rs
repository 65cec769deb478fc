//! All integration tests, in one binary.

mod architecture;
mod bad_webhooks;
mod browser;
mod card;
mod carrier_meets_simulation;
mod commands;
mod desk;
mod house;
mod kill;
mod line_gone;
mod log;
mod portal;
mod privacy;
mod process;
mod random_calls;
mod scenarios;
mod serve;
mod signing_up;
mod still_there;
mod words;
mod year_of_rings;
