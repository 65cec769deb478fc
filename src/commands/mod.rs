//! The subcommands, one file each: arguments, what they run, what they print.

pub mod check;
pub mod explain;
pub mod export;
pub mod import;
