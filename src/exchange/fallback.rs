//! What a caller hears when all else fails: a kind sentence, and the desk.
//!
//! No database, no flow, no carrier: only the configuration and the clock, both in memory. The
//! default voice is used, since a wrong voice name may be what failed.

use crate::domain::{Language, Line};
use crate::exchange::{Exchange, Failure};
use crate::twiml::{self, Verb};

const SORRY_NL: &str = "Er gaat bij ons iets mis. Dat ligt niet aan u.";
const SORRY_EN: &str = "Something went wrong on our side. It is not you.";
const DESK_NL: &str = "Een ogenblik, wij verbinden u met een medewerker.";
const DESK_EN: &str = "One moment, we are connecting you to our staff.";
const LATER_NL: &str = "Belt u ons straks nog eens? Dank u wel voor uw geduld.";
const BYE_NL: &str = "U hoeft niets te doen. Tot een andere keer.";
const BYE_EN: &str = "There is nothing you need to do. Until another time.";
const LATER_EN: &str = "Please call us again a little later. Thank you for your patience.";

impl Exchange {
    /// The document of last resort for a call to the number `to`.
    ///
    /// Within the office hours of the configuration the line's first desk telephone is rung; at
    /// other times the caller is asked to call again. What the desk settled by hand stands in the
    /// database, which may be what failed. A number that is no line of ours is served as the first line.
    ///
    /// # Errors
    /// [`Failure::TooLong`] never in practice: the sentences are constants.
    pub fn fallback(&self, to: &str) -> Result<String, Failure> {
        let line = self.context.line(to).or_else(|| self.context.lines.first());
        let desk = line
            .filter(|line| line.office_hours.is_open(self.now()))
            .and_then(|line| line.desk.iter().find(|seat| self.context.may_dial_desk(seat)));
        let languages = line.map_or(&[Language::Nl][..], |line| &line.languages);
        let mut verbs = Vec::new();
        for language in languages {
            let (sorry, then) = match (language, desk.is_some()) {
                (Language::Nl, true) => (SORRY_NL, DESK_NL),
                (Language::Nl, false) => (SORRY_NL, LATER_NL),
                (Language::En, true) => (SORRY_EN, DESK_EN),
                (Language::En, false) => (SORRY_EN, LATER_EN),
            };
            verbs.push(say(sorry, *language));
            verbs.push(say(then, *language));
        }
        if let (Some(line), Some(seat)) = (line, desk) {
            verbs.push(self.ring_desk(line, seat));
            // Nobody there: not silence, but the way on.
            verbs.extend(languages.iter().map(|l| match l {
                Language::Nl => say(LATER_NL, *l),
                Language::En => say(LATER_EN, *l),
            }));
        }
        verbs.push(Verb::Hangup);
        Ok(twiml::document(&verbs)?)
    }

    /// For a rung neighbour whose screening cannot go on: words, and nobody is joined.
    ///
    /// # Errors
    /// As [`Exchange::fallback`].
    pub fn apology_to_rung(&self) -> Result<String, Failure> {
        let languages = self.context.lines.first().map_or(&[Language::Nl][..], |l| &l.languages);
        let mut verbs = Vec::new();
        for language in languages {
            let (sorry, bye) = match language {
                Language::Nl => (SORRY_NL, BYE_NL),
                Language::En => (SORRY_EN, BYE_EN),
            };
            verbs.push(say(sorry, *language));
            verbs.push(say(bye, *language));
        }
        verbs.push(Verb::Hangup);
        Ok(twiml::document(&verbs)?)
    }

    fn ring_desk(&self, line: &Line, seat: &crate::domain::Phone) -> Verb {
        Verb::Dial {
            number: seat.clone(),
            caller_id: line.number.clone(),
            ring_seconds: 30,
            ring_surplus_seconds: self.context.capabilities.ring_surplus_seconds,
            time_limit: 3600,
            action: None,
            screening: None,
            status_callback: None,
        }
    }
}

fn say(text: &str, language: Language) -> Verb {
    Verb::Say { text: text.to_owned(), language: language.tag(), voice: None }
}
