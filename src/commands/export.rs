//! `burenhulp export`: participants and places to a file that `import` reads.

pub mod text;

#[cfg(test)]
mod tests;
