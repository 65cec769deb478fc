//! Signing up: the one way by which somebody new comes in, whichever way they came.
//!
//! Whoever signed up is written down and counts for nothing yet. In ringing hours the exchange rings
//! the number: "you signed up, is that right?" A yes makes a participant; a no erases everything at
//! once. It is tried three times, and what nobody confirmed is erased within a week.
//!
//! A stranger may type anybody's number. So the answer is the same whoever has it: a number that
//! takes part already is not changed and not told of, and one whose owner said stop is not rung (R9):
//! they sign up by calling from that telephone. Both get no call, and the words on the page say so.

mod answer;
mod by_telephone;
mod call;

use std::time::Duration;

use crate::domain::{
    About, Caller, Channel, Deed, FirstName, Hours, Language, Line, OperatorId, ParticipantId,
    Phone, Postcode, ServiceId, Timestamp,
};
use crate::exchange::{Exchange, Failure, Moment, drive};
use crate::store::{NewParticipant, NewSignUp, SignUpWritten, Tx};

pub(super) use answer::{confirm, it_was_not_me};
pub(super) use by_telephone::{
    FLOW, Told, by_telephone, first_words, left_off, may_ask, ring_me, vars,
};
pub(super) use call::{over, picked_up};

/// Farthest that somebody is asked for who said nothing about it, metres.
const MAX_M: u32 = 5_000;
/// Most rings a day, and a week, of somebody who said nothing about it.
const PER_DAY: u32 = 2;
const PER_WEEK: u32 = 4;
/// Hours that do not open within so many days are hours that mean never.
const OPENS_WITHIN_DAYS: u32 = 14;
/// Sign-ups from the web that wait for an answer on one line, at the most: more is no
/// neighbourhood but somebody who types numbers.
const MOST_WAITING: u32 = 200;
/// Most numbers, other than their own, that one caller signs up on a line within a day: a household, and
/// a slip of the finger.
const MOST_BY_CALLER: u32 = 3;
/// The same of all callers together: whoever shows no number cannot be told from the next.
const MOST_KEYED_IN: u32 = 20;
/// That day.
const LATELY: Duration = Duration::from_secs(24 * 3600);
/// Whoever signs up by telephone has hung up by then.
const HUNG_UP: Duration = Duration::from_secs(60);

/// What somebody told who signs up.
#[derive(Debug, Clone)]
pub struct NewcomerForm {
    /// The line that rings them: the one they called, or that works where they live.
    pub line: Phone,
    /// Their own telephone.
    pub phone: Phone,
    /// What they like to be called, if they said so.
    pub name: Option<FirstName>,
    /// Where they live.
    pub postcode: Postcode,
    /// What they would like to do for somebody.
    pub does: Vec<ServiceId>,
    /// What they would like somebody to do for them.
    pub would_like: Vec<ServiceId>,
    /// When they may be rung.
    pub hours: Hours,
    /// Languages they speak, the first one first; empty: as [`NewcomerForm::language`].
    pub languages: Vec<Language>,
    /// The language in which they read or heard what they agreed to; the call is in it too.
    pub language: Language,
    /// By which way.
    pub channel: Channel,
    /// Which text they agreed to.
    pub text_version: String,
    /// They said that they are 18 or older.
    pub adult: bool,
    /// What proves that they agreed: the provider's id of the call in which they did.
    pub proof: Option<String>,
}

/// What is told to whoever signed up: the same whoever has the number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignedUp {
    /// From when they are rung; none when the line does not ring within two months.
    pub rings_from: Option<Timestamp>,
}

/// What the desk is told, which knows its people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AtTheDesk {
    /// They are rung, from then on.
    Rings(ParticipantId, Option<Timestamp>),
    /// Whoever has this number takes part already. Nothing was changed.
    TakesPart(ParticipantId),
    /// Whoever has this number once said stop: they call the line from it themselves (R9).
    TheyCallUs,
}

/// Why somebody cannot sign up like this. Nothing was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotSignedUp {
    /// A number that is not rung (R12), or one of our own.
    #[error("this number is not rung")]
    Number,
    /// Not 18, or not said.
    #[error("only adults take part")]
    Age,
    /// Neither something to do nor something to ask.
    #[error("nothing was chosen")]
    Nothing,
    /// Hours that mean never.
    #[error("these hours do not open within two weeks")]
    Never,
    /// There is no such place, or the line does not work there.
    #[error("the line does not work in this place")]
    Place,
    /// More sign-ups wait than a neighbourhood has, or more numbers were keyed in than a household has.
    #[error("too many sign-ups at once")]
    TooMany,
}

impl NotSignedUp {
    /// What is wrong and what to do about it, for whoever signs up.
    pub fn advice(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::Number, Language::Nl) => {
                "Dit nummer kunnen wij niet bellen. Vul een Nederlands vast of mobiel nummer in."
            }
            (Self::Number, Language::En) => {
                "We cannot call this number. Fill in a Dutch landline or mobile number."
            }
            (Self::Age, Language::Nl) => {
                "Meedoen kan vanaf 18 jaar. Bent u jonger? Vraag het samen met een volwassene."
            }
            (Self::Age, Language::En) => {
                "You can take part from the age of 18. Younger? Ask together with an adult."
            }
            (Self::Nothing, Language::Nl) => {
                "Kies iets wat u graag doet, of iets wat u graag zou vragen."
            }
            (Self::Nothing, Language::En) => {
                "Choose something that you like to do, or that you would like to ask."
            }
            (Self::Never, Language::Nl) => {
                "Zo kunnen wij u nooit bellen. Kies ten minste één moment in de week."
            }
            (Self::Never, Language::En) => {
                "Like this we could never call you. Choose at least one moment in the week."
            }
            (Self::Place, Language::Nl) => {
                "Op deze plek werken wij nog niet. Bel gerust: wij denken graag met u mee."
            }
            (Self::Place, Language::En) => {
                "We do not work there yet. Feel free to call: we will gladly think along."
            }
            (Self::TooMany, Language::Nl) => {
                "Het lukt nu even niet. Probeer het morgen nog eens, of bel ons."
            }
            (Self::TooMany, Language::En) => {
                "This does not work just now. Try again tomorrow, or call us."
            }
        }
    }
}

impl Exchange {
    /// Somebody signs up. Whoever has the number is rung, in ringing hours, to say whether that is
    /// right.
    ///
    /// # Errors
    /// [`Failure`]; nothing was written then.
    pub async fn sign_up(
        &self,
        form: NewcomerForm,
    ) -> Result<Result<SignedUp, NotSignedUp>, Failure> {
        self.one_input(move |moment, tx| {
            Ok(sign_up(moment, tx, &form, From::Page)?.map(|done| done.told))
        })
        .await
    }

    /// The same, entered by somebody at the desk, who is told whom the number belongs to.
    ///
    /// # Errors
    /// [`Failure`]; nothing was written then.
    pub async fn sign_up_at_the_desk(
        &self,
        form: NewcomerForm,
        by: OperatorId,
    ) -> Result<Result<AtTheDesk, NotSignedUp>, Failure> {
        self.one_input(move |moment, tx| {
            let done = match sign_up(moment, tx, &form, From::Page)? {
                Ok(done) => done,
                Err(why) => return Ok(Err(why)),
            };
            let (told, about) = match done.written {
                SignUpWritten::Waits(id) => {
                    (AtTheDesk::Rings(id, done.told.rings_from), About::Participant(id))
                }
                SignUpWritten::TakesPart(id) => (AtTheDesk::TakesPart(id), About::Participant(id)),
                SignUpWritten::Stopped => (AtTheDesk::TheyCallUs, About::Nothing),
            };
            tx.audit(by, Deed::ParticipantSignedUp, &about, moment.now)?;
            Ok(Ok(told))
        })
        .await
    }

    /// The line that works in this place; none: no line does.
    pub fn line_at(&self, postcode: Postcode) -> Option<&Line> {
        self.context().lines.iter().find(|line| line.area.contains(&postcode))
    }

    /// Rings whoever signed up and is to be rung by now; how many were looked at.
    ///
    /// # Errors
    /// [`Failure`] of the store.
    pub async fn ring_newcomers(&self) -> Result<usize, Failure> {
        let now = self.now();
        if !self.store.read(move |tx| tx.sign_up_due_by(now)).await? {
            return Ok(0);
        }
        self.one_input(call::ring_those_due).await
    }
}

/// Where a sign-up comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum From<'c> {
    /// A page, or a paper.
    Page,
    /// A call by whom, who keyed the number in.
    AnotherTelephone(&'c Caller),
    /// A call from the very number that signs up.
    OwnTelephone,
}

/// What came of a sign-up, with what only some are told.
pub(super) struct Done {
    pub(super) told: SignedUp,
    pub(super) written: SignUpWritten,
}

/// Within a transaction: see [`Exchange::sign_up`].
pub(super) fn sign_up(
    moment: &Moment,
    tx: &mut Tx<'_>,
    form: &NewcomerForm,
    from: From<'_>,
) -> Result<Result<Done, NotSignedUp>, Failure> {
    let line = moment.context.line(form.line.e164()).ok_or(Failure::UnknownLine)?;
    let offered = |services: &[ServiceId]| -> Vec<ServiceId> {
        services.iter().filter(|service| line.services.contains(service)).cloned().collect()
    };
    let (does, would_like) = (offered(&form.does), offered(&form.would_like));
    if let Some(why) =
        refused(moment, tx, line, form, from, does.is_empty() && would_like.is_empty())?
    {
        return Ok(Err(why));
    }
    let languages = match form.languages.is_empty() {
        true => vec![form.language],
        false => form.languages.clone(),
    };
    let person = NewParticipant {
        phone: form.phone.clone(),
        name: form.name.as_ref().map_or_else(String::new, |name| name.as_str().to_owned()),
        postcode: form.postcode,
        services: does,
        elsewhere: Vec::new(),
        hours: form.hours.clone(),
        languages,
        min_m: 0,
        max_m: MAX_M,
        max_per_day: PER_DAY,
        max_per_week: PER_WEEK,
        opted_in: Some((moment.now, form.channel.code().into())),
        verified_at: None,
    };
    let begins = match form.channel {
        Channel::Phone => moment.now + HUNG_UP,
        Channel::Web | Channel::Desk | Channel::Paper => moment.now,
    };
    let rings_from = may_ring_from(line, begins);
    tally(moment, tx, form, from)?;
    let written = tx.sign_up(&NewSignUp {
        person: &person,
        would_like: &would_like,
        line: &form.line,
        language: form.language,
        text_version: &form.text_version,
        proof: form.proof.as_deref(),
        own_telephone: from == From::OwnTelephone,
        rings_at: rings_from,
        now: moment.now,
    })?;
    if let (SignUpWritten::Waits(_), Some(at)) = (written, rings_from) {
        moment.due(at);
    }
    Ok(Ok(Done { told: SignedUp { rings_from }, written }))
}

/// Written whoever has the number, so that a sign-up is never a transaction without a write: that
/// would be answered sooner, and tell a stranger that the number is known.
fn tally(
    moment: &Moment,
    tx: &mut Tx<'_>,
    form: &NewcomerForm,
    from: From<'_>,
) -> Result<(), Failure> {
    let caller = match from {
        From::OwnTelephone => return Ok(()),
        From::AnotherTelephone(caller) => Some(caller),
        From::Page => None,
    };
    Ok(tx.tally_sign_up(&form.line, form.channel, caller, moment.now)?)
}

/// Whether one number after the other is keyed in.
fn keys_in_too_many(
    moment: &Moment,
    tx: &mut Tx<'_>,
    line: &Line,
    from: From<'_>,
) -> Result<bool, Failure> {
    let From::AnotherTelephone(caller) = from else { return Ok(false) };
    let lately = tx.keyed_in_since(&line.number, caller, moment.now - LATELY)?;
    let by_caller = lately.by_caller.is_some_and(|times| times >= MOST_BY_CALLER);
    Ok(by_caller || lately.on_line >= MOST_KEYED_IN)
}

fn refused(
    moment: &Moment,
    tx: &mut Tx<'_>,
    line: &Line,
    form: &NewcomerForm,
    from: From<'_>,
    nothing: bool,
) -> Result<Option<NotSignedUp>, Failure> {
    // At the desk somebody just over the border may be written down, if the place is known.
    let at_the_desk = matches!(form.channel, Channel::Desk | Channel::Paper);
    Ok(if !form.adult {
        Some(NotSignedUp::Age)
    } else if !moment.context.may_dial(&form.phone) || moment.context.is_ours(&form.phone) {
        Some(NotSignedUp::Number)
    } else if nothing {
        Some(NotSignedUp::Nothing)
    } else if form.hours.never_opens_within(OPENS_WITHIN_DAYS, moment.now) {
        Some(NotSignedUp::Never)
    } else if tx.place(form.postcode)?.is_none()
        || !(at_the_desk || line.area.contains(&form.postcode))
    {
        Some(NotSignedUp::Place)
    } else if form.channel == Channel::Web && tx.sign_ups_waiting(&form.line)? >= MOST_WAITING
        || keys_in_too_many(moment, tx, line, from)?
    {
        Some(NotSignedUp::TooMany)
    } else {
        None
    })
}

/// The first moment from then on at which this line rings anybody (R13).
fn may_ring_from(line: &Line, then: Timestamp) -> Option<Timestamp> {
    if line.may_ring(then) { Some(then) } else { drive::next_ringing(line, then) }
}
