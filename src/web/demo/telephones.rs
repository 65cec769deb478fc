//! The telephones as the page shows them.

use askama::Template;

use crate::domain::Language;
use crate::sim::leg::{LegId, Status};
use crate::sim::log::{By, Key};
use crate::sim::stage::{Handset, Heard, Sound, State};
use crate::web::demo::cast::Cast;
use crate::web::demo::scene::Scene;
use crate::web::demo::words::Words;

/// The display and the captions of the caller's telephone.
#[derive(Template)]
#[template(path = "demo/templates/caller.html")]
pub(super) struct CallerPart<'a> {
    words: &'a Words,
    /// None before the first call.
    telephone: Option<Telephone>,
}

/// The telephones that are rung.
#[derive(Template)]
#[template(path = "demo/templates/neighbours.html")]
pub(super) struct NeighboursPart<'a> {
    words: &'a Words,
    habits: bool,
    telephones: Vec<Telephone>,
}

/// One telephone.
struct Telephone {
    leg: u32,
    name: String,
    place: String,
    is_desk: bool,
    /// A class of the style sheet, never the only sign of the state.
    class: &'static str,
    state: &'static str,
    rings: bool,
    /// Nobody answers it but whoever is at the page.
    by_hand: bool,
    may_press: bool,
    off_hook: bool,
    recording: bool,
    lines: Vec<Line>,
}

/// One line of the captions.
struct Line {
    class: &'static str,
    text: String,
    /// The language of the words, where it may differ from the page's.
    lang: Option<&'static str>,
    /// To be read aloud.
    spoken: bool,
    cut_short: bool,
}

impl<'a> CallerPart<'a> {
    pub(super) fn of(scene: &Scene, cast: &Cast, language: Language) -> Self {
        let caller = scene.controls.caller.and_then(|leg| scene.stage.handset(leg));
        let telephone = caller.map(|handset| Telephone::of(handset, cast, language));
        Self { words: Words::of(language), telephone }
    }
}

impl<'a> NeighboursPart<'a> {
    pub(super) fn of(scene: &Scene, cast: &Cast, language: Language) -> Self {
        let rung = scene.stage.handsets().filter(|handset| !handset.dialled);
        let telephone = |handset: &Handset| Telephone {
            by_hand: !scene.controls.habits || scene.controls.let_ring == Some(handset.leg),
            ..Telephone::of(handset, cast, language)
        };
        let mut telephones: Vec<_> = rung.map(telephone).collect();
        // The one that rings now stands on top.
        telephones.reverse();
        Self { words: Words::of(language), habits: scene.controls.habits, telephones }
    }
}

impl Telephone {
    fn of(handset: &Handset, cast: &Cast, language: Language) -> Self {
        let person = handset.number.as_ref().and_then(|number| cast.person(number.as_str()));
        let words = Words::of(language);
        let LegId(leg) = handset.leg;
        let (class, state) = match handset.dialled {
            true => callers_state(handset.state, language),
            false => rung_state(handset, language),
        };
        Self {
            leg,
            name: person.map_or_else(|| words.somebody.to_owned(), |p| p.name.clone()),
            place: person.and_then(|p| p.postcode).map(|pc| cast.place(pc)).unwrap_or_default(),
            is_desk: person.is_some_and(|p| p.postcode.is_none()),
            class,
            state,
            rings: handset.state == State::Ringing,
            by_hand: true,
            may_press: matches!(handset.state, State::Waiting | State::Hearing | State::Listening),
            off_hook: handset.state.is_live()
                && !matches!(handset.state, State::Dialling | State::Ringing),
            recording: handset.state == State::Recording,
            lines: handset.heard.iter().map(|heard| Line::of(heard, language)).collect(),
        }
    }
}

impl Line {
    fn of(heard: &Heard, page: Language) -> Self {
        let plain = |class, text| Self { class, text, lang: None, spoken: false, cut_short: false };
        match (&heard.what, page) {
            (Sound::Words { text, language, cut_short }, _) => Self {
                class: "said",
                text: text.clone(),
                lang: language.map(Language::code),
                spoken: true,
                cut_short: *cut_short,
            },
            (Sound::Played, Language::Nl) => plain("sound", "Er klinkt een opname.".into()),
            (Sound::Played, Language::En) => plain("sound", "A recording is played.".into()),
            (Sound::Tone, Language::Nl) => plain("sound", "Piep. Spreek nu in.".into()),
            (Sound::Tone, Language::En) => plain("sound", "Beep. Speak now.".into()),
            (Sound::Recorded(n), Language::Nl) => plain("sound", format!("Opgenomen: {n} s.")),
            (Sound::Recorded(n), Language::En) => plain("sound", format!("Recorded: {n} s.")),
            (Sound::Pressed(Key(key)), Language::Nl) => plain("key", format!("Toets {key}")),
            (Sound::Pressed(Key(key)), Language::En) => plain("key", format!("Key {key}")),
            (Sound::Joined, Language::Nl) => plain("joined", "U bent verbonden.".into()),
            (Sound::Joined, Language::En) => plain("joined", "You are connected.".into()),
        }
    }
}

/// Class and words for the telephone of whoever calls.
fn callers_state(state: State, language: Language) -> (&'static str, &'static str) {
    let [nl, en, class] = match state {
        State::Dialling => ["U belt.", "You are calling.", "waiting"],
        State::Ringing | State::Waiting => ["Een ogenblik.", "One moment.", "waiting"],
        State::Hearing => ["U hoort de centrale.", "You hear the exchange.", "hearing"],
        State::Listening => ["Maak nu uw keuze.", "Choose now.", "listening"],
        State::Recording => ["Spreek nu in.", "Speak now.", "recording"],
        State::Talking => {
            ["U bent verbonden. Praat maar.", "You are connected. Go ahead.", "talking"]
        }
        State::Over { by: By::Person, .. } => ["U hing op.", "You hung up.", "over"],
        State::Over { by: By::Exchange, .. } => {
            ["Het gesprek is klaar.", "The call is over.", "over"]
        }
        State::Over { .. } => ["De verbinding is weg.", "The line is gone.", "over"],
    };
    (class, language.pick(nl, en))
}

/// Class and words for a telephone that is rung.
fn rung_state(handset: &Handset, language: Language) -> (&'static str, &'static str) {
    let [nl, en, class] = match handset.state {
        State::Dialling => ["Wordt gezocht", "Being found", "waiting"],
        State::Ringing => ["Gaat over", "Rings", "ringing"],
        State::Waiting => ["Opgenomen", "Picked up", "hearing"],
        State::Hearing => ["Hoort de vraag", "Hears the question", "hearing"],
        State::Listening => ["Kan nu kiezen", "Can choose now", "listening"],
        State::Recording => ["Spreekt in", "Speaks", "recording"],
        State::Talking => ["Verbonden met de beller", "Connected with the caller", "talking"],
        State::Over { status: Status::Completed, .. } => ["Opgehangen", "Hung up", "over"],
        State::Over { status: Status::Busy, .. } => ["In gesprek", "Engaged", "over"],
        State::Over { status: Status::NoAnswer, .. } => ["Niet opgenomen", "Not answered", "over"],
        State::Over { status: Status::Canceled, .. } => {
            ["Rinkelen gestopt", "Stopped ringing", "over"]
        }
        State::Over { .. } => ["Niet bereikbaar", "Out of reach", "over"],
    };
    (class, language.pick(nl, en))
}
