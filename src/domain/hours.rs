//! Hours in the OpenStreetMap `opening_hours` language, on the Dutch clock, with Dutch holidays.
//!
//! Evaluated on the wall clock (R13): a window inside the hour that daylight saving skips is
//! empty, one inside the doubled hour holds twice. `PH` is a Dutch public holiday.

use std::fmt;
use std::sync::LazyLock;
use std::time::Duration;

use opening_hours::localization::Country;
use opening_hours::{Context, OpeningHours};
use serde::{Deserialize, Serialize};

use super::Timestamp;

static DUTCH: LazyLock<Context> =
    LazyLock::new(|| Context::default().with_holidays(Country::NL.holidays()));

/// A parsed `opening_hours` expression, for example `Mo-Fr 09:00-17:00; PH off`.
#[derive(Clone, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Hours {
    text: Box<str>,
    parsed: OpeningHours,
}

/// The expression cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("hours cannot be read: {0}; write them like \"Mo-Fr 09:00-17:00; PH off\"")]
pub struct NotHours(pub String);

impl Hours {
    /// Reads an expression.
    ///
    /// # Errors
    /// [`NotHours`] with what the parser found, in one line.
    pub fn parse(text: &str) -> Result<Self, NotHours> {
        let parsed = text.parse::<OpeningHours>().map_err(|e| {
            NotHours(e.to_string().split_whitespace().collect::<Vec<_>>().join(" "))
        })?;
        Ok(Self { text: text.into(), parsed: parsed.with_context(DUTCH.clone()) })
    }

    /// Whether `now` falls inside.
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.parsed.is_open(now.wall_clock())
    }

    /// The first moment from `now` on that falls inside, within `ahead`; `None` if there is none.
    pub fn next_opening(&self, now: Timestamp, ahead: Duration) -> Option<Timestamp> {
        if self.is_open(now) {
            return Some(now);
        }
        let (from, until) = (now.wall_clock(), (now + ahead).wall_clock());
        self.parsed
            .iter_range(from, until)
            .find(|range| range.kind == opening_hours::RuleKind::Open && range.range.end > from)
            .map(|range| Timestamp::from_wall_clock(range.range.start.max(from)))
    }

    /// The expression as it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl PartialEq for Hours {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl fmt::Debug for Hours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hours({:?})", self.text)
    }
}

impl TryFrom<String> for Hours {
    type Error = NotHours;
    fn try_from(text: String) -> Result<Self, NotHours> {
        Self::parse(&text)
    }
}

impl From<Hours> for String {
    fn from(hours: Hours) -> String {
        hours.text.into()
    }
}
