//! `Record`: the tone, what is said, and how it ends.

use std::time::Duration;

use super::super::document::{Record, Target};
use super::super::leg::{Doing, LegId, Taping};
use super::super::log::What;
use super::super::wire::Kind;
use super::requests::{pair, rfc2822};
use super::{Event, Network, Tape};

const TONE: Duration = Duration::from_secs(1);
/// From the end of a recording until it can be fetched.
const READY_AFTER: Duration = Duration::from_secs(2);

impl Network {
    /// Begins to record, after the tone.
    pub(super) fn tape(&mut self, id: LegId, record: Record) {
        self.answer(id);
        let tone = if record.beep { TONE } else { Duration::ZERO };
        if record.beep {
            self.note(id, What::Tone);
        }
        let from = self.now + tone;
        let leg = self.leg(id);
        // Whoever is talking already is recorded from the end of the tone on.
        let spoken_until = leg.person.talks_until.map_or(from, |until| until.max(from));
        leg.taping = Some(Taping { record, from, spoken_until });
        leg.turn_to(Doing::Recording);
        self.set_tape_check(id);
        self.person_goes_on(id);
    }

    /// The person talks, for so long from now.
    pub(super) fn talks(&mut self, id: LegId, time: Duration) {
        let until = self.now + time;
        let leg = self.leg(id);
        leg.person.talks_until = Some(until);
        if let Some(taping) = &mut leg.taping {
            taping.spoken_until = taping.spoken_until.max(until);
            leg.turn_to(Doing::Recording);
            self.set_tape_check(id);
        }
    }

    /// The moment at which silence or the longest length ends it, whichever is first.
    fn set_tape_check(&mut self, id: LegId) {
        let leg = self.leg(id);
        let (epoch, taping) = (leg.epoch, leg.taping.clone());
        let Some(Taping { record, from, spoken_until }) = taping else { return };
        let longest = from + record.max;
        let silent = spoken_until + record.timeout;
        let at = if record.timeout.is_zero() { longest } else { longest.min(silent) };
        self.at(at, Event::TapeCheck(id, epoch));
    }

    pub(super) fn check_tape(&mut self, id: LegId) {
        self.stop_tape(id, "");
    }

    pub(super) fn key_while_taping(&mut self, id: LegId, key: char) {
        let ends = self.leg(id).taping.as_ref().is_some_and(|t| t.record.finish.contains(key));
        if ends {
            self.stop_tape(id, &key.to_string());
        }
    }

    /// Ends a recording; `digits` is the key, nothing, or the word `hangup`.
    ///
    /// After a hang-up the action is requested too, and told that the call is over.
    pub(super) fn stop_tape(&mut self, id: LegId, digits: &str) {
        let Some(Taping { record, from, spoken_until }) = self.leg(id).taping.take() else {
            return;
        };
        let end = self.now.min(from + record.max);
        let until = if record.trim { spoken_until.min(end) } else { end };
        let seconds = u32::try_from(until.since(from).as_millis().div_ceil(1000)).unwrap_or(0);
        let sid = self.new_sid("RE");
        let ready = self.now + READY_AFTER;
        self.recordings.insert(sid.clone(), Tape { leg: id, seconds, ready });
        self.note(id, What::Recorded { seconds });

        let account = &self.config.account;
        let base = self.config.api_base.trim_end_matches('/');
        let about = vec![
            pair("RecordingUrl", &format!("{base}/2010-04-01/Accounts/{account}/Recordings/{sid}")),
            pair("RecordingSid", &sid),
            pair("RecordingDuration", &seconds.to_string()),
        ];
        let Target { url, get } = self.action_or_self(id, record.action);
        let over = self.leg(id).is_over();
        let mut more = about.clone();
        more.push(pair("Digits", digits));
        if over {
            self.tell(id, &url, get, Kind::Record, more);
        } else {
            self.ask_for_document(id, &url, get, Kind::Record, more);
        }
        if let Some(Target { url, get }) = record.callback {
            let mut more = about;
            more.extend([
                pair("RecordingStatus", "completed"),
                pair("RecordingChannels", "1"),
                pair("RecordingStartTime", &rfc2822(from)),
                pair("RecordingSource", "RecordVerb"),
            ]);
            self.recording_is_ready(id, &url, get, more, READY_AFTER);
        }
    }
}
