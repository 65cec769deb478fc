//! The simulated carrier: a telephone network in a box.
