//! From what a flow wants heard to what the provider is told to do.

use crate::domain::{Language, Line};
use crate::exchange::addresses::Addresses;
use crate::flow::Utterance;
use crate::twiml::Verb;

/// Speaks utterances in a line's voices.
pub(super) struct Speaker<'a> {
    pub(super) line: &'a Line,
    pub(super) addresses: &'a Addresses,
    /// Whether the provider knows how to be silent.
    pub(super) can_pause: bool,
}

impl Speaker<'_> {
    /// The verbs that make `spoken` heard, in order.
    pub(super) fn verbs(&self, spoken: &[Utterance]) -> Vec<Verb> {
        let mut verbs = Vec::with_capacity(spoken.len());
        for utterance in spoken {
            match utterance {
                Utterance::Say { text, language } => self.say(&mut verbs, text, *language),
                Utterance::Play { src, .. } => verbs.push(Verb::Play { url: self.sound(src) }),
                // A pause breaks a sentence; without one it is only said faster.
                Utterance::Pause { .. } if !self.can_pause => {}
                Utterance::Pause { ms } => {
                    verbs.push(Verb::Pause { seconds: ms.div_ceil(1000).max(1) });
                }
            }
        }
        verbs
    }

    /// Joins sentences that follow each other in one voice: fewer verbs, a calmer rhythm.
    fn say(&self, verbs: &mut Vec<Verb>, more: &str, language: Language) {
        let tag = language.tag();
        if let Some(Verb::Say { text, language, .. }) = verbs.last_mut()
            && *language == tag
        {
            text.push(' ');
            text.push_str(more);
            return;
        }
        verbs.push(Verb::Say {
            text: more.to_owned(),
            language: tag,
            voice: self.line.voice.get(&language).cloned(),
        });
    }

    /// A name is one of the organisation's recordings; an address is used as it is.
    fn sound(&self, src: &str) -> String {
        if src.starts_with("https://") || src.starts_with("http://") {
            src.to_owned()
        } else {
            self.addresses.audio(src)
        }
    }
}
