//! One row of the board: its parts as pieces of a page, in both languages, the same for everybody.
//!
//! What differs between readers is only marked in them: the seconds that have gone by, and the key
//! of a form. [`served`] fills those in.

use askama::Template;

use super::state::{State, is_called_back, place_of, state};
use crate::domain::{AttemptId, CallId, Language, Phone, Postcode, RequestId, Timestamp};
use crate::exchange::{Heard, Words};
use crate::flow::Catalogue;
use crate::store::{Asker, BackgroundSeen, CallSeen, RequestKind, SearchSeen};
use crate::web::marks::Mark;

/// What stands around a moment whose distance from now is to be shown.
const MOMENT: char = '\u{1}';
/// What stands where the form's key belongs.
const KEY: char = '\u{2}';
/// Most of what was said that a row shows, characters.
const SHOWN: usize = 140;
/// So many keyed digits in a row are a telephone number, and are not shown.
const NUMBER: usize = 6;

/// What a row is about.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Item {
    /// Somebody on the telephone, and what they hear.
    Call(CallSeen, std::sync::Arc<Heard>),
    /// A search whose caller has hung up.
    Background(BackgroundSeen),
}

impl Item {
    /// The row's id in the page.
    pub(super) fn id(&self) -> String {
        match self {
            Self::Call(call, _) => format!("c{}", call.call),
            Self::Background(search) => format!("q{}", search.search.request),
        }
    }

    pub(super) fn line(&self) -> &Phone {
        match self {
            Self::Call(call, _) => &call.line,
            Self::Background(search) => &search.line,
        }
    }

    pub(super) fn asker(&self) -> &Asker {
        match self {
            Self::Call(call, _) => &call.asker,
            Self::Background(search) => &search.asker,
        }
    }

    /// Where it is asked for, as soon as that is known.
    pub(super) fn postcode(&self) -> Option<Postcode> {
        self.searches().iter().rev().find_map(|search| search.postcode)
    }

    /// What was asked, the first request first.
    pub(super) fn searches(&self) -> &[SearchSeen] {
        match self {
            Self::Call(call, _) => &call.searches,
            Self::Background(search) => std::slice::from_ref(&search.search),
        }
    }

    /// The request that orders of the desk go to.
    pub(super) fn open_request(&self) -> Option<&SearchSeen> {
        self.searches().iter().rev().find(|search| search.closed_at.is_none())
    }

    fn since(&self) -> Timestamp {
        match self {
            Self::Call(call, _) => call.since,
            Self::Background(search) => search.search.opened_at,
        }
    }

    fn ended_at(&self) -> Option<Timestamp> {
        match self {
            Self::Call(call, _) => call.ended_at,
            Self::Background(_) => None,
        }
    }
}

/// The parts of a row that change apart from each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Parts {
    /// Who, what, how it stands, and a mark for each ring.
    pub(super) head: String,
    /// Why each of them was rung.
    pub(super) why: String,
    /// What can be ordered; only for those who may.
    pub(super) acts: String,
}

impl Parts {
    /// Their names, as in the ids of their elements.
    pub(super) const NAMES: [&'static str; 3] = ["head", "why", "acts"];

    pub(super) fn each(&self) -> [&str; 3] {
        [&self.head, &self.why, &self.acts]
    }
}

/// What rows are written with.
#[derive(Clone, Copy)]
pub(super) struct Around<'a> {
    pub(super) lines: &'a [crate::domain::Line],
    pub(super) catalogue: &'a Catalogue,
    pub(super) language: Language,
}

impl Around<'_> {
    fn say<'a>(&self, nl: &'a str, en: &'a str) -> &'a str {
        self.language.pick(nl, en)
    }
}

#[derive(Template)]
#[template(path = "desk/templates/board/head.html")]
struct Head<'a> {
    around: Around<'a>,
    id: &'a str,
    who: String,
    /// The line, where there are several.
    line: Option<&'a str>,
    what: String,
    place: String,
    since: String,
    state: State,
    /// What was said last.
    said: Vec<Said<'a>>,
    rings: Vec<Ring>,
}

#[derive(Template)]
#[template(path = "desk/templates/board/why.html")]
struct Why<'a> {
    around: Around<'a>,
    rings: Vec<Ring>,
}

#[derive(Template)]
#[template(path = "desk/templates/board/acts.html")]
struct Acts<'a> {
    around: Around<'a>,
    id: &'a str,
    who: String,
    request: Option<RequestId>,
    /// The promise that the desk calls them back for.
    promise: Option<i64>,
    may: May,
    /// Stands for the key of the reader's forms.
    key: char,
}

#[derive(Template)]
#[template(path = "desk/templates/board/row.html")]
struct Whole<'a> {
    around: Around<'a>,
    id: &'a str,
    parts: &'a Parts,
    steers: bool,
}

/// A stretch of speech, clipped.
struct Said<'a> {
    text: String,
    lang: Option<&'a str>,
}

/// One ring.
#[derive(Clone)]
struct Ring {
    who: String,
    mark: Mark,
    took: String,
    reason: String,
}

/// What the desk can order now. Whether it still can when the order comes is settled there.
#[derive(Debug, Clone, Copy, Default)]
struct May {
    take_over: bool,
    /// This ring.
    skip: Option<AttemptId>,
    choose: bool,
    give_up: bool,
    say: bool,
    /// Somebody at the desk talks with them on this leg: what they ask can be entered, and searched
    /// for with them on this very line.
    enter: Option<CallId>,
}

/// The parts of a row.
pub(super) fn parts(item: &Item, around: Around<'_>) -> Result<Parts, askama::Error> {
    let id = item.id();
    let rings = rings(item, around.language);
    let request = item.open_request();
    let called_back = match item {
        Item::Call(call, _) if call.ended_at.is_none() && is_called_back(call) => Some(call),
        Item::Call(..) | Item::Background(_) => None,
    };
    let head = Head {
        around,
        id: &id,
        who: who(item.asker(), around.language),
        line: name_of_line(item.line(), around),
        what: what(item, around),
        place: place_of(item),
        since: between(item.since(), item.ended_at()),
        state: state(item, around.language),
        said: said(item),
        rings: rings.clone(),
    };
    let acts = Acts {
        around,
        id: &id,
        who: who(item.asker(), around.language),
        request: request.map(|search| search.request),
        promise: called_back.and_then(|call| call.called_back),
        may: match (called_back, request) {
            (Some(call), _) => May { enter: Some(call.call), ..May::default() },
            (None, request) => request.map(|search| may(item, search)).unwrap_or_default(),
        },
        key: KEY,
    };
    Ok(Parts { head: head.render()?, why: Why { around, rings }.render()?, acts: acts.render()? })
}

/// The row as a whole.
pub(super) fn whole(
    id: &str,
    parts: &Parts,
    steers: bool,
    around: Around<'_>,
) -> Result<String, askama::Error> {
    Whole { around, id, parts, steers }.render()
}

/// Fills in what differs between readers.
pub(super) fn served(html: &str, now: Timestamp, key: &str) -> String {
    let mut whole = String::with_capacity(html.len() + 64);
    for (at, piece) in html.split(MOMENT).enumerate() {
        match (at % 2, piece.parse::<i64>()) {
            (1, Ok(moment)) => whole.push_str(&clock(now.since(Timestamp(moment)).as_secs())),
            _ => whole.push_str(piece),
        }
    }
    if whole.contains(KEY) { whole.replace(KEY, key) } else { whole }
}

/// Seconds as on a stopwatch: `0:42`, `12:05`, `1:02:03`.
fn clock(seconds: u64) -> String {
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match hours {
        0 => format!("{minutes}:{seconds:02}"),
        _ => format!("{hours}:{minutes:02}:{seconds:02}"),
    }
}

/// A span as a piece of a page: the browser counts on by itself while it lasts.
pub(super) fn between(from: Timestamp, to: Option<Timestamp>) -> String {
    match to {
        Some(to) => format!("<span>{}</span>", clock(to.since(from).as_secs())),
        None => format!(r#"<span data-since="{0}">{MOMENT}{0}{MOMENT}</span>"#, from.0),
    }
}

/// How people say "Mrs" and "Mr" before a name.
const TITLES: [&str; 7] = ["Mevrouw", "Mevr.", "Mw.", "Meneer", "De heer", "Dhr.", "Familie"];

/// The first name of a participant; the rest of it is for the page about them. Who is known as
/// "Mevrouw Bos" only is called that.
pub(in crate::web::desk) fn first_name(name: &str) -> &str {
    let has_title = TITLES.iter().any(|title| name.starts_with(&format!("{title} ")));
    let first = if has_title { Some(name) } else { name.split_whitespace().next() };
    first.unwrap_or_default()
}

/// Who asks: a first name, or what there is instead.
pub(super) fn who(asker: &Asker, language: Language) -> String {
    let [nl, en] = match (first_name(&asker.name), asker.known, asker.withheld) {
        (name, _, _) if !name.is_empty() => return name.to_owned(),
        (_, true, _) => ["Een deelnemer", "A participant"],
        (_, _, true) => ["Onbekend, zonder nummer", "Unknown, no number"],
        _ => ["Onbekend", "Unknown"],
    };
    language.pick(nl, en).to_owned()
}

fn name_of_line<'a>(number: &Phone, around: Around<'a>) -> Option<&'a str> {
    let line = around.lines.iter().find(|line| line.number == *number);
    line.filter(|_| around.lines.len() > 1).map(|line| line.name.as_str())
}

/// For what, as far as that is known.
fn what(item: &Item, around: Around<'_>) -> String {
    let service = item.searches().iter().rev().find_map(|search| search.service.as_ref());
    let name = service.and_then(|id| around.catalogue.service(id));
    let desk = item.searches().last().is_some_and(|search| search.kind == RequestKind::Desk);
    match name {
        Some(service) => service.name(around.language).to_owned(),
        None if desk => around.say("voor het loket", "for the desk").to_owned(),
        None => around.say("nog geen vraag", "no request yet").to_owned(),
    }
}

fn rings(item: &Item, language: Language) -> Vec<Ring> {
    let mut rings = Vec::new();
    for search in item.searches() {
        for attempt in &search.attempts {
            let name = first_name(&attempt.name);
            let [nl, en] = match (attempt.participant, search.kind) {
                _ if !name.is_empty() => [name, name],
                (_, RequestKind::Desk) => ["loket", "desk"],
                _ => ["een deelnemer", "a participant"],
            };
            // What a live ring is doing it has done since the last thing that happened to it.
            let stage = attempt.accepted_at.or(attempt.picked_up_at).unwrap_or(attempt.reserved_at);
            let over = attempt.ended_at.is_some();
            let took = match over || attempt.result.is_some() {
                true => between(attempt.reserved_at, attempt.ended_at.or(Some(stage))),
                false => between(stage, None),
            };
            rings.push(Ring {
                who: language.pick(nl, en).to_owned(),
                mark: Mark::of(attempt, language),
                took,
                reason: attempt.reason(language).to_owned(),
            });
        }
    }
    rings
}

fn said(item: &Item) -> Vec<Said<'_>> {
    let Item::Call(call, heard) = item else { return Vec::new() };
    if call.ended_at.is_some() {
        return Vec::new();
    }
    clipped(&heard.words)
}

/// The last of what was said, as much of it as a row shows; long runs of digits are masked.
fn clipped(words: &[Words]) -> Vec<Said<'_>> {
    let mut room = SHOWN;
    let mut said = Vec::new();
    for stretch in words.iter().rev() {
        let text = without_numbers(stretch.text.trim());
        let long = text.chars().count();
        let text = match long <= room {
            true => text,
            false => {
                let kept: String = text.chars().skip(long - room).collect();
                // From a whole word on.
                let from = kept.find(' ').map_or(0, |at| at + 1);
                format!("… {}", &kept[from..])
            }
        };
        room = room.saturating_sub(long);
        said.push(Said { text, lang: stretch.language.map(Language::code) });
        if room == 0 {
            break;
        }
    }
    said.reverse();
    said
}

/// A number that was read back is for the caller, not for the screen.
fn without_numbers(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut run = String::new();
    let flush = |run: &mut String, kept: &mut String| {
        match run.chars().filter(char::is_ascii_digit).count() >= NUMBER {
            true => kept.push_str("•••• "),
            false => kept.push_str(run),
        }
        run.clear();
    };
    for character in text.chars() {
        let joins = matches!(character, ' ' | ',' | '.' | '-') && !run.is_empty();
        if character.is_ascii_digit() || joins {
            run.push(character);
        } else {
            flush(&mut run, &mut kept);
            kept.push(character);
        }
    }
    flush(&mut run, &mut kept);
    kept
}

fn may(item: &Item, search: &SearchSeen) -> May {
    let here = match item {
        Item::Call(call, _) if call.ended_at.is_none() => Some(call.call),
        Item::Call(..) | Item::Background(_) => None,
    };
    let on_the_line = here.is_some();
    let mut live = search.attempts.iter().filter(|attempt| attempt.ended_at.is_none());
    let desk = search.kind == RequestKind::Desk;
    let joined = live.clone().any(|a| a.accepted_at.is_some());
    // A yes stands.
    if joined {
        return May { enter: here.filter(|_| desk), ..May::default() };
    }
    May {
        take_over: on_the_line,
        skip: live.find(|attempt| attempt.result.is_none()).map(|attempt| attempt.id),
        // The desk's own telephones ring in their order.
        choose: !desk,
        give_up: !desk || on_the_line,
        say: on_the_line,
        enter: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Words {
        Words { text: text.to_owned(), language: Some(Language::Nl) }
    }

    #[test]
    fn seconds_and_keys_are_filled_in_as_a_row_is_served() {
        let html = format!("a {} b {KEY}", between(Timestamp(5_000), None));
        let now = Timestamp(5_000 + 3_723_000);
        let wanted = r#"a <span data-since="5000">1:02:03</span> b key"#;
        assert_eq!(served(&html, now, "key"), wanted);
        assert_eq!(served("plain", now, "key"), "plain");
        assert_eq!(between(Timestamp(0), Some(Timestamp(65_000))), "<span>1:05</span>");
    }

    #[test]
    fn r14_a_number_that_was_read_back_is_not_on_the_board_and_a_postcode_is() {
        for hidden in ["0 6, 0 1 0 0, 0 0 0 1. Klopt dat?", "Bel 0701234567 terug."] {
            let shown = without_numbers(hidden);
            assert!(shown.contains("••••") && !shown.contains(['1', '7']), "{shown}");
        }
        assert_eq!(
            without_numbers("2 5 8 4. Dat is hier. Toets 1."),
            "2 5 8 4. Dat is hier. Toets 1."
        );
    }

    #[test]
    fn the_end_of_a_long_speech_is_shown_from_a_whole_word_on() {
        let long = "woord ".repeat(60) + "tot slot.";
        let spoken = [words("Eerst dit."), words(&long)];
        let shown = clipped(&spoken);
        assert_eq!(shown.len(), 1);
        assert!(shown[0].text.starts_with("… woord ") && shown[0].text.ends_with("tot slot."));
        assert!(shown[0].text.chars().count() <= SHOWN + 2);
        let spoken = [words("Een."), words("Twee.")];
        let short = clipped(&spoken);
        assert_eq!(short.iter().map(|s| s.text.as_str()).collect::<Vec<_>>(), ["Een.", "Twee."]);
    }

    #[test]
    fn who_asks_is_a_first_name_or_what_there_is_instead() {
        let asker = |name: &str, known, withheld| Asker { name: name.into(), known, withheld };
        let nl = |asker| who(&asker, Language::Nl);
        assert_eq!(nl(asker("Ans de Boer", true, false)), "Ans");
        assert_eq!(nl(asker("", true, false)), "Een deelnemer");
        assert_eq!(nl(asker("", false, true)), "Onbekend, zonder nummer");
        assert_eq!(nl(asker("", false, false)), "Onbekend");
    }

    #[test]
    fn who_is_known_by_a_title_keeps_the_name_after_it() {
        assert_eq!(first_name("Mevrouw De Vries"), "Mevrouw De Vries");
        assert_eq!(first_name("Dhr. Bos"), "Dhr. Bos");
        assert_eq!(first_name("Ahmed Yilmaz"), "Ahmed");
        assert_eq!(first_name(""), "");
    }
}
