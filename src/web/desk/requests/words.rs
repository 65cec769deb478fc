//! A request in words: how it stands, who asked, what happened.

use super::super::say::{day, when};
use crate::dispatch::Outcome;
use crate::domain::{Language, Timestamp};
use crate::exchange::Fetched;
use crate::store::{AgreedHow, EventSeen, RequestSeen, SettledHow, Source, Stand};

type Both = [&'static str; 2];

pub(super) fn title(seen: &RequestSeen, language: Language) -> String {
    format!("{} {}", language.pick("Vraag", "Request"), seen.id)
}

pub(super) fn standing(standing: Stand, language: Language) -> &'static str {
    let words = match standing {
        Stand::Planned => ["gepland", "planned"],
        Stand::Searching => ["er wordt gezocht", "searching"],
        Stand::Promised => ["er is iets beloofd", "something is promised"],
        Stand::Over => ["zoektocht voorbij", "search over"],
        Stand::Settled => ["afgerond", "settled"],
    };
    language.one_of(words)
}

/// How it stands: a colour that never stands alone, and words.
pub(super) fn stands(
    seen: &RequestSeen,
    now: Timestamp,
    language: Language,
) -> (&'static str, String) {
    if let Some(ended) = &seen.settled {
        let how = settled(ended.how, language);
        let to = ended.referred_to.as_deref().map(|to| format!(": {to}"));
        return ("yes", format!("{how}{}", to.unwrap_or_default()));
    }
    let starts_at = seen.intake.as_ref().and_then(|intake| intake.starts_at);
    let word = standing(seen.standing, language);
    match (seen.standing, starts_at) {
        (Stand::Settled, _) => ("yes", language.pick("gelukt", "worked out").to_owned()),
        // Not for when it is, which stands beside it.
        (Stand::Planned, Some(at)) => {
            let looks_from = language.pick("zoeken vanaf", "search from");
            ("busy", format!("{word}: {looks_from} {}", when(now, at, language)))
        }
        // They are being brought together, or talk.
        (Stand::Searching, _) if seen.found => {
            ("busy", language.pick("er is iemand gevonden", "somebody was found").to_owned())
        }
        (Stand::Planned | Stand::Searching, _) => ("busy", word.to_owned()),
        (Stand::Promised, _) => ("busy", word.to_owned()),
        (Stand::Over, _) => over(seen, language),
    }
}

fn over(seen: &RequestSeen, language: Language) -> (&'static str, String) {
    let (class, words) = match (seen.worked_out, seen.outcome) {
        (Some(false), _) => {
            ("no", ["volgens de beller niet gelukt", "the caller says it did not work out"])
        }
        (_, Some(Outcome::Connected)) => ("yes", ["doorverbonden", "connected"]),
        (_, Some(Outcome::CallerLeft)) => ("", ["beller hing op", "the caller hung up"]),
        (_, Some(Outcome::Desk)) => ("", ["naar het loket", "to the desk"]),
        (_, Some(Outcome::Stopped)) => ("", ["gestopt", "stopped"]),
        (_, Some(_)) => ("no", ["niemand gevonden", "nobody found"]),
        (_, None) => ("", ["nog niet gezocht", "not searched yet"]),
    };
    (class, language.one_of(words).to_owned())
}

pub(super) fn settled(how: SettledHow, language: Language) -> &'static str {
    let words = match how {
        SettledHow::Done => ["gelukt", "done"],
        SettledHow::NotNeeded => ["niet meer nodig", "no longer needed"],
        SettledHow::Referred => ["doorverwezen", "referred"],
        SettledHow::CouldNot => ["niet gelukt", "could not be done"],
    };
    language.one_of(words)
}

pub(super) fn source(source: Source, language: Language) -> &'static str {
    let words = match source {
        Source::Phone => ["aan de telefoon", "on the telephone"],
        Source::Counter => ["aan de balie", "at the counter"],
        Source::Organisation => ["via een organisatie", "through an organisation"],
        Source::Web => ["op de website", "on the website"],
        Source::Board => ["op het prikbord", "on the board"],
    };
    language.one_of(words)
}

pub(super) fn agreed(how: AgreedHow, language: Language) -> &'static str {
    let words = match how {
        AgreedHow::Spoken => ["in een gesprek", "in a conversation"],
        AgreedHow::Phone => ["aan de telefoon", "on the telephone"],
        AgreedHow::Written => ["op papier", "in writing"],
    };
    language.one_of(words)
}

/// First name and masked number, as far as they are known.
pub(super) fn whom(seen: &RequestSeen, language: Language) -> String {
    let name = match (&seen.intake, &seen.participant) {
        (Some(intake), _) if !intake.name.is_empty() => intake.name.as_str(),
        (_, Some((_, name))) => name.as_str(),
        _ => "",
    };
    match (&seen.whom, name) {
        (Some(phone), "") => phone.to_string(),
        (Some(phone), name) => format!("{name}, {phone}"),
        (None, "") => language.pick("onbekend", "unknown").to_owned(),
        (None, name) => name.to_owned(),
    }
}

/// How it was entered and how it ended, name by name.
pub(super) fn facts(
    seen: &RequestSeen,
    now: Timestamp,
    language: Language,
) -> Vec<(&'static str, String)> {
    let mut facts = Vec::new();
    if let Some(intake) = &seen.intake {
        let entered = format!("{}, {}", source(intake.source, language), intake.by);
        facts.push((language.pick("Ingevoerd", "Entered"), entered));
        if let Some(wanted) = intake.wanted_at {
            facts.push((language.pick("Voor wanneer", "For when"), when(now, wanted, language)));
        }
        if let Some(agreement) = &intake.agreement {
            facts.push((
                language.pick("Organisatie", "Organisation"),
                agreement.organisation.clone(),
            ));
            let on = Timestamp::from_wall_clock(agreement.on.and_time(chrono::NaiveTime::MIN));
            let how = format!(
                "{} {}, {}, {}",
                language.pick("gezegd tegen", "told to"),
                agreement.to,
                day(now, on, language),
                agreed(agreement.how, language)
            );
            facts.push((language.pick("Akkoord", "Agreement"), how));
        }
    }
    if let Some(ended) = &seen.settled {
        let told = format!("{}, {}", ended.by, when(now, ended.at, language));
        facts.push((language.pick("Afgerond door", "Settled by"), told));
    }
    facts
}

/// What comes before the name of whoever is asked first.
pub(super) fn asked_first(language: Language) -> &'static str {
    language.pick("Vragen wij eerst", "Asked first")
}

/// What happened, apart from the rings, which have a table of their own.
pub(super) fn journal(
    events: &[EventSeen],
    now: Timestamp,
    language: Language,
) -> Vec<(String, String)> {
    let line = |event: &EventSeen| Some((when(now, event.at, language), said(&event.what)?));
    events
        .iter()
        .filter_map(line)
        .map(|(at, words)| (at, language.one_of(words).to_owned()))
        .collect()
}

/// The words for an event; none for how a ring turned out.
fn said(what: &str) -> Option<Both> {
    Some(match what {
        "desk_took_over" => ["het loket nam het gesprek over", "the desk took the call over"],
        "desk_wished" => {
            ["het loket koos wie als volgende gebeld wordt", "the desk chose who is rung next"]
        }
        "desk_skipped" => ["het loket sloeg iemand over", "the desk skipped somebody"],
        "desk_gave_up" => ["het loket stopte de zoektocht", "the desk ended the search"],
        "desk_said" => ["het loket liet een zin uitspreken", "the desk had a sentence spoken"],
        "joined_without_yes" => ["verbonden zonder ja", "joined without a yes"],
        _ => return None,
    })
}

/// How whoever asks comes to the line: what the desk is to do.
pub(super) fn comes_to_the_line(way: Fetched, language: Language) -> &'static str {
    match (way, language) {
        (Fetched::TakenBack, Language::Nl) => {
            "De persoon wacht nu aan de lijn, en de centrale zoekt. U kunt ophangen."
        }
        (Fetched::TakenBack, Language::En) => {
            "The person waits on the line now, and the exchange searches. You can hang up."
        }
        (Fetched::AtTheCounter, Language::Nl) => {
            "Uw toestel gaat over. Neem op, toets 1 en geef de hoorn door."
        }
        (Fetched::AtTheCounter, Language::En) => {
            "Your telephone rings. Pick up, press 1 and hand over the receiver."
        }
        (Fetched::Rung, Language::Nl) => {
            "Hang nu samen op. De centrale belt de persoon, die toets 1 indrukt en aan de lijn wacht."
        }
        (Fetched::Rung, Language::En) => {
            "Both hang up now. The exchange rings the person, who presses 1 and waits on the line."
        }
    }
}

/// Nobody knows which telephone stands with whoever is logged in.
pub(super) fn no_seat(language: Language) -> &'static str {
    match language {
        Language::Nl => {
            "Zeg eerst bij \"Uw toestel\" op de startpagina welke telefoon bij u staat."
        }
        Language::En => {
            "First say at \"Your telephone\" on the first page which one stands with you."
        }
    }
}
