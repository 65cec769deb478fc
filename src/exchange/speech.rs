//! From what a flow wants heard to what the provider is told to do.

use crate::domain::{Language, Line};
use crate::exchange::Recordings;
use crate::exchange::addresses::Addresses;
use crate::flow::Utterance;
use crate::twiml::Verb;

/// Speaks utterances in a line's voices.
pub(super) struct Speaker<'a> {
    pub(super) line: &'a Line,
    pub(super) addresses: &'a Addresses,
    pub(super) recordings: &'a Recordings,
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
                Utterance::Play { src, text, language } => match self.sound(src) {
                    Some(url) => verbs.push(Verb::Play { url }),
                    None => self.say(&mut verbs, text, *language),
                },
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

    /// The address of a sound: a name is one of the organisation's recordings, if it is there.
    fn sound(&self, src: &str) -> Option<String> {
        if src.starts_with("https://") || src.starts_with("http://") {
            return Some(src.to_owned());
        }
        self.recordings.find(src).map(|_| self.addresses.audio(src))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::time::Duration;

    use super::*;
    use crate::domain::{Hours, Numbering, Phone};

    fn line() -> Line {
        let number = Phone::parse("+31700002586", Numbering::NlFixtures).expect("a fixture");
        let always = Hours::parse("24/7").expect("hours");
        let minute = Duration::from_secs(60);
        Line {
            number,
            name: "Burenhulp".into(),
            area: Vec::new(),
            languages: vec![Language::Nl],
            services: Vec::new(),
            office_hours: always.clone(),
            ringing_hours: always,
            desk: Vec::new(),
            ring: minute,
            desk_ring: minute,
            voice: BTreeMap::new(),
            max_attempts: 8,
            search_budget: minute,
            offer_callback_after: minute,
            voice_note: false,
            rest_after_answer: minute,
            rest_after_ring: minute,
            ring_at_once: 1,
            background_budget: std::time::Duration::from_secs(24 * 3600),
            background_max_attempts: 25,
            coordinator_first: Vec::new(),
        }
    }

    #[test]
    fn a_recording_that_is_not_there_is_spoken_instead() {
        let flows = tempfile::tempdir().expect("a directory");
        std::fs::create_dir(flows.path().join("audio")).expect("made");
        std::fs::write(flows.path().join("audio/groet.wav"), b"x").expect("written");
        let speaker = Speaker {
            line: &line(),
            addresses: &Addresses::below("https://c.example.nl"),
            recordings: &Recordings::of(Some(flows.path())),
            can_pause: true,
        };
        let play = |src: &str| Utterance::Play {
            src: src.to_owned(),
            text: "Goedemorgen.".into(),
            language: Language::Nl,
        };
        let there = speaker.verbs(&[play("groet.wav")]);
        assert_eq!(
            there,
            [Verb::Play { url: "https://c.example.nl/voice/audio/groet.wav".into() }]
        );
        let missing = speaker.verbs(&[play("weg.wav")]);
        assert!(matches!(&missing[..], [Verb::Say { text, .. }] if text == "Goedemorgen."));
    }
}
