//! A telephone somewhere, and who or what is behind it.

use std::time::Duration;

use rand::Rng;

use super::number::Number;
use super::script::{self, Act, seconds};
use super::town::Habits;
use crate::domain::Timestamp;

/// What happens when a telephone is rung.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ring {
    /// Picked up after so long, by a person or a machine.
    PicksUp(Duration),
    /// Nobody comes.
    RingsOut,
    /// Engaged.
    Busy,
    /// The network cannot reach it.
    Dead,
    /// Refused on the handset after so long; networks report that as engaged.
    Declines(Duration),
    /// Sent on to another number: another telephone, or one of the lines themselves.
    Forwards(Number),
}

/// One ring of a telephone, and what whoever picks it up then does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Behaviour {
    /// The ringing.
    pub ring: Ring,
    /// From the moment of picking up. When it is at its end, the telephone stays off the hook.
    pub script: Vec<Act>,
}

/// How long two neighbours talk when nothing else is said.
const TALK: Duration = Duration::from_secs(60);

impl Behaviour {
    /// A telephone that is never picked up.
    pub fn rings_out() -> Self {
        Self { ring: Ring::RingsOut, script: Vec::new() }
    }

    /// Picks up, hears the question to its end and presses a key; after a yes, talks a minute.
    pub fn answers(after: Duration, key: &str) -> Self {
        let mut script = Act::answer(key).to_vec();
        script.extend(script::conversation(TALK));
        Self { ring: Ring::PicksUp(after), script }
    }

    /// A machine that picks up, talks 8 s, records for `records` and hangs up.
    pub fn voicemail(after: Duration, records: Duration) -> Self {
        let script = vec![Act::Talk(Duration::from_secs(8)), Act::Wait(records), Act::HangUp];
        Self { ring: Ring::PicksUp(after), script }
    }

    /// Reads what a telephone does: clauses with commas between them, the ringing first.
    ///
    /// `picks up after 6`, `rings out`, `is busy`, `is dead`, `declines after 5`,
    /// `voicemail after 18` or `forwards to +31…`. Whoever picks up goes on as
    /// [`script::read_sentence`] says.
    ///
    /// After a `presses 1` that ends the script, the person talks for a minute once joined.
    ///
    /// # Errors
    /// One sentence that names the clause.
    pub fn read(text: &str) -> Result<Self, String> {
        let mut clauses = script::clauses(text).into_iter();
        let first = clauses.next().unwrap_or_default();
        let after = |rest: &str| seconds(rest.trim());
        let ring = if let Some(rest) = first.strip_prefix("picks up after ") {
            Ring::PicksUp(after(rest)?)
        } else if let Some(rest) = first.strip_prefix("declines after ") {
            Ring::Declines(after(rest)?)
        } else if let Some(rest) = first.strip_prefix("voicemail after ") {
            return match clauses.next() {
                None => Ok(Self::voicemail(after(rest)?, Duration::from_secs(60))),
                Some(more) => Err(format!("a voicemail box does nothing else, not {more:?}")),
            };
        } else if let Some(rest) = first.strip_prefix("forwards to ") {
            Ring::Forwards(Number::new(rest.trim()))
        } else {
            match first.as_str() {
                "rings out" => Ring::RingsOut,
                "is busy" => Ring::Busy,
                "is dead" => Ring::Dead,
                _ => {
                    return Err(format!(
                        "{first:?} is no way to be rung; they are: picks up after N, rings out, \
                         is busy, is dead, declines after N, voicemail after N, forwards to NUMBER"
                    ));
                }
            }
        };
        let mut script = Vec::new();
        for clause in clauses {
            script.extend(script::read_clause(&clause)?);
        }
        if !script.is_empty() && !matches!(ring, Ring::PicksUp(_)) {
            return Err(format!("{first:?} is never picked up; nothing can follow it"));
        }
        if matches!(script.last(), Some(Act::Press(keys)) if keys == "1") {
            script.extend(script::conversation(TALK));
        }
        Ok(Self { ring, script })
    }
}

/// Who is behind a telephone.
#[derive(Debug, Clone, PartialEq)]
pub enum Behind {
    /// The first ring goes as the first says, and so on; the last one goes on being so.
    Scripted(Vec<Behaviour>),
    /// Somebody of the town, by habit.
    Habits(Habits),
    /// Somebody at the controls: it rings until told otherwise.
    Hand,
}

/// A telephone and how often it was rung.
#[derive(Debug)]
pub(super) struct Telephone {
    pub(super) behind: Behind,
    pub(super) rings: usize,
}

impl Telephone {
    /// What happens this time.
    pub(super) fn ring(&mut self, now: Timestamp, rng: &mut impl Rng) -> Behaviour {
        let nth = self.rings;
        self.rings += 1;
        match &self.behind {
            Behind::Scripted(rings) => rings
                .get(nth)
                .or(rings.last())
                .cloned()
                .unwrap_or(Behaviour { ring: Ring::Dead, script: Vec::new() }),
            Behind::Habits(habits) => habits.ring(now, rng),
            Behind::Hand => Behaviour::rings_out(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_says_what_a_telephone_does() {
        let reads = |text| Behaviour::read(text).unwrap();
        let six = Duration::from_secs(6);
        assert_eq!(reads("picks up after 6, presses 1"), Behaviour::answers(six, "1"));
        assert_eq!(reads("rings out"), Behaviour::rings_out());
        assert_eq!(
            reads(
                "picks up after 6, presses 4, presses 2 after 'pauze, of niet', hangs up after 3"
            )
            .script,
            [
                Act::Question,
                Act::Press("4".into()),
                Act::Hear("pauze, of niet".into()),
                Act::Press("2".into()),
                Act::Wait(Duration::from_secs(3)),
                Act::HangUp
            ]
        );
        assert_eq!(reads("picks up after 6, presses 1, talks 30").script.len(), 5);
        assert_eq!(reads("voicemail after 18").ring, Ring::PicksUp(Duration::from_secs(18)));
    }

    #[test]
    fn a_sentence_that_cannot_be_is_refused_with_the_clause() {
        for wrong in [
            "",
            "picks up",
            "rings out, presses 1",
            "picks up after 6, sings",
            "picks up after 6, presses 1 later",
            "voicemail after 3, presses 1",
        ] {
            assert!(Behaviour::read(wrong).is_err(), "{wrong}");
        }
    }
}
