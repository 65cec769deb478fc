//! All integration tests, in one binary.

mod carrier_meets_simulation;
