//! Who is asked next: one pure function from a list of facts to an order, with a reason for everybody.

use crate::domain::{DayPart, Language, ParticipantId, Timestamp};

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
    /// They rest from taking part.
    pub pause: Option<Pause>,
    /// Their own hours include this minute.
    pub hours_open: bool,
    /// From the place of the request to theirs, metres; `None`: their postcode is not known.
    pub distance_m: Option<u32>,
    /// They live in the postcode of the request.
    pub same_postcode: bool,
    /// Nearest that they like to do something, metres.
    pub min_m: u32,
    /// Farthest that they like to do something, metres.
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
    /// Rings at this part of the day, ever counted.
    pub rings: u32,
    /// Of those, picked up.
    pub picked_up: u32,
    /// Times the question was answered, at any hour.
    pub answered: u32,
    /// Of those, yes.
    pub yeses: u32,
}

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
    /// Farthest that this round reaches, metres.
    pub reach_m: u32,
    /// The line's mean share of rings picked up, 0 to 1.
    pub mean_pick_up: f64,
    /// The line's mean share of yes among answers, 0 to 1.
    pub mean_yes: f64,
    /// Seed for the last tie; the same seed gives the same order.
    pub seed: u64,
}
