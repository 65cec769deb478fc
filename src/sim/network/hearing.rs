//! What is heard: words, sounds and silence, each for its time.

use std::time::Duration;

use super::super::document::Prompt;
use super::super::leg::{Doing, LegId, Speech};
use super::super::log::What;
use super::super::speech;
use super::super::wav;
use super::super::wire::Response;
use super::{Event, Network};

/// How long a sound lasts whose length cannot be read.
const SOME_SOUND: Duration = Duration::from_secs(3);

impl Network {
    /// Begins with the next thing to hear; when there is none, keys are waited for, or the
    /// document goes on.
    pub(super) fn next_prompt(&mut self, id: LegId) {
        self.leg(id).speech = None;
        match self.leg(id).prompts.pop_front() {
            None if self.leg(id).asking.is_some() => self.listen(id),
            None => self.next_verb(id),
            Some(Prompt::Say { text, language }) => {
                let time = speech::time_to_say(&text);
                if time > Duration::ZERO {
                    self.answer(id);
                    self.note(id, What::Said { text: text.clone(), language });
                    self.leg(id).speech = Some(Speech { text, from: self.now, time });
                }
                self.hear_for(id, time);
                self.person_goes_on(id);
            }
            Some(Prompt::Pause(time)) => self.hear_for(id, time),
            Some(Prompt::Tones { time }) => {
                self.answer(id);
                self.hear_for(id, time);
            }
            Some(Prompt::Play { url }) => self.ask_for_sound(id, &url),
        }
    }

    /// A sound came and is played.
    pub(super) fn sound_arrived(&mut self, id: LegId, url: &str, response: &Response) {
        const PLAYED: [&str; 9] = [
            "audio/mpeg",
            "audio/wav",
            "audio/wave",
            "audio/x-wav",
            "audio/aiff",
            "audio/x-aiff",
            "audio/x-gsm",
            "audio/gsm",
            "audio/ulaw",
        ];
        let kind = response.content_type.as_deref().unwrap_or("").split(';').next();
        let kind = kind.unwrap_or("").trim().to_ascii_lowercase();
        if !PLAYED.contains(&kind.as_str()) {
            return self.fail(id, 12300, "what is to be played is not a sound", url.to_owned());
        }
        self.answer(id);
        self.note(id, What::Played { url: url.split(['?', '#']).next().unwrap_or("").to_owned() });
        self.hear_for(id, wav::length(&response.body).unwrap_or(SOME_SOUND));
    }

    /// What was being heard is at its end.
    pub(super) fn heard(&mut self, id: LegId) {
        self.next_prompt(id);
    }

    fn hear_for(&mut self, id: LegId, time: Duration) {
        self.leg(id).turn_to(Doing::Hearing);
        let epoch = self.leg(id).epoch;
        self.after(time, Event::Heard(id, epoch));
    }
}
