//! `[desk]`: logging in at the desk.

use std::time::Duration;

use super::table::Table;
use crate::domain::Role;

/// What is settled about the desk on the web.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Desk {
    /// Roles that do not get in without a second factor.
    pub require_totp: Vec<Role>,
    /// How long somebody stays logged in, 1 h to 7 days.
    pub session: Duration,
    /// How long without a click, 5 min to a day.
    pub idle: Duration,
}

/// Reads `[desk]`; left out, it has its defaults.
pub(super) fn read(root: &Table<'_>) -> Desk {
    let table = root.table("desk");
    let of = |key, range, default| match &table {
        Some(table) => table.whole(key, range, default),
        None => default,
    };
    let desk = Desk {
        require_totp: table.as_ref().and_then(require_totp).unwrap_or(Role::ALL.to_vec()),
        session: Duration::from_secs(3600 * of("session_hours", 1..=168, 10)),
        idle: Duration::from_secs(60 * of("idle_minutes", 5..=1440, 60)),
    };
    if let Some(table) = &table {
        table.finish();
    }
    desk
}

fn require_totp(table: &Table<'_>) -> Option<Vec<Role>> {
    let mut roles = Vec::new();
    for written in table.texts("require_totp")?.value {
        match Role::parse(&written.value) {
            Some(role) if roles.contains(&role) => {
                table.fault(written.line, format!("require_totp has {} twice", role.code()));
            }
            Some(role) => roles.push(role),
            None => table.fault(
                written.line,
                "require_totp names roles: \"operator\", \"coordinator\", \"administrator\"",
            ),
        }
    }
    Some(roles)
}
