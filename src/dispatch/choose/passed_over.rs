//! The filters: who may be rung at this minute (R1, R3, R4, R13), and for everybody else why not.

use super::{Ask, Facts, MOST_UNANSWERED, Pause, Standing};
use crate::domain::{Language, Timestamp};

/// Why somebody is passed over now. For the desk and `explain`; callers never learn it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PassedOver {
    /// They are the caller (R4).
    IsCaller,
    /// No consent on record, or withdrawn (R1, R9).
    NotConsented,
    /// Not verified on their own telephone (R1).
    NotVerified,
    /// They do not offer this service.
    DoesNotOffer,
    /// They go as far as the door, and somebody inside is asked for.
    NotInside,
    /// The desk has not approved of them for this service.
    NotApproved,
    /// No certificate for this service was seen.
    NoCertificate,
    /// The certificate for this service ran out then.
    CertificateExpired(Timestamp),
    /// They are not known to be this old, in years.
    AgeNotKnown(u8),
    /// Their number is of a kind that is not rung (any more) (R12).
    NumberRefused,
    /// The two are not to be brought together.
    Blocked,
    /// They take a pause.
    Paused(Pause),
    /// Nobody answered so often in a row that they rest until they are in touch.
    NeverAnswers,
    /// A year went by without a word from them: they rest until they say that they still take part.
    Silent,
    /// Rung for this request before (R4).
    AskedBefore,
    /// Their postcode is not known.
    PostcodeUnknown,
    /// Farther than they like to go.
    TooFar,
    /// Nearer than they like.
    TooNear,
    /// Farther than this round reaches.
    BeyondReach,
    /// They do not speak the caller's language.
    OtherLanguage,
    /// The line rings nobody at this hour (R13).
    OutsideRingingHours,
    /// Outside their own hours.
    OutsideOwnHours,
    /// Asked as often today as they like to be.
    CapDay,
    /// Asked as often this week as they like to be.
    CapWeek,
    /// Left in peace until then, after the last ring.
    Resting(Timestamp),
    /// Their telephone rings or talks for us already (R3).
    InACall,
}

/// Whether somebody may be rung, and where they then stand.
///
/// What lasts is looked at first, what passes by itself last, so that the reason given is the one
/// that would have to change.
///
/// # Errors
/// [`PassedOver`] with the first filter that says no.
pub fn assess(facts: &Facts, ask: &Ask) -> Result<Standing, PassedOver> {
    let distance = facts.distance_m.unwrap_or(u32::MAX);
    let lacking = facts.admission.lacks(ask.conditions, ask.now).next();
    let (lacks, what) = (lacking.is_some(), lacking.unwrap_or(PassedOver::NotApproved));
    let filters = [
        (facts.is_caller, PassedOver::IsCaller),
        (!facts.consented, PassedOver::NotConsented),
        (!facts.verified, PassedOver::NotVerified),
        (!facts.offers, PassedOver::DoesNotOffer),
        (ask.inside && !facts.goes_inside, PassedOver::NotInside),
        (lacks, what),
        (!facts.number_fits, PassedOver::NumberRefused),
        (facts.blocked, PassedOver::Blocked),
        (facts.unanswered >= MOST_UNANSWERED, PassedOver::NeverAnswers),
        (facts.silent, PassedOver::Silent),
        (facts.asked_for_this, PassedOver::AskedBefore),
        (facts.distance_m.is_none(), PassedOver::PostcodeUnknown),
        (distance > facts.max_m, PassedOver::TooFar),
        (distance < facts.min_m, PassedOver::TooNear),
        (distance > ask.reach_m, PassedOver::BeyondReach),
        (!facts.languages.contains(&ask.language), PassedOver::OtherLanguage),
        (!ask.ringing_hours_open, PassedOver::OutsideRingingHours),
        (!facts.hours_open, PassedOver::OutsideOwnHours),
        (facts.asks_this_week >= facts.max_per_week, PassedOver::CapWeek),
        (facts.asks_today >= facts.max_per_day, PassedOver::CapDay),
        (facts.in_a_call, PassedOver::InACall),
    ];
    if let Some(pause) = facts.pause.filter(|pause| pause.holds(ask.now)) {
        return Err(PassedOver::Paused(pause));
    }
    if let Some((_, why)) = filters.into_iter().find(|(no, _)| *no) {
        return Err(why);
    }
    match facts.rest_until {
        Some(until) if until > ask.now => Err(PassedOver::Resting(until)),
        _ => Ok(Standing::of(facts, ask)),
    }
}

impl PassedOver {
    /// Whether this may have passed by itself before `until`, so that looking again is of use.
    pub fn may_pass(self, until: Timestamp) -> bool {
        match self {
            Self::Paused(Pause::Until(end)) | Self::Resting(end) => end < until,
            Self::OutsideRingingHours
            | Self::OutsideOwnHours
            | Self::CapDay
            | Self::CapWeek
            | Self::InACall => true,
            _ => false,
        }
    }
}

impl Pause {
    /// Whether the pause still lasts.
    pub fn holds(self, now: Timestamp) -> bool {
        match self {
            Self::Until(end) => now < end,
            Self::UntilTheyCall | Self::StopNotConfirmed => true,
        }
    }
}

impl PassedOver {
    /// The reason in a few words, for the desk.
    pub fn in_words(self, language: Language) -> String {
        let (nl, en) = match self {
            Self::IsCaller => ("is zelf de beller", "is the caller"),
            Self::NotConsented => ("doet niet (meer) mee", "does not take part (any more)"),
            Self::NotVerified => ("nummer nog niet bevestigd", "number not confirmed yet"),
            Self::DoesNotOffer => ("doet dit niet", "does not do this"),
            Self::NotInside => ("gaat niet mee naar binnen", "does not go inside"),
            Self::NotApproved => {
                ("nog niet toegelaten door het loket", "not approved by the desk yet")
            }
            Self::NoCertificate => {
                ("het bewijs hiervoor is niet gezien", "the certificate for this was not seen")
            }
            Self::CertificateExpired(then) => {
                let day = then.wall_clock().format("%d-%m-%Y");
                return match language {
                    Language::Nl => format!("het bewijs hiervoor verliep op {day}"),
                    Language::En => format!("the certificate for this ran out on {day}"),
                };
            }
            Self::AgeNotKnown(years) => {
                return match language {
                    Language::Nl => format!("niet bekend of {years} jaar of ouder"),
                    Language::En => format!("not known to be {years} or over"),
                };
            }
            Self::NeverAnswers => (
                "nam vijf keer op rij niet op: rust tot we iets horen",
                "did not answer five times in a row: rests until we hear from them",
            ),
            Self::Silent => (
                "een jaar niets van gehoord: rust tot we weten of zij nog meedoen",
                "nothing heard for a year: rests until we know whether they still take part",
            ),
            Self::NumberRefused => ("nummer mag niet gebeld worden", "number may not be rung"),
            Self::Blocked => ("deze twee niet samenbrengen", "these two are not brought together"),
            Self::Paused(Pause::Until(end)) => {
                let day = end.wall_clock().format("%d-%m-%Y %H:%M");
                return match language {
                    Language::Nl => format!("heeft pauze tot {day}"),
                    Language::En => format!("on pause until {day}"),
                };
            }
            Self::Paused(Pause::UntilTheyCall) => {
                ("heeft pauze tot eigen bericht", "on pause until they say")
            }
            Self::Paused(Pause::StopNotConfirmed) => {
                ("vroeg om te stoppen, niet bevestigd", "asked to stop, not confirmed")
            }
            Self::AskedBefore => ("al gevraagd voor deze vraag", "already asked for this request"),
            Self::PostcodeUnknown => ("postcode niet bekend", "postcode not known"),
            Self::TooFar => ("verder dan deze deelnemer wil", "farther than they like to go"),
            Self::TooNear => ("dichterbij dan deze deelnemer wil", "nearer than they like"),
            Self::BeyondReach => ("buiten bereik van deze ronde", "beyond the reach of this round"),
            Self::OtherLanguage => ("spreekt de taal niet", "does not speak the language"),
            Self::OutsideRingingHours => {
                ("buiten de beltijden van de lijn", "outside the line's ringing hours")
            }
            Self::OutsideOwnHours => ("buiten eigen tijden", "outside their own hours"),
            Self::CapDay => ("vandaag vaak genoeg gevraagd", "asked often enough today"),
            Self::CapWeek => ("deze week vaak genoeg gevraagd", "asked often enough this week"),
            Self::Resting(until) => {
                let time = until.wall_clock().format("%H:%M");
                return match language {
                    Language::Nl => format!("met rust gelaten tot {time}"),
                    Language::En => format!("left in peace until {time}"),
                };
            }
            Self::InACall => ("is nu in gesprek", "is on the telephone now"),
        };
        language.pick(nl, en).to_owned()
    }
}
