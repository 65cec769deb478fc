//! All integration tests, in one binary.

mod architecture;
mod carrier_meets_simulation;
