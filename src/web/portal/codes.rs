//! Codes that the exchange speaks in a call: drawn here, kept by the store, spoken by the exchange.
//!
//! Whether a number is known, is in conversation or was left alone is never told: what the page says
//! is the same, and a code is kept in any case.

use axum_extra::extract::cookie::CookieJar;
use rand::TryRng;
use rand::rngs::SysRng;

use super::cookies;
use crate::domain::{Language, Line, ParticipantId, Phone, Postcode, SpokenCode, Timestamp};
use crate::exchange::{CodeCall, CodeWanted};
use crate::login::Token;
use crate::web::App;
use crate::web::fault::Fault;

/// For whom a code is, and where it is spoken. Without a telephone nobody is rung.
pub(super) struct Wanted {
    /// Whose code it is.
    pub(super) who: Option<ParticipantId>,
    /// The telephone that is rung; none for a number that nobody is rung on.
    pub(super) ring: Option<Phone>,
    /// The number that the code proves, besides who they are.
    pub(super) proves: Option<Phone>,
    /// Where they live, if they are known: their own line rings them.
    pub(super) at: Option<Postcode>,
}

/// What came of it.
pub(super) enum Spoken {
    /// If anybody is to be rung, they are in a moment. The browser keeps this.
    Comes(CookieJar),
    /// Nobody is rung at this hour (R13), whoever it is; again from then on.
    Closed(Option<Timestamp>),
}

/// Has a code spoken.
pub(super) async fn speak(app: &App, wanted: Wanted, language: Language) -> Result<Spoken, Fault> {
    let now = app.exchange.now();
    let Some(line) = line_for(&app.exchange.context().lines, wanted.at, now) else {
        return Ok(Spoken::Closed(opens_at(&app.exchange.context().lines, now)));
    };
    let no_random = || Fault::ours("this machine has no random source");
    let code = SpokenCode::of(SysRng.try_next_u32().map_err(|_| no_random())?);
    let browser = Token::new().ok_or_else(no_random)?;
    let Wanted { who, ring, proves, at: _ } = wanted;
    let wanted = CodeWanted { ring, code, language, browser: browser.hash(), who, proves };
    let came = app.exchange.speak_code(line, wanted).await?;
    // Which it was is for the technician; a stranger learns nothing from it.
    if came != CodeCall::NotAllowed {
        tracing::info!(?came, "portal.code_call");
    }
    Ok(Spoken::Comes(CookieJar::new().add(cookies::halfway(&app.portal, &browser))))
}

/// The line that rings: the one where they live, or else any that may ring now.
fn line_for(lines: &[Line], at: Option<Postcode>, now: Timestamp) -> Option<&Line> {
    let open = |line: &&Line| line.may_ring(now);
    let own = lines.iter().filter(open).find(|line| at.is_some_and(|at| line.area.contains(&at)));
    own.or_else(|| lines.iter().find(open))
}

/// When the first line rings again.
fn opens_at(lines: &[Line], now: Timestamp) -> Option<Timestamp> {
    let ahead = std::time::Duration::from_secs(14 * 24 * 3600);
    lines.iter().filter_map(|line| line.ringing_hours.next_opening(now, ahead)).min()
}
