//! Messages for the desk: fetched from the provider, kept sealed, deleted there, and heard here.
//!
//! A message counts from the moment it was left. Its sound comes as soon as the provider says that
//! it is ready or, should that word be lost, a minute later; until it is here it is asked for again
//! and again. Whatever becomes of the sound, the promise to ring back stands.

use std::time::Duration;

use crate::carrier::rest::Sound;
use crate::carrier::{CarrierError, Sid};
use crate::domain::{About, Deed, OperatorId};
use crate::exchange::outbox::{Errand, delete_there};
use crate::exchange::{Exchange, Failure, Moment};
use crate::store::{SealedSound, SoundState, Tx, sealed};

/// A provider's word that a recording is ready is waited for so long.
const WORD_IS_LOST_AFTER: Duration = Duration::from_secs(60);

/// A player asks for a sound in parts: within so long it is one hearing for the audit trail.
const ONE_HEARING: Duration = Duration::from_secs(10 * 60);

/// What somebody hears who plays a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MessageHeard {
    /// This.
    Sound(Sound),
    /// Nothing: it is not here.
    NotHere(SoundState),
    /// Nothing: what is here cannot be opened with the key beside the database.
    CannotBeOpened,
    /// There is no such message.
    Nowhere,
}

/// Writes down that the sound of a message is fetched as soon as it is there.
pub(super) fn fetch_when_ready(
    moment: &Moment,
    tx: &mut Tx<'_>,
    message: i64,
    url: String,
    sid: Option<Sid>,
) -> Result<(), Failure> {
    let errand = Errand::FetchMessage { message, url, sid };
    errand.post_at(moment, tx, moment.now + WORD_IS_LOST_AFTER)
}

impl Exchange {
    /// What somebody at the desk hears who plays a message. It goes to the audit trail before a
    /// word is heard. Whether the message is theirs to hear is for the caller to ask.
    ///
    /// # Errors
    /// [`Failure`] of the store.
    pub async fn hear_message(
        &self,
        message: i64,
        by: OperatorId,
    ) -> Result<MessageHeard, Failure> {
        let found = self.one_input(move |moment, tx| {
            let Some(at_provider) = tx.message_at_provider(message)? else { return Ok(None) };
            let (about, since) = (About::Message(message), moment.now - ONE_HEARING);
            if at_provider.sound == SoundState::Here
                && !tx.audited_since(by, Deed::MessageHeard, &about, since)?
            {
                tx.audit(by, Deed::MessageHeard, &about, moment.now)?;
            }
            Ok(Some(at_provider.sound))
        });
        match found.await? {
            None => return Ok(MessageHeard::Nowhere),
            Some(SoundState::Here) => {}
            Some(elsewhere) => return Ok(MessageHeard::NotHere(elsewhere)),
        }
        let kept = self.store.read(move |tx| tx.message_sound(message)).await?;
        let Some(kept) = kept else { return Ok(MessageHeard::Nowhere) };
        let bytes = sealed::open(&self.context.message_key, &about(message), &kept.sealed);
        Ok(match bytes {
            Some(bytes) => MessageHeard::Sound(Sound { content_type: kept.content_type, bytes }),
            None => {
                tracing::error!(message, "message.cannot_be_opened: is this its database's key?");
                MessageHeard::CannotBeOpened
            }
        })
    }

    /// Asks the provider once more for a sound that did not come, and writes down who did. Whether
    /// there is such a message.
    ///
    /// # Errors
    /// [`Failure`] of the store.
    pub async fn fetch_message_again(&self, message: i64, by: OperatorId) -> Result<bool, Failure> {
        self.one_input(move |moment, tx| {
            let Some(kept) = tx.message_at_provider(message)? else { return Ok(false) };
            if kept.sound != SoundState::Here {
                if kept.sound != SoundState::Waiting {
                    tx.audit(by, Deed::MessageFetchedAgain, &About::Message(message), moment.now)?;
                }
                tx.set_sound_state(message, SoundState::Waiting)?;
                let sid = kept.sid.and_then(|sid| Sid::parse(&sid).ok());
                Errand::FetchMessage { message, url: kept.url, sid }.post(moment, tx)?;
            }
            Ok(true)
        })
        .await
    }

    /// The sound has come: sealed and kept here, and deleted there. A message that was deleted
    /// meanwhile stays deleted.
    pub(super) async fn keep_message_sound(
        &self,
        message: i64,
        sound: Sound,
        sid: Option<Sid>,
    ) -> Result<(), Failure> {
        let sealed = sealed::seal(&self.context.message_key, &about(message), &sound.bytes);
        let damaged = || Failure::Damaged { what: "this machine's random source".to_owned() };
        let sealed = sealed.ok_or_else(damaged)?;
        let sound = SealedSound { content_type: sound.content_type, sealed };
        self.one_input(move |moment, tx| {
            tx.keep_message_sound(message, &sound)?;
            delete_there(moment, tx, sid)
        })
        .await
    }

    /// The sound will not come by itself any more.
    pub(super) async fn message_sound_lost(
        &self,
        message: i64,
        fault: CarrierError,
    ) -> Result<(), Failure> {
        let state = match fault {
            CarrierError::TooLarge { .. } => SoundState::TooLarge,
            _ => SoundState::Lost,
        };
        tracing::warn!(message, %fault, "message.not_fetched: its promise stands");
        self.one_input(move |_, tx| {
            tx.set_sound_state(message, state)?;
            Ok(())
        })
        .await
    }
}

/// What a sealed sound is bound to.
fn about(message: i64) -> String {
    format!("message {message}")
}
