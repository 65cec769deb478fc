//! Parsed hours, and whether they are open at the minute that is being looked at.

use std::collections::HashMap;

use crate::domain::{Hours, Timestamp};

/// Most expressions kept; people share a few, and a full cache is simply begun again.
const MOST: usize = 20_000;

/// A bounded cache. An expression that no longer parses counts as closed.
pub(super) struct HoursCache {
    parsed: HashMap<Box<str>, Option<Hours>>,
    minute: i64,
    open: HashMap<Box<str>, bool>,
}

impl HoursCache {
    pub(super) fn new() -> Self {
        Self { parsed: HashMap::new(), minute: -1, open: HashMap::new() }
    }

    pub(super) fn is_open(&mut self, text: &str, now: Timestamp) -> bool {
        let minute = now.0.div_euclid(60_000);
        if minute != self.minute || self.open.len() > MOST {
            self.minute = minute;
            self.open.clear();
        }
        if let Some(open) = self.open.get(text) {
            return *open;
        }
        if self.parsed.len() > MOST {
            self.parsed.clear();
        }
        let hours = self.parsed.entry(text.into()).or_insert_with(|| Hours::parse(text).ok());
        let open = hours.as_ref().is_some_and(|hours| hours.is_open(now));
        self.open.insert(text.into(), open);
        open
    }
}
