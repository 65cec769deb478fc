//! burenhulp: a telephone exchange for neighbourly help.
//!
//! Somebody dials one local number and says by keypad what a neighbour could do. The exchange rings
//! neighbours who said that they like to do that now and then, **one after another**, until one
//! says yes. Anyone can say no at any point, without a reason.
//!
//! # The house
//!
//! One package; arrows between rooms go one way only:
//!
//! ```text
//! domain <- dispatch, flow, twiml, report <- store, carrier, config, telemetry
//!        <- exchange <- web, sim <- commands <- main
//! ```
//!
//! Pure rooms (no async, files, clock or random source; `now` is an argument):
//!
//! - [`domain`]: the words of the trade. A value that exists is valid; a [`domain::Phone`] has
//!   passed the gate of numbers that may be rung, and shows itself masked.
//! - [`dispatch`]: *the* state machine. [`dispatch::Search`] is a value: one input in, everything
//!   that follows out. [`dispatch::choose`] orders people, with a reason for everybody.
//! - [`flow`]: what is said and which keys do what, as data: turns and what they wait for.
//! - [`twiml`]: the only module that writes TwiML.
//! - [`report`]: rows in, figures and plots out.
//!
//! Edges:
//!
//! - [`store`]: the only module with SQL. One writer thread commits together what waits together;
//!   what was answered is on disk first.
//! - [`carrier`]: webhooks and their signatures, four provider dialects, the REST side.
//! - [`config`] and [`telemetry`]: `burenhulp.toml`, logs and metrics without people in them.
//!
//! The driver:
//!
//! - [`exchange`]: **one input, drain all outputs, commit, then act.** Every webhook becomes one
//!   transaction; the answer goes out when it is on disk. It translates between flow and dispatch,
//!   which do not know each other, and holds no ringing rule.
//!
//! Outermost: [`web`] (HTTP only), [`sim`] (a telephone network in a box) and [`commands`].

pub mod carrier;
pub mod commands;
pub mod config;
pub mod dispatch;
pub mod domain;
pub mod exchange;
pub mod flow;
pub mod report;
pub mod sim;
pub mod store;
pub mod telemetry;
pub mod twiml;
pub mod web;
