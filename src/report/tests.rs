//! Figures held against textbook cases, rules held against anything.

mod concealing;
mod counting;
mod measures;
mod telling;
