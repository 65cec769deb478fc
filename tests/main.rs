//! All integration tests, in one binary.

mod architecture;
mod browser;
mod carrier_meets_simulation;
mod house;
mod scenarios;
