//! How often somebody was signed up from elsewhere than the telephone that signs up.
//!
//! A row is written whoever has the number: a sign-up with one that is known costs as much as with one
//! that is not. The number itself never stands here.

use super::{StoreError, Tx};
use crate::domain::{Caller, Channel, Phone, Timestamp};

/// How often a number was keyed in to be signed up, on one line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyedIn {
    /// By this caller; none for one who shows no number, who cannot be told from others.
    pub by_caller: Option<u32>,
    /// By anybody.
    pub on_line: u32,
}

impl Tx<'_> {
    /// Somebody is signed up on this line from elsewhere than their own telephone: by whoever calls,
    /// if by telephone.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn tally_sign_up(
        &mut self,
        line: &Phone,
        channel: Channel,
        caller: Option<&Caller>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let caller = caller.and_then(|caller| self.caller_hash(caller));
        let sql = "INSERT INTO sign_up_tally (line, channel, caller, at) VALUES (?1, ?2, ?3, ?4)";
        self.db.prepare_cached(sql)?.execute((line.e164(), channel.code(), caller, now.0))?;
        Ok(())
    }

    /// How often a number was keyed in on this line since then.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn keyed_in_since(
        &mut self,
        line: &Phone,
        caller: &Caller,
        since: Timestamp,
    ) -> Result<KeyedIn, StoreError> {
        let caller = self.caller_hash(caller);
        let sql = "SELECT count(*), count(*) FILTER (WHERE caller = ?3) FROM sign_up_tally
                   WHERE line = ?1 AND channel = 'phone' AND at > ?2";
        let mut select = self.db.prepare_cached(sql)?;
        Ok(select.query_row((line.e164(), since.0, caller), |row| {
            Ok(KeyedIn { on_line: row.get(0)?, by_caller: caller.map(|_| row.get(1)).transpose()? })
        })?)
    }

    fn caller_hash(&self, caller: &Caller) -> Option<[u8; 32]> {
        match caller {
            Caller::Known(phone) => Some(self.hash(phone.e164())),
            Caller::Other(number) => Some(self.hash(number)),
            Caller::Withheld => None,
        }
    }
}
