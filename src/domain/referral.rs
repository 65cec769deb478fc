//! Organisations that help where neighbours cannot: named by the organisation in its configuration.

use serde::{Deserialize, Serialize};

use super::ServiceId;

/// An organisation to which somebody can be referred. Made by `config`, never changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Referral {
    /// What it is called, as it is spoken.
    pub name: String,
    /// For what; empty: for anything.
    pub services: Vec<ServiceId>,
    /// The digits that people dial to reach it, which are public and may be a short number. It is
    /// read out, and never rung by the exchange.
    pub number: Option<String>,
}

impl Referral {
    /// Whether somebody who asks for this can be referred there.
    pub fn helps_with(&self, service: Option<&ServiceId>) -> bool {
        self.services.is_empty() || service.is_some_and(|id| self.services.contains(id))
    }
}
