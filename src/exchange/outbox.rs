//! REST calls to the provider: written with the decision, made after the commit, tried again.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::carrier::rest::Sound;
use crate::carrier::{CarrierError, Sid};
use crate::domain::{CallId, PlacedId, Timestamp};
use crate::exchange::lanes::Lane;
use crate::exchange::{Exchange, Failure, Moment};
use crate::store::{OutboxItem, Posted, Tx};
use crate::telemetry::{ProviderAnswer, ProviderRequest};

/// One thing to ask of the provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub(super) enum Errand {
    /// End a leg.
    HangUp { sid: Sid },
    /// Let a leg leave what it does for the document at this address.
    Redirect { sid: Sid, call: CallId, url: String },
    /// Bring the sound of a voice note here, then delete it there.
    FetchNote { note: i64, url: String, sid: Option<Sid> },
    /// Bring the sound of a message here, sealed, then delete it there.
    FetchMessage { message: i64, url: String, sid: Option<Sid> },
    /// Delete a recording.
    DeleteRecording { sid: Sid },
    /// See a placed call through until somebody picks up or it is over.
    Place { placed: PlacedId },
}

/// Errands among which one is chosen: more than can be under way, or about the same call.
const BATCH: usize = 64;
/// An errand that keeps failing is given up after this many tries: about a day and a half.
const MOST_TRIES: u32 = 20;
/// Longest wait between two tries.
const LONGEST_WAIT: Duration = Duration::from_secs(2 * 3600);
/// A voice note longer than this is not a voice note, bytes (a minute of 16-bit 8 kHz sound).
const LARGEST_NOTE: usize = 1_000_000;
/// A message longer than this is not one that a flow let anybody leave, bytes (ten minutes of 16-bit
/// 8 kHz sound).
const LARGEST_MESSAGE: usize = 10_000_000;

impl Errand {
    /// Writes the errand down, to be done after the commit. The same one twice is one.
    pub(super) fn post(&self, moment: &Moment, tx: &mut Tx<'_>) -> Result<(), Failure> {
        self.post_at(moment, tx, moment.now)
    }

    /// The same, to be done at that moment.
    pub(super) fn post_at(
        &self,
        moment: &Moment,
        tx: &mut Tx<'_>,
        due: Timestamp,
    ) -> Result<(), Failure> {
        tx.post(&self.written(due))?;
        moment.due_in(self.lane(), due);
        Ok(())
    }

    /// As it stands in the outbox, to be done at that moment.
    pub(super) fn written(&self, due: Timestamp) -> OutboxItem {
        let payload =
            serde_json::to_string(self).expect("an errand holds only strings and numbers");
        OutboxItem { key: self.key(), rank: self.rank(), payload, due }
    }

    /// Lower ones first: somebody who is to be let go does not wait until others are rung.
    fn rank(&self) -> u8 {
        match self {
            Self::HangUp { .. } | Self::Redirect { .. } => 0,
            Self::Place { .. } => 1,
            Self::FetchNote { .. } | Self::FetchMessage { .. } => 2,
            Self::DeleteRecording { .. } => 3,
        }
    }

    fn lane(&self) -> Lane {
        match self {
            Self::HangUp { .. } | Self::Redirect { .. } => Lane::Urgent,
            Self::Place { .. } => Lane::Calls,
            Self::FetchNote { .. } | Self::FetchMessage { .. } | Self::DeleteRecording { .. } => {
                Lane::Sounds
            }
        }
    }

    /// What it is about: errands about the same thing are done in order, one at a time.
    fn about(&self) -> String {
        match self {
            Self::HangUp { sid } | Self::Redirect { sid, .. } => sid.as_str().to_owned(),
            other => other.key(),
        }
    }

    /// The key of a leg's redirect.
    pub(super) fn redirect_of(call: CallId) -> String {
        format!("redirect:{call}")
    }

    /// What makes the same one twice one.
    pub(super) fn key(&self) -> String {
        match self {
            Self::Place { placed } => format!("place:{placed}"),
            Self::HangUp { sid } => format!("hang-up:{sid}"),
            Self::Redirect { call, .. } => Self::redirect_of(*call),
            Self::FetchNote { note, .. } => format!("fetch-note:{note}"),
            Self::FetchMessage { message, .. } => format!("fetch-message:{message}"),
            Self::DeleteRecording { sid } => format!("delete-recording:{sid}"),
        }
    }
}

/// How an errand turned out.
enum Done {
    Well,
    /// It has written itself down what comes next.
    ByItself,
    Later(&'static str),
    Never(&'static str),
}

impl Done {
    /// Whether an errand that failed so often before is not tried again after this.
    fn is_last(&self, tries: u32) -> bool {
        match self {
            Self::Well | Self::ByItself | Self::Never(_) => true,
            Self::Later(_) => tries + 1 >= MOST_TRIES,
        }
    }
}

/// An errand that a worker does now.
struct Chosen {
    posted: Posted,
    /// None when it cannot be read.
    errand: Option<Errand>,
    about: String,
}

/// A recording that the provider no longer needs to keep, if it has an id there.
pub(super) fn delete_there(
    moment: &Moment,
    tx: &mut Tx<'_>,
    sid: Option<Sid>,
) -> Result<(), Failure> {
    sid.map_or(Ok(()), |sid| Errand::DeleteRecording { sid }.post(moment, tx))
}

impl Exchange {
    /// Does every errand that is due, the most urgent first; returns how many there were.
    ///
    /// # Errors
    /// [`Failure`] of the store; the provider's faults only put an errand off.
    pub async fn run_errands(&self) -> Result<usize, Failure> {
        let mut run = 0;
        'next: loop {
            for lane in Lane::ASKING {
                if self.run_one_errand(lane).await? {
                    run += 1;
                    continue 'next;
                }
            }
            return Ok(run);
        }
    }

    /// Does the first errand of this lane that is due and about nothing that is under way; whether
    /// there was one.
    pub(super) async fn run_one_errand(&self, lane: Lane) -> Result<bool, Failure> {
        let place = self.lanes.of(lane);
        let Some(Chosen { posted, errand, about }) = self.choose_errand(lane).await? else {
            return Ok(false);
        };
        place.wake_another();
        let done = self.do_errand(lane, posted, errand).await;
        place.under_way().lock().await.remove(&about);
        done.map(|()| true)
    }

    async fn choose_errand(&self, lane: Lane) -> Result<Option<Chosen>, Failure> {
        let mut under_way = self.lanes.of(lane).under_way().lock().await;
        let now = self.now();
        let due = self.store.read(move |tx| tx.due_outbox(lane.ranks(), now, BATCH)).await?;
        for posted in due {
            let errand: Option<Errand> = serde_json::from_str(&posted.payload).ok();
            let about = errand.as_ref().map_or_else(|| posted.id.to_string(), Errand::about);
            if under_way.insert(about.clone()) {
                return Ok(Some(Chosen { posted, errand, about }));
            }
        }
        Ok(None)
    }

    async fn do_errand(
        &self,
        lane: Lane,
        posted: Posted,
        errand: Option<Errand>,
    ) -> Result<(), Failure> {
        let done = match errand {
            Some(errand) => self.run_errand(errand, posted.tries).await?,
            None => Done::Never("the errand cannot be read"),
        };
        self.settle(lane, posted.id, posted.tries, done).await
    }

    async fn run_errand(&self, errand: Errand, tries: u32) -> Result<Done, Failure> {
        match errand {
            Errand::HangUp { sid } => {
                Ok(self.verdict(ProviderRequest::HangUp, self.carrier.hang_up(&sid).await))
            }
            Errand::Redirect { sid, url, .. } => {
                Ok(self.verdict(ProviderRequest::Redirect, self.carrier.redirect(&sid, &url).await))
            }
            Errand::Place { placed } => {
                self.see_to(placed).await?;
                Ok(Done::ByItself)
            }
            Errand::DeleteRecording { sid } => Ok(self.verdict(
                ProviderRequest::DeleteRecording,
                self.carrier.delete_recording(&sid).await,
            )),
            Errand::FetchNote { note, url, sid } => {
                let fetched = self.carrier.fetch_recording(&url, LARGEST_NOTE).await;
                let made = fetched.as_ref().map(|_| ()).map_err(|fault| *fault);
                let done = self.verdict(ProviderRequest::FetchRecording, made);
                match fetched {
                    Ok(sound) => self.keep_note_sound(note, sound, sid).await?,
                    // Nobody will ask for it again; of a note that is gone, nobody else could.
                    Err(_) if done.is_last(tries) => {
                        self.one_input(move |moment, tx| delete_there(moment, tx, sid)).await?;
                    }
                    Err(_) => {}
                }
                Ok(done)
            }
            Errand::FetchMessage { message, url, sid } => {
                let fetched = self.carrier.fetch_recording(&url, LARGEST_MESSAGE).await;
                let made = fetched.as_ref().map(|_| ()).map_err(|fault| *fault);
                let done = self.verdict(ProviderRequest::FetchRecording, made);
                match fetched {
                    Ok(sound) => self.keep_message_sound(message, sound, sid).await?,
                    Err(fault) if done.is_last(tries) => {
                        self.message_sound_lost(message, fault).await?;
                    }
                    Err(_) => {}
                }
                Ok(done)
            }
        }
    }

    async fn keep_note_sound(
        &self,
        note: i64,
        sound: Sound,
        sid: Option<Sid>,
    ) -> Result<(), Failure> {
        self.one_input(move |moment, tx| {
            tx.store_note_audio(note, &sound.content_type, &sound.bytes)?;
            delete_there(moment, tx, sid)
        })
        .await
    }

    /// Every errand here may be done twice without harm, so an unknown outcome is tried again.
    fn verdict(&self, request: ProviderRequest, result: Result<(), CarrierError>) -> Done {
        use ProviderAnswer::{Done as Made, Later, Refused, Unknown};
        let (done, answer) = match result {
            Ok(()) | Err(CarrierError::CallOver) => (Done::Well, Made),
            Err(CarrierError::NotYet) => (Done::Later("it is not there yet"), Later),
            Err(CarrierError::Busy { .. }) => (Done::Later("the provider is busy"), Later),
            Err(CarrierError::Unreachable) => {
                (Done::Later("the provider cannot be reached"), Later)
            }
            Err(CarrierError::Unknown { .. }) => {
                (Done::Later("the provider did not answer"), Unknown)
            }
            Err(_) => (Done::Never("the provider refused"), Refused),
        };
        self.metrics.provider_request(request, answer);
        done
    }

    async fn settle(&self, lane: Lane, id: i64, tries: u32, done: Done) -> Result<(), Failure> {
        self.one_input(move |moment, tx| {
            match done {
                Done::Well => {
                    tx.provider_works(true, moment.now)?;
                    tx.outbox_done(id)?;
                }
                Done::ByItself => {}
                Done::Later(why) if !done.is_last(tries) => {
                    let wait = Duration::from_secs(1 << tries.min(13)).min(LONGEST_WAIT);
                    tx.outbox_retry(id, moment.now + wait, why)?;
                    moment.due_in(lane, moment.now + wait);
                }
                Done::Later(why) | Done::Never(why) => {
                    tracing::warn!(errand = id, why, "outbox.given_up");
                    tx.outbox_done(id)?;
                }
            }
            Ok(())
        })
        .await
    }
}
