//! How a call or a search stands, in one word or two.

use super::row::Item;
use crate::dispatch::Outcome;
use crate::domain::Language;
use crate::exchange::Listening;
use crate::store::{AttemptSeen, CallSeen, RequestKind, SearchSeen};

/// How it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct State {
    pub(super) kind: Kind,
    /// In words.
    pub(super) word: &'static str,
}

/// Kinds of standing, as far as they are counted and coloured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Somebody chooses, listens or speaks in.
    Begins,
    /// Somebody waits while telephones are rung.
    Waits,
    /// Somebody waits for the desk.
    WaitsForDesk,
    /// Two people talk.
    Talks,
    /// Nobody waits; the exchange searches on.
    Background,
    /// It is over.
    Over,
}

impl Kind {
    /// The colour; a word always stands beside it.
    pub(super) fn class(self) -> &'static str {
        match self {
            Self::Begins | Self::Over => "",
            Self::Waits | Self::Background => "busy",
            Self::WaitsForDesk => "late",
            Self::Talks => "yes",
        }
    }
}

/// How this stands.
pub(super) fn state(item: &Item, language: Language) -> State {
    let (kind, [nl, en]) = match item {
        Item::Call(call, _) if call.ended_at.is_some() && is_called_back(call) => {
            (Kind::Over, ["klaar: sprak het loket", "over: spoke with the desk"])
        }
        Item::Call(call, _) if call.ended_at.is_some() => (Kind::Over, ending(item.searches())),
        Item::Call(call, heard) => match live(&call.searches) {
            Some((search, attempt)) => ringing(search, attempt),
            None if waits_for_desk(&call.searches) => {
                (Kind::WaitsForDesk, ["wacht op het loket", "waits for the desk"])
            }
            None if is_called_back(call) => {
                (Kind::Talks, ["praat met het loket", "talks with the desk"])
            }
            None => (Kind::Begins, listening(heard.doing)),
        },
        Item::Background(search) => match live(std::slice::from_ref(&search.search)) {
            Some((search, attempt)) if attempt.accepted_at.is_some() => ringing(search, attempt),
            Some(_) => {
                (Kind::Background, ["zoekt op de achtergrond", "searches in the background"])
            }
            None => (Kind::Background, ["zoekt straks verder", "searches on later"]),
        },
    };
    State { kind, word: language.pick(nl, en) }
}

/// Where it is asked for; empty as long as that is not known.
pub(super) fn place_of(item: &Item) -> String {
    let placed = item.searches().iter().rev().find(|search| search.postcode.is_some());
    let Some(search) = placed else { return String::new() };
    let postcode = search.postcode.map(|postcode| postcode.to_string()).unwrap_or_default();
    format!("{postcode} {}", search.place).trim_end().to_owned()
}

/// The last ring that is under way, and its search.
fn live(searches: &[SearchSeen]) -> Option<(&SearchSeen, &AttemptSeen)> {
    let mut attempts = searches.iter().flat_map(|s| s.attempts.iter().map(move |a| (s, a)));
    attempts.rfind(|(_, attempt)| attempt.ended_at.is_none())
}

/// Whether the desk called them, and nothing else has come of it yet.
pub(super) fn is_called_back(call: &CallSeen) -> bool {
    call.called_back.is_some() && call.searches.is_empty()
}

fn waits_for_desk(searches: &[SearchSeen]) -> bool {
    let open = |search: &SearchSeen| search.closed_at.is_none();
    searches.last().is_some_and(|search| search.kind == RequestKind::Desk && open(search))
}

fn ringing(search: &SearchSeen, attempt: &AttemptSeen) -> (Kind, [&'static str; 2]) {
    let desk = search.kind == RequestKind::Desk;
    match (attempt.accepted_at.is_some(), attempt.picked_up_at.is_some(), desk) {
        (true, _, false) => (Kind::Talks, ["praat met een buur", "talks with a neighbour"]),
        (true, _, true) => (Kind::Talks, ["praat met het loket", "talks with the desk"]),
        (_, _, true) => (Kind::WaitsForDesk, ["wacht op het loket", "waits for the desk"]),
        _ if attempt.result.is_some() => {
            (Kind::Waits, ["wacht: zo volgt iemand anders", "waits: somebody else is next"])
        }
        (_, true, _) => {
            (Kind::Waits, ["wacht: een buur hoort de vraag", "waits: a neighbour is asked"])
        }
        _ => (Kind::Waits, ["wacht: een buur wordt gebeld", "waits: a neighbour is rung"]),
    }
}

fn listening(doing: Listening) -> [&'static str; 2] {
    match doing {
        Listening::Choosing => ["kiest met de toetsen", "chooses with the keys"],
        Listening::Recording => ["spreekt iets in", "is leaving words"],
        Listening::Waiting => ["wacht", "waits"],
        Listening::PutThrough => ["is doorverbonden", "is put through"],
        Listening::Nothing => ["rondt af", "is finishing"],
    }
}

/// How a call ended, by its last search.
fn ending(searches: &[SearchSeen]) -> [&'static str; 2] {
    let desk = searches.last().is_some_and(|search| search.kind == RequestKind::Desk);
    match searches.last().map(|search| search.outcome) {
        None => ["klaar, zonder vraag", "over, without a request"],
        Some(Some(Outcome::Connected)) if desk => {
            ["klaar: sprak het loket", "over: spoke with the desk"]
        }
        Some(Some(Outcome::Connected)) => ["klaar: sprak een buur", "over: spoke with a neighbour"],
        Some(Some(Outcome::CallerLeft)) => ["klaar: hing zelf op", "over: hung up"],
        Some(Some(Outcome::Desk)) => ["klaar: loket nam over", "over: the desk took over"],
        Some(Some(Outcome::Nobody | Outcome::UsedUp)) => {
            ["klaar: niemand gevonden", "over: nobody was found"]
        }
        Some(Some(Outcome::NotNeeded)) => ["klaar: niet meer nodig", "over: no longer needed"],
        Some(Some(Outcome::NotReached)) => {
            ["klaar: beller nam niet op", "over: the caller did not answer"]
        }
        Some(Some(Outcome::Stopped)) => ["klaar: koos iets anders", "over: chose something else"],
        Some(None) => ["opgehangen; de zoektocht gaat door", "hung up; the search goes on"],
    }
}
