//! The `burenhulp` command.

fn main() {}
