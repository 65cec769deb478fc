//! Everything that a request may need, built once when the process starts.

use std::sync::Arc;

use crate::exchange::Exchange;
use crate::web::desk::{Board, Desk};
use crate::web::hooks::Gate;
use crate::web::portal::Portal;

/// What every handler is given.
#[derive(Clone)]
pub struct App {
    /// Answers webhooks.
    pub exchange: Arc<Exchange>,
    /// Lets only the provider's own webhooks through (R15).
    pub gate: Arc<Gate>,
    /// Who may come to the desk, and for how long.
    pub desk: Arc<Desk>,
    /// The public pages, and those of people who take part.
    pub portal: Arc<Portal>,
    /// What is going on, for everybody who watches.
    pub board: Arc<Board>,
}
