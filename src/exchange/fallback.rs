//! What a caller hears when all else fails: a kind sentence, and the desk; or a message is taken
//! (`last_message`), and kept if the database works by then.
//!
//! No database, no flow, no carrier: only the configuration and the clock, both in memory. The
//! default voice is used, since a wrong voice name may be what failed.

use crate::carrier::webhook::Webhook;
use crate::dispatch::Ending;
use crate::domain::{Language, Line, Phone};
use crate::exchange::{Exchange, Failure};
use crate::twiml::{self, Verb};

const SORRY_NL: &str = "Er gaat bij ons iets mis. Dat ligt niet aan u.";
const SORRY_EN: &str = "Something went wrong on our side. It is not you.";
const DESK_NL: &str = "Een ogenblik, wij verbinden u met een medewerker.";
const DESK_EN: &str = "One moment, we are connecting you to our staff.";
const LATER_NL: &str = "Belt u ons straks nog eens? Dank u wel voor uw geduld.";
const LATER_EN: &str = "Please call us again a little later. Thank you for your patience.";
const MESSAGE_NL: &str =
    "Spreek na de toon uw naam en uw telefoonnummer in. Dan bellen wij u terug.";
const MESSAGE_EN: &str =
    "After the tone, please say your name and your telephone number. We will call you back.";
const KEPT_NL: &str = "Dank u wel. Wij hebben uw bericht, en wij bellen u terug.";
const KEPT_EN: &str = "Thank you. We have your message, and we will call you back.";
const SPOKEN_NL: &str = "Dank u wel voor het bellen. Tot een andere keer.";
const SPOKEN_EN: &str = "Thank you for calling. Until another time.";
const BYE_NL: &str = "U hoeft niets te doen. Tot een andere keer.";
const BYE_EN: &str = "There is nothing you need to do. Until another time.";

/// Longest message, seconds.
const LONGEST_MESSAGE: u16 = 120;
/// Silence that ends it, seconds: people think of their number.
const MESSAGE_ENDS_AFTER: u8 = 5;

impl Exchange {
    /// The document of last resort for a call to the number `to`.
    ///
    /// Within the office hours of the configuration the line's first desk telephone is rung; at
    /// other times the caller is asked for a message (R10). What the desk settled by hand stands in
    /// the database, which may be what failed. A number that is no line of ours is served as the
    /// first line.
    ///
    /// # Errors
    /// [`Failure::TooLong`] never in practice: the sentences are constants.
    pub fn fallback(&self, to: &str) -> Result<String, Failure> {
        let line = self.line_or_first(to);
        let desk = line
            .filter(|line| line.office_hours.is_open(self.now()))
            .and_then(|line| Some((line, self.seat_of(line)?)));
        let mut verbs = self.in_each_language(to, SORRY_NL, SORRY_EN);
        match desk {
            Some((line, seat)) => {
                verbs.extend(self.in_each_language(to, DESK_NL, DESK_EN));
                verbs.push(self.ring_desk(line, seat));
            }
            None => verbs.extend(self.asks_for_message(to)),
        }
        verbs.push(Verb::Hangup);
        Ok(twiml::document(&verbs)?)
    }

    /// After the desk was rung from there: whoever spoke with it is done; who did not is asked for a
    /// message.
    ///
    /// # Errors
    /// As [`Exchange::fallback`].
    pub fn fallback_dialled(&self, to: &str, webhook: Option<&Webhook>) -> Result<String, Failure> {
        let ending = webhook.and_then(|webhook| webhook.dial.as_ref()).map(|dial| dial.ending);
        let mut verbs = match ending {
            Some(Ending::Completed { .. }) => self.in_each_language(to, SPOKEN_NL, SPOKEN_EN),
            _ => self.asks_for_message(to),
        };
        verbs.push(Verb::Hangup);
        Ok(twiml::document(&verbs)?)
    }

    /// What is said to a message that was kept.
    ///
    /// # Errors
    /// As [`Exchange::fallback`].
    pub(super) fn message_is_kept(&self, to: &str) -> Result<String, Failure> {
        let mut verbs = self.in_each_language(to, KEPT_NL, KEPT_EN);
        verbs.push(Verb::Hangup);
        Ok(twiml::document(&verbs)?)
    }

    /// The very last words, when a message was not left or could not be kept either.
    ///
    /// # Errors
    /// As [`Exchange::fallback`].
    pub fn call_later(&self, to: &str) -> Result<String, Failure> {
        let mut verbs = self.in_each_language(to, SORRY_NL, SORRY_EN);
        verbs.extend(self.in_each_language(to, LATER_NL, LATER_EN));
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
            let (sorry, bye) = language.pick((SORRY_NL, BYE_NL), (SORRY_EN, BYE_EN));
            verbs.push(say(sorry, *language));
            verbs.push(say(bye, *language));
        }
        verbs.push(Verb::Hangup);
        Ok(twiml::document(&verbs)?)
    }

    /// The line with this number, else the first one.
    pub(super) fn line_or_first(&self, to: &str) -> Option<&Line> {
        self.context.line(to).or_else(|| self.context.lines.first())
    }

    fn seat_of<'a>(&self, line: &'a Line) -> Option<&'a Phone> {
        line.desk.iter().find(|seat| self.context.may_dial_desk(seat))
    }

    fn in_each_language(&self, to: &str, nl: &str, en: &str) -> Vec<Verb> {
        let languages = self.line_or_first(to).map_or(&[Language::Nl][..], |line| &line.languages);
        let text = |language: &Language| say(language.pick(nl, en), *language);
        languages.iter().map(text).collect()
    }

    /// Whoever says nothing hears what is left to do.
    fn asks_for_message(&self, to: &str) -> Vec<Verb> {
        let addresses = &self.context.addresses;
        let mut verbs = self.in_each_language(to, MESSAGE_NL, MESSAGE_EN);
        verbs.push(Verb::Record {
            max_seconds: LONGEST_MESSAGE,
            final_silence: MESSAGE_ENDS_AFTER,
            beep: true,
            action: addresses.fallback_message(),
            status_callback: addresses.fallback_recorded(),
        });
        verbs.extend(self.in_each_language(to, LATER_NL, LATER_EN));
        verbs
    }

    fn ring_desk(&self, line: &Line, seat: &Phone) -> Verb {
        Verb::Dial {
            number: seat.clone(),
            caller_id: line.number.clone(),
            ring_seconds: 30,
            ring_surplus_seconds: self.context.capabilities.ring_surplus_seconds,
            time_limit: 3600,
            action: Some(self.context.addresses.fallback_dialled()),
            screening: None,
            status_callback: None,
        }
    }
}

fn say(text: &str, language: Language) -> Verb {
    Verb::Say { text: text.to_owned(), language: language.tag(), voice: None }
}
