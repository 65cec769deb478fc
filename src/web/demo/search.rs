//! The picture of a search: who is rung, why, and what came of it, with a bar for the time.

use std::time::Duration;

use askama::Template;

use crate::dispatch::Outcome;
use crate::domain::{Language, Timestamp};
use crate::sim::stage::{Sound, State};
use crate::store::{AttemptSeen, RequestKind, SearchSeen};
use crate::web::demo::cast::Cast;
use crate::web::demo::scene::Scene;
use crate::web::demo::words::Words;
use crate::web::marks::Mark;

/// Width of a bar's drawing, units; its whole width is [`Picture::seconds`].
const WIDTH: u64 = 1000;
/// The shortest time axis.
const SHORTEST: Duration = Duration::from_secs(60);

/// The searches of the caller's last call.
#[derive(Template)]
#[template(path = "demo/templates/search.html")]
pub(super) struct SearchPart<'a> {
    words: &'a Words,
    /// What the caller hears at this moment.
    hears: Option<String>,
    hears_lang: &'static str,
    pictures: Vec<Picture>,
}

/// One search.
struct Picture {
    id: i64,
    title: String,
    result: &'static str,
    result_class: &'static str,
    /// Length of the time axis.
    seconds: u64,
    rings: Vec<Ring>,
}

/// One ring.
struct Ring {
    id: i64,
    number: usize,
    name: String,
    place: String,
    reason: String,
    class: &'static str,
    sign: &'static str,
    word: &'static str,
    took: String,
    bars: Vec<Bar>,
}

/// A stretch of time, in units of [`WIDTH`].
struct Bar {
    class: &'static str,
    x: u64,
    width: u64,
}

impl<'a> SearchPart<'a> {
    pub(super) fn of(scene: &Scene, cast: &Cast, language: Language) -> Self {
        let (hears, spoken) = hears_now(scene);
        let picture = |seen| Picture::of(seen, scene.now, cast, language);
        Self {
            words: Words::of(language),
            hears,
            hears_lang: spoken.unwrap_or(language).code(),
            pictures: scene.searches.iter().map(picture).collect(),
        }
    }
}

/// The words that the caller hears at this moment, if any, and their language.
fn hears_now(scene: &Scene) -> (Option<String>, Option<Language>) {
    let caller = scene.controls.caller.and_then(|leg| scene.stage.handset(leg));
    let words = caller.filter(|h| h.state == State::Hearing).and_then(|h| h.heard.last());
    match words.map(|heard| &heard.what) {
        Some(Sound::Words { text, language, .. }) => (Some(text.clone()), *language),
        _ => (None, None),
    }
}

impl Picture {
    fn of(seen: &SearchSeen, now: Timestamp, cast: &Cast, language: Language) -> Self {
        let end = seen.attempts.iter().map(|a| a.ended_at.unwrap_or(now)).max().unwrap_or(now);
        let seconds = axis(end.since(seen.opened_at));
        let (result_class, result) = result(seen, language);
        let rings = seen.attempts.iter().enumerate();
        Self {
            id: seen.request.0,
            title: title(seen, cast, language),
            result,
            result_class,
            seconds,
            rings: rings
                .map(|(at, attempt)| Ring::of(at + 1, attempt, seen, seconds, now, cast, language))
                .collect(),
        }
    }
}

/// The shortest of a minute, two, four, eight ... that holds this.
fn axis(time: Duration) -> u64 {
    let mut seconds = SHORTEST.as_secs();
    while seconds < time.as_secs() {
        seconds *= 2;
    }
    seconds
}

fn title(seen: &SearchSeen, cast: &Cast, language: Language) -> String {
    let service = seen.service.as_ref().map(|id| cast.service(id, language));
    let place = seen.postcode.map(|postcode| format!("{postcode} {}", cast.place(postcode)));
    match (seen.kind, service, place, language) {
        (RequestKind::Neighbour, Some(service), Some(place), Language::Nl) => {
            format!("Vraag: {service}, in {}", place.trim_end())
        }
        (RequestKind::Neighbour, Some(service), Some(place), Language::En) => {
            format!("Request: {service}, in {}", place.trim_end())
        }
        (RequestKind::Neighbour, .., Language::Nl) => "Vraag aan een buur".to_owned(),
        (RequestKind::Neighbour, .., Language::En) => "A request to a neighbour".to_owned(),
        (RequestKind::Desk, .., Language::Nl) => "Vraag aan het loket".to_owned(),
        (RequestKind::Desk, .., Language::En) => "A request to the desk".to_owned(),
    }
}

/// Class and words for how a search stands.
fn result(seen: &SearchSeen, language: Language) -> (&'static str, &'static str) {
    let desk = seen.kind == RequestKind::Desk;
    let accepted = seen.attempts.iter().any(|attempt| attempt.accepted_at.is_some());
    let [nl, en, class] = match (seen.outcome.or(accepted.then_some(Outcome::Connected)), desk) {
        (None, _) if seen.called_back => {
            ["De centrale zoekt verder en belt terug.", "It searches on, and calls back.", "busy"]
        }
        (None, _) => ["De centrale zoekt.", "The exchange is searching.", "busy"],
        (Some(Outcome::Connected), false) => {
            ["Gevonden: een buur zei ja.", "Found: a neighbour said yes.", "yes"]
        }
        (Some(Outcome::Connected), true) => ["Het loket nam aan.", "The desk took it.", "yes"],
        (Some(Outcome::Nobody), false) => {
            ["Er is niemand meer die nu kan.", "Nobody is left who can now.", "none"]
        }
        (Some(Outcome::Nobody), true) => ["Het loket nam niet op.", "The desk is away.", "none"],
        (Some(Outcome::UsedUp), _) => ["De zoektijd is om.", "The search took too long.", "none"],
        (Some(Outcome::CallerLeft), _) => ["De beller hing op.", "The caller hung up.", "none"],
        (Some(Outcome::Stopped), _) => {
            ["De beller koos iets anders.", "The caller chose something else.", "none"]
        }
        (Some(Outcome::Desk), _) => ["Het loket nam het over.", "The desk took over.", "none"],
        (Some(Outcome::NotNeeded), _) => {
            ["De vraag is niet meer nodig.", "It is no longer needed.", "none"]
        }
        (Some(Outcome::NotReached), _) => {
            ["De beller nam niet op.", "The caller could not be reached.", "none"]
        }
    };
    (class, language.pick(nl, en))
}

impl Ring {
    fn of(
        number: usize,
        seen: &AttemptSeen,
        search: &SearchSeen,
        seconds: u64,
        now: Timestamp,
        cast: &Cast,
        language: Language,
    ) -> Self {
        let person = cast.person(seen.phone.e164());
        let Mark { class, sign, word } = Mark::of(seen, language);
        let postcode = person.and_then(|p| p.postcode);
        Self {
            id: seen.id.0,
            number,
            name: person
                .map_or_else(|| Words::of(language).somebody.to_owned(), |p| p.name.clone()),
            place: postcode.map(|postcode| cast.place(postcode)).unwrap_or_default(),
            reason: seen.reason(language).to_owned(),
            class,
            sign,
            word,
            took: took(seen, now, language),
            bars: bars(seen, search.opened_at, seconds, now),
        }
    }
}

/// Ringing, asked, talking: from when until when.
fn stretches(seen: &AttemptSeen, now: Timestamp) -> [Option<(Timestamp, Timestamp)>; 3] {
    let end = seen.ended_at.unwrap_or(now);
    let picked_up = seen.picked_up_at.unwrap_or(end).min(end);
    let accepted = seen.accepted_at.unwrap_or(end).min(end);
    [
        Some((seen.reserved_at, picked_up)),
        seen.picked_up_at.map(|_| (picked_up, accepted)),
        seen.accepted_at.map(|_| (accepted, end)),
    ]
}

fn bars(seen: &AttemptSeen, opened_at: Timestamp, seconds: u64, now: Timestamp) -> Vec<Bar> {
    let units = |at: Timestamp| {
        let millis = u64::try_from(at.since(opened_at).as_millis()).unwrap_or(u64::MAX);
        (millis.saturating_mul(WIDTH) / (seconds * 1000)).min(WIDTH)
    };
    let classes = ["bar-rings", "bar-asked", "bar-talks"];
    let stretches = stretches(seen, now).into_iter().zip(classes);
    stretches
        .filter_map(|(stretch, class)| stretch.map(|(from, to)| (units(from), units(to), class)))
        .map(|(from, to, class)| Bar { class, x: from, width: to.saturating_sub(from) })
        .collect()
}

fn took(seen: &AttemptSeen, now: Timestamp, language: Language) -> String {
    if !seen.dialled && seen.result.is_none() {
        return String::new();
    }
    let words = match language {
        Language::Nl => ["s bellen", "s vraag", "s gesprek"],
        Language::En => ["s ringing", "s question", "s talk"],
    };
    let parts = stretches(seen, now).into_iter().zip(words);
    let parts: Vec<_> = parts
        .filter_map(|(stretch, word)| stretch.map(|(from, to)| (to.since(from).as_secs(), word)))
        .map(|(seconds, word)| format!("{seconds} {word}"))
        .collect();
    parts.join(", ")
}

#[cfg(test)]
mod tests {
    use super::axis;
    use std::time::Duration;

    #[test]
    fn the_time_axis_grows_by_doubling() {
        let axes = [0, 60, 61, 120, 500].map(|s| axis(Duration::from_secs(s)));
        assert_eq!(axes, [60, 60, 120, 120, 960]);
    }
}
