//! commands

pub mod check;
pub mod explain;
pub mod export;
pub mod import;
