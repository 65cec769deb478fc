//! commands

pub mod check;
