//! What each telephone does and lets hear, folded from the log: for whoever watches telephones
//! rather than legs.
//!
//! Pure: entries in, telephones out. It knows no page and no words of its own.

use std::collections::BTreeMap;

use super::leg::{LegId, Status};
use super::log::{By, Key, LogEntry, What};
use super::number::Number;
use crate::domain::{Language, Timestamp};

/// Every telephone that is in use, and those of calls that have just ended.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Stage {
    handsets: BTreeMap<LegId, Handset>,
    entries: usize,
}

/// A telephone while it is part of a call.
#[derive(Debug, Clone, PartialEq)]
pub struct Handset {
    /// The leg.
    pub leg: LegId,
    /// Whose telephone; none when the number is withheld.
    pub number: Option<Number>,
    /// Whether somebody dialled from it; else it is rung.
    pub dialled: bool,
    /// What it does.
    pub state: State,
    /// Since when it does that.
    pub since: Timestamp,
    /// Everything that was heard or done at it, in order.
    pub heard: Vec<Heard>,
}

/// What a telephone does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// The network is looking for the other side.
    Dialling,
    /// It rings.
    Ringing,
    /// Off the hook, and nothing is heard.
    Waiting,
    /// Words or sounds are heard.
    Hearing,
    /// A question was asked; keys are waited for.
    Listening,
    /// What is said is recorded.
    Recording,
    /// Somebody is on the line.
    Talking,
    /// Over.
    Over {
        /// How it ended.
        status: Status,
        /// Who ended it.
        by: By,
    },
}

/// One thing that was heard or done at a telephone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heard {
    /// When it began.
    pub at: Timestamp,
    /// What.
    pub what: Sound,
}

/// What can be heard or done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sound {
    /// Words, and whether a key cut them short.
    Words {
        /// The words.
        text: String,
        /// In which language, as far as the document says so.
        language: Option<Language>,
        /// A key was pressed into them.
        cut_short: bool,
    },
    /// A sound that was played.
    Played,
    /// The tone of a recording.
    Tone,
    /// A recording was made, in whole seconds.
    Recorded(u32),
    /// A key was pressed.
    Pressed(Key),
    /// The other side is on the line.
    Joined,
}

impl State {
    /// Whether the telephone is still part of a call.
    pub fn is_live(self) -> bool {
        !matches!(self, Self::Over { .. })
    }
}

impl Stage {
    /// How much of the log it has seen.
    pub fn entries(&self) -> usize {
        self.entries
    }

    /// One telephone.
    pub fn handset(&self, leg: LegId) -> Option<&Handset> {
        self.handsets.get(&leg)
    }

    /// All of them, in the order in which they came into it.
    pub fn handsets(&self) -> impl Iterator<Item = &Handset> {
        self.handsets.values()
    }

    /// Takes the next entries of the log.
    pub fn take(&mut self, entries: &[LogEntry]) {
        self.entries += entries.len();
        for entry in entries {
            self.take_one(entry);
        }
    }

    fn take_one(&mut self, entry: &LogEntry) {
        match &entry.what {
            What::Dialled { from, .. } => {
                // A new call begins; what is left of older ones is cleared away.
                self.handsets.retain(|_, handset| handset.state.is_live());
                self.begin(entry, from.number().cloned(), true);
            }
            What::Rung { number, parent, .. } => {
                self.begin(entry, Some(number.clone()), false);
                if let Some(parent) = parent {
                    self.turn(*parent, State::Waiting, entry.at);
                }
            }
            What::Rings => self.turn(entry.leg, State::Ringing, entry.at),
            What::Answered | What::DialEnded { .. } => {
                self.turn(entry.leg, State::Waiting, entry.at);
            }
            What::Said { text, language } => {
                self.turn(entry.leg, State::Hearing, entry.at);
                let (text, language) = (text.clone(), *language);
                self.hear(entry, Sound::Words { text, language, cut_short: false });
            }
            What::Played { .. } => {
                self.turn(entry.leg, State::Hearing, entry.at);
                self.hear(entry, Sound::Played);
            }
            What::CutShort => self.cut_short(entry.leg),
            What::Listening => self.turn(entry.leg, State::Listening, entry.at),
            What::Pressed(key) => self.hear(entry, Sound::Pressed(*key)),
            What::Tone => {
                self.turn(entry.leg, State::Recording, entry.at);
                self.hear(entry, Sound::Tone);
            }
            What::Recorded { seconds } => {
                self.turn(entry.leg, State::Waiting, entry.at);
                self.hear(entry, Sound::Recorded(*seconds));
            }
            What::Joined { with } => {
                for leg in [entry.leg, *with] {
                    self.turn(leg, State::Talking, entry.at);
                    self.hear(&LogEntry { leg, ..entry.clone() }, Sound::Joined);
                }
            }
            What::Ended { status, by } => {
                let over = State::Over { status: *status, by: *by };
                self.turn(entry.leg, over, entry.at);
            }
            What::Document { .. } | What::StillWaiting { .. } | What::Alarm { .. } => {}
        }
    }

    fn begin(&mut self, entry: &LogEntry, number: Option<Number>, dialled: bool) {
        let handset = Handset {
            leg: entry.leg,
            number,
            dialled,
            state: State::Dialling,
            since: entry.at,
            heard: Vec::new(),
        };
        self.handsets.insert(entry.leg, handset);
    }

    fn turn(&mut self, leg: LegId, state: State, at: Timestamp) {
        if let Some(handset) = self.handsets.get_mut(&leg).filter(|h| h.state.is_live()) {
            handset.state = state;
            handset.since = at;
        }
    }

    fn hear(&mut self, entry: &LogEntry, what: Sound) {
        if let Some(handset) = self.handsets.get_mut(&entry.leg) {
            handset.heard.push(Heard { at: entry.at, what });
        }
    }

    fn cut_short(&mut self, leg: LegId) {
        let Some(handset) = self.handsets.get_mut(&leg) else { return };
        let words = handset.heard.iter_mut().rev().find_map(|heard| match &mut heard.what {
            Sound::Words { cut_short, .. } => Some(cut_short),
            _ => None,
        });
        if let Some(cut_short) = words {
            *cut_short = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::number::CallerId;
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp(second * 1000)
    }

    fn entry(second: i64, leg: u32, what: What) -> LogEntry {
        LogEntry { at: at(second), leg: LegId(leg), what }
    }

    fn said(text: &str) -> What {
        What::Said { text: text.to_owned(), language: Some(Language::Nl) }
    }

    fn dialled() -> What {
        let from = CallerId::Withheld("anonymous".to_owned());
        What::Dialled { from, to: Number::new("+31700002586") }
    }

    fn rung(parent: u32) -> What {
        What::Rung {
            number: Number::new("+31700010001"),
            caller_id: "+31700002586".to_owned(),
            parent: Some(LegId(parent)),
            limit: std::time::Duration::from_secs(20),
        }
    }

    const OVER: What = What::Ended { status: Status::Completed, by: By::Person };

    #[test]
    fn a_call_is_seen_from_both_telephones() {
        let mut stage = Stage::default();
        stage.take(&[
            entry(0, 1, dialled()),
            entry(0, 1, What::Answered),
            entry(0, 1, said("Goedemorgen.")),
            entry(1, 1, What::Pressed(Key('4'))),
            entry(1, 1, What::CutShort),
            entry(2, 2, rung(1)),
            entry(3, 2, What::Rings),
        ]);
        let states = |stage: &Stage| stage.handsets().map(|h| h.state).collect::<Vec<_>>();
        assert_eq!(states(&stage), [State::Waiting, State::Ringing]);
        let first = &stage.handset(LegId(1)).unwrap().heard[0].what;
        assert!(matches!(first, Sound::Words { cut_short: true, .. }), "{first:?}");

        stage.take(&[entry(5, 2, What::Answered), entry(6, 1, What::Joined { with: LegId(2) })]);
        assert_eq!(states(&stage), [State::Talking, State::Talking]);
        assert_eq!(stage.handset(LegId(2)).unwrap().since, at(6));
        assert_eq!(stage.handset(LegId(2)).unwrap().heard.last().unwrap().what, Sound::Joined);
        stage.take(&[entry(9, 2, OVER)]);
        assert!(!stage.handset(LegId(2)).unwrap().state.is_live());
        assert_eq!(stage.entries(), 10);
    }

    #[test]
    fn what_is_over_is_cleared_away_when_somebody_dials_again() {
        let mut stage = Stage::default();
        stage.take(&[entry(0, 1, dialled()), entry(1, 2, rung(1)), entry(2, 1, OVER)]);
        // Late news of a telephone that is put down does not take it up again.
        stage.take(&[entry(3, 1, What::Listening)]);
        assert!(!stage.handset(LegId(1)).unwrap().state.is_live());
        stage.take(&[entry(4, 3, dialled())]);
        let left: Vec<u32> = stage.handsets().map(|h| h.leg.0).collect();
        assert_eq!(left, [2, 3], "the one that still rings stays");
    }
}
