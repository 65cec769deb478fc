//! HTTP and nothing else: take a request apart, call `exchange` or `store`, render the answer.
//!
//! No ringing rule lives here. [`router()`] is the whole table of addresses.

mod address;
mod app;
mod cookies;
pub mod demo;
pub mod desk;
mod fault;
mod form;
mod guard;
mod headers;
mod health;
pub mod hooks;
mod layout;
mod marks;
mod notice;
mod page;
pub mod portal;
mod route;
mod router;
mod say;
mod site;
mod switch;
mod typed;
mod unasked;
mod way_back;

pub use app::App;
pub use router::{router, service};
