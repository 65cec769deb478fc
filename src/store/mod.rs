//! The only module with SQL. It speaks in operations of the trade, not in tables, so that another
//! database can stand beside SQLite without a change elsewhere.
//!
//! Durable answers come from one writer thread that commits together what waits together
//! ([`Store::write`]); readers run beside it ([`Store::read`]). What was answered is on disk first.

mod admissions;
mod admitted;
mod apart;
mod at_hand;
mod at_the_board;
mod attempts;
mod audit;
mod backup;
mod board;
mod board_reports;
mod callbacks;
mod calls;
mod candidates;
mod check;
mod checkpoint;
mod consent;
mod desk;
mod desk_calls;
mod desk_notes;
mod erasure;
mod explain;
mod forward;
mod geography;
mod helped;
mod hours_cache;
mod intake;
pub mod key;
mod lookout;
mod messages;
mod migrations;
mod on_board;
mod open;
mod opening;
mod operators;
mod own_sessions;
mod own_settings;
mod participants;
mod people;
mod person;
mod placed;
mod promises;
mod prospects;
mod register;
mod reports;
mod request_book;
mod requests;
mod retention;
mod scope;
pub mod sealed;
mod seats;
mod second_factors;
mod sessions;
mod sign_up_tally;
mod sign_ups;
mod spoken_codes;
mod still_there;
mod supply;
mod taken;
mod unasked;
mod watch;
mod web_questions;
mod wishes;
mod work;
mod writer;

#[cfg(test)]
mod random_towns;
#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use rusqlite::Connection;
use tokio::sync::Semaphore;

use crate::domain::Timestamp;

pub use admissions::{AgeKnownBy, NewCertificate};
pub use admitted::{AdmissionSeen, Admissions, AgeSeen, CertificateSeen, ToAdmit};
pub use at_hand::OnThePhone;
pub use at_the_board::{OfferSeen, OnBoard};
pub use attempts::{Attempt, Reserved};
pub use audit::{AuditFilter, AuditLine};
pub use backup::{BackupFault, Restored, back_up, restore, stops_path};
pub use board::{Asker, BackgroundSeen, CallSeen, GoingOn, LegStands, PromisesOpen};
pub use board_reports::{DownSince, NewReport, ReportedSeen};
pub use callbacks::{Callback, CallbackBy};
pub use calls::{Call, Direction, Given, NewCall, Role};
pub use candidates::NextAsk;
pub use check::{faults, lines_at_work, without_a_coordinator};
pub use desk::{NewMessage, NewPromise, NoteAudio, PromiseKind};
pub use desk_calls::{CalledBack, DeskCall, LastCallBack};
pub use desk_notes::{DeskNote, NoteAbout};
pub use erasure::{Erasing, Why};
pub use explain::{Asked, Explained};
pub use forward::Came;
pub use geography::Place;
pub use helped::Helped;
pub use intake::{AgreedHow, Agreement, NewIntake, Settled, SettledHow, Source};
pub use messages::{AtProvider, SealedSound, SoundState};
pub use on_board::{BoardOffer, BoardRequest, Looker, NewOffer, PostedOffer};
pub use opening::{ClosingDay, Notice};
pub use operators::{Colleague, Credentials, NewOperator, OperatorFault};
pub use own_sessions::{OwnSession, OwnSessionLimits};
pub use own_settings::{AskedOnce, NumberChanged, OwnOffer, TimeHelped};
pub use participants::{Participant, RungLately};
pub use people::{ConsentSeen, PeopleFilter, Person, PersonRow, Standing, Whose};
pub use placed::{NewPlaced, Placed, PlacedState};
pub use promises::{Kept, KeptHow, MessageSeen, PromiseSeen, Took, Which};
pub use register::{NewParticipant, Put};
pub use reports::{COUNTED_AGAIN, ToCount};
pub use request_book::{
    EventSeen, IntakeSeen, RequestFilter, RequestSeen, RingSeen, SettledSeen, Stand,
};
pub use requests::{NewRequest, Request, RequestKind};
pub use retention::{DueCount, DueRow, Erased, Sweep, sweeps};
pub use sessions::{Session, SessionHash, SessionLimits, Stage};
pub use sign_ups::{NewSignUp, SignUp, SignUpWritten};
pub use spoken_codes::{CODE_LASTS, CodeTried};
pub use still_there::{Resting, StillThere};
pub use supply::Supply;
pub use unasked::{NeverAsked, Quiet};
pub use watch::{AttemptSeen, SearchSeen};
pub use web_questions::{
    AskedLately, LinkHash, NewQuestion, NewWebRequest, Question, QuestionEnded,
};
pub use wishes::AskedNext;
pub use work::{DueTimer, Figures, OutboxItem, Posted, WATCH};

/// The database: one writer, some readers.
pub struct Store {
    path: PathBuf,
    // Dropped before the writer: the last connection to close must be one that may write, or the
    // log stays beside the file.
    readers: Mutex<Vec<Connection>>,
    /// Whose turn it is to read.
    turns: Arc<Semaphore>,
    writer: writer::Writer,
    hash_key: [u8; 32],
}

/// What can go wrong here. None of these holds anybody's data.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// SQLite says no.
    #[error("the database cannot do this: {0}; see that its disk has room and is not read-only")]
    Sqlite(#[from] rusqlite::Error),
    /// The file cannot be made.
    #[error(
        "the database cannot be made: {0}; see that its directory is there, and who may write in it"
    )]
    Made(std::io::Error),
    /// The file belongs to another program.
    #[error("this is not a database of burenhulp; check `database` in the configuration")]
    NotOurs,
    /// The file was written by a newer release.
    #[error(
        "the database was written by a newer release (form {found}, this one knows {known}); install that release"
    )]
    Newer {
        /// The form in the file.
        found: i64,
        /// The newest form that this release knows.
        known: i64,
    },
    /// The key is another one than the stop list was made with.
    #[error(
        "the key beside the database belongs to another database; put the right one back from the back-up"
    )]
    WrongKey,
    /// A step to today's form would have left rows behind that lead nowhere.
    #[error(
        "the database of an older release cannot be brought up to date: some of its rows lead nowhere; run `burenhulp check` of that release"
    )]
    NotUpgraded,
    /// More work waits than can be done in time.
    #[error("the database has too much to do; try again in a moment")]
    Busy,
    /// The store was closed, or its thread ended.
    #[error("the database is closed")]
    Closed,
    /// A closure on the writer panicked; what it had done was rolled back.
    #[error("a fault in the program was caught; nothing of that step was written")]
    Panicked,
    /// A row does not read.
    #[error("a row of {0} cannot be read")]
    Damaged(&'static str),
}

/// A write under way: operations of the trade within one transaction.
pub struct Tx<'a> {
    db: &'a Connection,
    bench: &'a mut writer::Bench,
}

/// A read under way.
pub struct ReadTx<'a> {
    db: &'a Connection,
    hash_key: &'a [u8; 32],
}

/// A word from a closed set, as stored.
fn word<T: serde::Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        other => other.map(|v| v.to_string()).unwrap_or_default(),
    }
}

/// A stored word back.
fn from_word<T: serde::de::DeserializeOwned>(
    word: &str,
    table: &'static str,
) -> Result<T, StoreError> {
    serde_json::from_value(serde_json::Value::String(word.to_owned()))
        .map_err(|_| StoreError::Damaged(table))
}

impl Tx<'_> {
    /// Adds to the journal: what happened to which request, leg or attempt. A word, never content.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn record_event(
        &mut self,
        what: &str,
        request: Option<i64>,
        call: Option<i64>,
        attempt: Option<i64>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.db
            .prepare_cached(
                "INSERT INTO event (at, request, call, attempt, what) VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute((now.0, request, call, attempt, what))?;
        Ok(())
    }
}
