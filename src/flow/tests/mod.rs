//! Stories told to small flows. Every story stores and re-reads the position between any two
//! steps, so that a restart at any moment is proved by each of them.

mod any;
mod built_in;
mod check;
mod draw;
mod forms;
mod keys;
mod prompts;
mod walk;
