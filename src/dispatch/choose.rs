//! Who is asked next: one pure function from a list of facts to an order, with a reason for everybody.

use std::cmp::Ordering;

use crate::domain::{Conditions, DayPart, Language, ParticipantId, Timestamp};

mod admission;
mod passed_over;
mod reasons;
#[cfg(test)]
mod tests;
mod unasked;

pub use admission::{Admission, Certificate};
pub use passed_over::{PassedOver, assess};
pub use unasked::{Unasked, Why, last_quarter};

/// Upper edges of the distance bands in metres, after the band "same postcode".
///
/// A first round reaches 10 km; "try again" goes one band further.
pub const BANDS_M: [u32; 5] = [1_000, 2_000, 5_000, 10_000, 20_000];

/// What is known about one person at the moment of choosing.
#[derive(Debug, Clone, PartialEq)]
pub struct Facts {
    /// Who.
    pub participant: ParticipantId,
    /// Consent is on record and not withdrawn.
    pub consented: bool,
    /// The number was verified on their own telephone.
    pub verified: bool,
    /// They offer this service.
    pub offers: bool,
    /// They also go inside when they do this.
    pub goes_inside: bool,
    /// What is known of them that the service may ask for.
    pub admission: Admission,
    /// Their number passes the gate of numbers that may be rung (R12).
    pub number_fits: bool,
    /// They rest from taking part.
    pub pause: Option<Pause>,
    /// Their own hours include this minute.
    pub hours_open: bool,
    /// From the place of the request to theirs, metres; `None`: their postcode is not known.
    pub distance_m: Option<u32>,
    /// They live in the postcode of the request.
    pub same_postcode: bool,
    /// Nearest that they like to do this, metres.
    pub min_m: u32,
    /// Farthest that they like to do this, metres.
    pub max_m: u32,
    /// Languages they speak.
    pub languages: Vec<Language>,
    /// Rings that count, this local calendar day.
    pub asks_today: u32,
    /// Rings that count, this week from Monday.
    pub asks_this_week: u32,
    /// Most rings a day.
    pub max_per_day: u32,
    /// Most rings a week.
    pub max_per_week: u32,
    /// Rings in the last 28 days.
    pub asks_28_days: u32,
    /// Last ring of any kind.
    pub last_asked: Option<Timestamp>,
    /// Rest after an answer or a ring in vain lasts until then.
    pub rest_until: Option<Timestamp>,
    /// The two are not to be brought together.
    pub blocked: bool,
    /// They were rung for this request before.
    pub asked_for_this: bool,
    /// Their telephone is ringing for us, or in a call with us.
    pub in_a_call: bool,
    /// They are the caller.
    pub is_caller: bool,
    /// Both sides were happy with each other before ("klik").
    pub klik: bool,
    /// They offer this on the board, for the day that is asked for.
    pub offered: bool,
    /// Rings at this part of the day, ever counted.
    pub rings: u32,
    /// Of those, picked up.
    pub picked_up: u32,
    /// Rings in a row that nobody answered, up to now.
    pub unanswered: u32,
    /// A year went by without a word from them, and they have not said since whether they still
    /// take part.
    pub silent: bool,
    /// Times the question was answered, at any hour.
    pub answered: u32,
    /// Of those, yes.
    pub yeses: u32,
}

impl Facts {
    /// Somebody of whom nothing is known yet: to be filled in.
    pub fn of_nobody(participant: ParticipantId) -> Self {
        Self {
            participant,
            consented: false,
            verified: false,
            offers: false,
            goes_inside: false,
            admission: Admission::default(),
            number_fits: false,
            pause: None,
            hours_open: false,
            distance_m: None,
            same_postcode: false,
            min_m: 0,
            max_m: 0,
            languages: Vec::new(),
            asks_today: 0,
            asks_this_week: 0,
            max_per_day: 0,
            max_per_week: 0,
            asks_28_days: 0,
            last_asked: None,
            rest_until: None,
            blocked: false,
            asked_for_this: false,
            in_a_call: false,
            is_caller: false,
            klik: false,
            offered: false,
            rings: 0,
            picked_up: 0,
            unanswered: 0,
            silent: false,
            answered: 0,
            yeses: 0,
        }
    }
}

/// After so many unanswered rings in a row somebody rests until they are in touch.
pub const MOST_UNANSWERED: u32 = 5;

/// Why somebody takes no part now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pause {
    /// Until this moment.
    Until(Timestamp),
    /// Until they call to say so.
    UntilTheyCall,
    /// They asked to stop and hung up before confirming it.
    StopNotConfirmed,
}

/// What holds for everybody at the moment of choosing.
#[derive(Debug, Clone, PartialEq)]
pub struct Ask {
    /// The moment.
    pub now: Timestamp,
    /// Its part of the day.
    pub day_part: DayPart,
    /// The line's ringing hours include it.
    pub ringing_hours_open: bool,
    /// The language that the caller chose.
    pub language: Language,
    /// What the service asks of whoever does it.
    pub conditions: Conditions,
    /// Whoever helps is to go inside too.
    pub inside: bool,
    /// Farthest that this round reaches, metres.
    pub reach_m: u32,
    /// The line's mean share of rings picked up, 0 to 1.
    pub mean_pick_up: f64,
    /// The line's mean share of yes among answers, 0 to 1.
    pub mean_yes: f64,
    /// Seed for the last tie; the same seed gives the same order.
    pub seed: u64,
}

/// How near somebody is; whoever helped to both sides' pleasure before comes first of all, and then
/// whoever said beforehand that they like to do it that day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Band {
    /// Both sides were happy with each other before.
    Klik,
    /// They offer it on the board.
    Offered,
    /// The same postcode.
    SamePostcode,
    /// Within this many metres, one of [`BANDS_M`].
    Within(u32),
}

/// Farthest that a round reaches, in metres: 10 km at first, 20 km from the second round on.
pub fn reach_m(round: u32) -> u32 {
    let first = BANDS_M.len() - 2;
    let band = first + usize::try_from(round.saturating_sub(1)).unwrap_or(usize::MAX - first);
    BANDS_M[band.min(BANDS_M.len() - 1)]
}

/// Where somebody who may be rung stands among the others.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Standing {
    /// How near.
    pub band: Band,
    /// Likely to say yes now, and not asked much lately: from 0 up, larger first.
    pub score: f64,
    last_asked: Option<Timestamp>,
    tie: u64,
    participant: ParticipantId,
}

impl Standing {
    fn of(facts: &Facts, ask: &Ask) -> Self {
        Self {
            band: band(facts),
            score: score(facts, ask),
            last_asked: facts.last_asked,
            tie: mix(ask.seed ^ facts.participant.0.cast_unsigned()),
            participant: facts.participant,
        }
    }

    /// Whether this one is asked before `other`: a total order, whatever the figures are.
    fn before(&self, other: &Self) -> Ordering {
        (self.band.cmp(&other.band))
            .then_with(|| other.score.total_cmp(&self.score))
            // Never asked sorts before ever asked, and long ago before lately.
            .then_with(|| self.last_asked.cmp(&other.last_asked))
            .then_with(|| self.tie.cmp(&other.tie))
            .then_with(|| self.participant.cmp(&other.participant))
    }
}

fn band(facts: &Facts) -> Band {
    if facts.klik {
        return Band::Klik;
    }
    if facts.offered {
        return Band::Offered;
    }
    if facts.same_postcode {
        return Band::SamePostcode;
    }
    let distance = facts.distance_m.unwrap_or(u32::MAX);
    let edge = BANDS_M.into_iter().find(|edge| distance <= *edge);
    Band::Within(edge.unwrap_or(u32::MAX))
}

/// `pick_up x yes / (1 + asks in the last 28 days / 2)`, both shares shrunk towards the line's
/// mean as if it had been seen twice, so that one answer does not decide about anybody.
fn score(facts: &Facts, ask: &Ask) -> f64 {
    let pick_up = shrunk(facts.picked_up, facts.rings, ask.mean_pick_up);
    let yes = shrunk(facts.yeses, facts.answered, ask.mean_yes);
    pick_up * yes / (1.0 + f64::from(facts.asks_28_days) / 2.0)
}

fn shrunk(hits: u32, of: u32, mean: f64) -> f64 {
    (f64::from(hits) + 2.0 * mean) / (f64::from(of) + 2.0)
}

/// A number that looks random and is the same every time (the finaliser of SplitMix64).
fn mix(mut n: u64) -> u64 {
    n = (n ^ (n >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    n = (n ^ (n >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    n ^ (n >> 31)
}

/// Who is asked next, if anybody may be. Linear, and without words: this is the hot path.
pub fn best(people: &[Facts], ask: &Ask) -> Option<ParticipantId> {
    people
        .iter()
        .filter_map(|facts| assess(facts, ask).ok())
        .min_by(Standing::before)
        .map(|first| first.participant)
}

/// Everybody, in the order of asking, and everybody else with the reason why not.
#[derive(Debug, Clone, PartialEq)]
pub struct Ranking {
    /// Who would be asked, first to last.
    pub order: Vec<Ranked>,
    /// Who is passed over, in the order of the facts.
    pub passed_over: Vec<(ParticipantId, PassedOver)>,
}

/// Somebody's place in the order, with what led to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Ranked {
    /// Who.
    pub participant: ParticipantId,
    /// Where they stand.
    pub standing: Standing,
    facts: Facts,
    day_part: DayPart,
    inside: bool,
}

/// Ranks everybody, with reasons; the first of `order` is who [`best`] gives.
pub fn rank(people: &[Facts], ask: &Ask) -> Ranking {
    let mut ranking = Ranking { order: Vec::new(), passed_over: Vec::new() };
    for facts in people {
        match assess(facts, ask) {
            Ok(standing) => ranking.order.push(Ranked {
                participant: facts.participant,
                standing,
                facts: facts.clone(),
                day_part: ask.day_part,
                inside: ask.inside,
            }),
            Err(why) => ranking.passed_over.push((facts.participant, why)),
        }
    }
    ranking.order.sort_by(|a, b| a.standing.before(&b.standing));
    ranking
}
