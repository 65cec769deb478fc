//! Words of the questions on the web.

use super::Wrong;
use crate::domain::{Language, Line, Timestamp};
use crate::exchange::Received;
use crate::web::{App, say};

/// For when something is wanted.
pub(super) fn when(now: Timestamp, wanted_at: Option<Timestamp>, language: Language) -> String {
    match wanted_at {
        Some(at) => say::when(now, at, language),
        None => language.pick("zo snel mogelijk", "as soon as possible").to_owned(),
    }
}

/// From when this line rings people, if it does not now.
pub(super) fn not_now(app: &App, line: &Line, language: Language) -> Option<String> {
    let (now, from) = (app.exchange.now(), app.exchange.rings_from(line));
    (from > now).then(|| say::when(now, from, language))
}

/// Sent too often in a row.
pub(super) fn too_often(language: Language) -> Wrong {
    let what = language.pick("Dit ging wel erg snel achter elkaar. Probeer het over een uur nog eens, of bel ons: dan helpen wij u meteen.",
        "That was very often in a row. Try again in an hour, or ring us, and we help at once.",
    );
    Wrong { field: "telefoon", what: what.to_owned() }
}

/// Why a question was not taken in. Of a number nothing is told but what anybody can read in it.
pub(super) fn refused(why: Received, line: &str, language: Language) -> Wrong {
    let what = match (why, language) {
        (Received::NumberRefused, Language::Nl) => {
            format!(
                "Dit nummer kan de centrale niet bellen. Vul uw eigen nummer in, of bel ons op {line}."
            )
        }
        (Received::NumberRefused, Language::En) => {
            format!("The exchange cannot ring this number. Fill in your own, or ring us on {line}.")
        }
        (_, Language::Nl) => {
            format!(
                "Vragen via de website lukt nu even niet. Bel ons op {line}, dan helpen wij u meteen."
            )
        }
        (_, Language::En) => {
            format!(
                "Asking on the website does not work just now. Ring us on {line}, and we help at once."
            )
        }
    };
    Wrong { field: "telefoon", what }
}
