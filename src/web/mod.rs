//! HTTP and nothing else: take a request apart, call `exchange` or `store`, render the answer.
//!
//! No ringing rule lives here. [`router()`] is the whole table of addresses.

mod app;
pub mod demo;
pub mod desk;
mod health;
pub mod hooks;
mod marks;
mod router;

pub use app::App;
pub use router::{router, service};
