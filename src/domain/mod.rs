//! The words of the trade, as types. Everything else is built from these.
//!
//! Pure: no clock, no file, no database, no random source. A value that exists is valid: a
//! [`Phone`] has passed the pattern of numbers that may be rung, a [`Postcode`] can exist, an
//! [`Hours`] has parsed. What needs judgement about a call is not here: that is `dispatch`.

pub mod calendar;
pub mod caller;
pub mod certificate;
pub mod consent;
pub mod day_part;
pub mod deed;
pub mod desk_hours;
pub mod first_name;
pub mod hours;
pub mod ids;
pub mod language;
pub mod line;
pub mod misplaced;
pub mod operator;
pub mod other_place;
pub mod phone;
pub mod postcode;
pub mod referral;
pub mod service;
pub mod spoken_code;
pub mod time;
pub mod unkind;
pub mod week_plan;
pub mod written;

pub use caller::Caller;
pub use certificate::CertificateKind;
pub use consent::Channel;
pub use day_part::DayPart;
pub use deed::{About, Deed};
pub use desk_hours::{DeskExceptions, DeskHours, OpenOrClosed};
pub use first_name::{FirstName, NotAName};
pub use hours::Hours;
pub use ids::{
    AttemptId, CallId, CallbackId, OfferId, OperatorId, ParticipantId, PlacedId, QuestionId,
    RequestId,
};
pub use language::Language;
pub use line::Line;
pub use misplaced::{Misplaced, Pinned};
pub use operator::{Operator, Right, Role};
pub use other_place::{MOST_OTHER_PLACES, OtherPlace};
pub use phone::{Numbering, Phone};
pub use postcode::Postcode;
pub use referral::Referral;
pub use service::{Conditions, ServiceId};
pub use spoken_code::{NotACode, SpokenCode};
pub use time::Timestamp;
pub use unkind::unkind_word;
pub use week_plan::WeekPlan;
pub use written::{NotWritten, Note, Sentence};
