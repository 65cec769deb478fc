//! What is somebody's to see at the desk, as a condition of a query: of a list that is cut off at so
//! many rows, every row is theirs.

use crate::domain::{Operator, Phone, Role};

/// [`Operator::sees`], said in SQL.
pub(super) struct Scope {
    role: Role,
    /// Lines or places, as JSON.
    pub(super) which: String,
}

impl Scope {
    pub(super) fn of(operator: &Operator) -> Self {
        let which = match operator.role {
            Role::Operator => operator.lines.iter().map(Phone::e164).collect(),
            Role::Coordinator => operator.areas.iter().map(|area| area.number()).collect(),
            Role::Administrator => serde_json::Value::Null,
        };
        Self { role: operator.role, which: which.to_string() }
    }

    /// The condition on a row with this line and this place; [`Scope::which`] is the parameter `?1`.
    pub(super) fn condition(&self, line: &str, place: &str) -> String {
        match self.role {
            Role::Operator => format!("{line} IN (SELECT value FROM json_each(?1))"),
            Role::Coordinator => format!("{place} IN (SELECT value FROM json_each(?1))"),
            Role::Administrator => "?1 IS NOT NULL".to_owned(),
        }
    }
}
