//! Words of the questions on the web.

use super::{Wrong, pick};
use crate::domain::{Language, Line, Timestamp};
use crate::exchange::Received;
use crate::web::{App, say};

/// For when something is wanted.
pub(super) fn when(now: Timestamp, wanted_at: Option<Timestamp>, language: Language) -> String {
    match wanted_at {
        Some(at) => say::when(now, at, language),
        None => pick(language, "zo snel mogelijk", "as soon as possible").to_owned(),
    }
}

/// From when this line rings people, if it does not now.
pub(super) fn not_now(app: &App, line: &Line, language: Language) -> Option<String> {
    let (now, from) = (app.exchange.now(), app.exchange.rings_from(line));
    (from > now).then(|| say::when(now, from, language))
}

/// Sent too often in a row.
pub(super) fn too_often(language: Language) -> Wrong {
    let what = pick(
        language,
        "Dit ging wel erg snel achter elkaar. Wacht een paar minuten en probeer het dan nog eens, of bel ons.",
        "That was very often in a row. Wait a few minutes and try again, or ring us.",
    );
    Wrong { field: "telefoon", what: what.to_owned() }
}

/// Why a question was not taken in. Of a number it is not told more than that it is not rung now.
pub(super) fn refused(why: Received, line: &str, language: Language) -> Wrong {
    let what = match (why, language) {
        (Received::OneWaits, Language::Nl) => format!(
            "Voor dit nummer ligt er al een vraag die nog bevestigd moet worden. Neem op als wij bellen. Lukt dat niet, bel ons dan op {line}."
        ),
        (Received::OneWaits, Language::En) => format!(
            "There is a question with this number already, which is still to be confirmed. Pick up when we ring. If that does not work, ring us on {line}."
        ),
        (Received::NumberRefused, Language::Nl) => {
            format!(
                "Dit nummer kan de centrale niet bellen. Vul uw eigen nummer in, of bel ons op {line}."
            )
        }
        (Received::NumberRefused, Language::En) => {
            format!("The exchange cannot ring this number. Fill in your own, or ring us on {line}.")
        }
        (Received::LineBusy, Language::Nl) => {
            format!(
                "Vragen via de website lukt nu even niet. Bel ons op {line}, dan helpen wij u meteen."
            )
        }
        (Received::LineBusy, Language::En) => {
            format!(
                "Asking on the website does not work just now. Ring us on {line}, and we help at once."
            )
        }
        (_, Language::Nl) => format!(
            "Dit nummer bellen wij nu niet voor een vraag van de website. Bel ons zelf op {line}, dan helpen wij u meteen."
        ),
        (_, Language::En) => format!(
            "We do not ring this number now for a question of the website. Ring us yourself on {line}, and we help at once."
        ),
    };
    Wrong { field: "telefoon", what }
}
