//! What is known of people that a service with special conditions asks for, and limits of one offer.
//!
//! Facts only: that the desk approved, that it saw a certificate and until when it is good, that
//! somebody is so old at least. Never a paper, a number of one, or a date of birth.

use super::{StoreError, Tx};
use crate::domain::{CertificateKind, OperatorId, ParticipantId, ServiceId, Timestamp};

/// A certificate as the desk saw it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewCertificate {
    /// What kind.
    pub kind: CertificateKind,
    /// When it was seen.
    pub seen_at: Timestamp,
    /// No longer good from this moment on; `None`: it does not run out.
    pub expires: Option<Timestamp>,
}

/// How it is known that somebody is so old.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AgeKnownBy {
    /// They said so themselves.
    Said,
    /// The desk saw it.
    Seen,
}

impl Tx<'_> {
    /// The desk approves of somebody for a service; `false`: no longer does.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn approve(
        &mut self,
        who: ParticipantId,
        service: &ServiceId,
        approved: bool,
        by: OperatorId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let at = approved.then_some(now.0);
        self.db
            .prepare_cached(
                "INSERT INTO admission (participant, service, approved_at, approved_by)
                 VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT DO UPDATE SET approved_at = ?3, approved_by = ?4",
            )?
            .execute((who.0, service.as_str(), at, by.0))?;
        Ok(())
    }

    /// The desk has seen somebody's certificate for a service. A newer one takes the place of an older
    /// one.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn certificate_seen(
        &mut self,
        who: ParticipantId,
        service: &ServiceId,
        certificate: NewCertificate,
        by: OperatorId,
    ) -> Result<(), StoreError> {
        let NewCertificate { kind, seen_at, expires } = certificate;
        let expires = expires.map(|at| at.0);
        self.db
            .prepare_cached(
                "INSERT INTO admission (participant, service, certificate_kind,
                   certificate_seen_at, certificate_seen_by, certificate_expires_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                 ON CONFLICT DO UPDATE SET certificate_kind = ?3, certificate_seen_at = ?4,
                   certificate_seen_by = ?5, certificate_expires_at = ?6",
            )?
            .execute((who.0, service.as_str(), kind.code(), seen_at.0, by.0, expires))?;
        Ok(())
    }

    /// A certificate does not count any more, for this service. Twice is once.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn certificate_withdrawn(
        &mut self,
        who: ParticipantId,
        service: &ServiceId,
    ) -> Result<(), StoreError> {
        self.db
            .prepare_cached(
                "UPDATE admission SET certificate_kind = NULL, certificate_seen_at = NULL,
                   certificate_seen_by = NULL, certificate_expires_at = NULL
                 WHERE participant = ?1 AND service = ?2",
            )?
            .execute((who.0, service.as_str()))?;
        Ok(())
    }

    /// Somebody is so old at least, 1 to 99 years. What was seen is not undone by what is said, nor a
    /// higher age by a lower one.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn age_known(
        &mut self,
        who: ParticipantId,
        at_least: u8,
        by: AgeKnownBy,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let by = match by {
            AgeKnownBy::Said => "said",
            AgeKnownBy::Seen => "seen",
        };
        self.db
            .prepare_cached(
                "INSERT INTO age (participant, at_least, known_by, known_at)
                 VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT DO UPDATE SET at_least = ?2, known_by = ?3, known_at = ?4
                   WHERE (?2, ?3 = 'seen') > (at_least, known_by = 'seen')",
            )?
            .execute((who.0, at_least, by, now.0))?;
        Ok(())
    }

    /// How old somebody is is not known any more. Twice is once.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn age_withdrawn(&mut self, who: ParticipantId) -> Result<(), StoreError> {
        self.db.prepare_cached("DELETE FROM age WHERE participant = ?1")?.execute([who.0])?;
        Ok(())
    }

    /// How near and how far somebody likes to do this one service, metres; `None`: as they like to do
    /// anything. Nothing happens for a service that they do not offer.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn limit_offer(
        &mut self,
        who: ParticipantId,
        service: &ServiceId,
        min_m: Option<u32>,
        max_m: Option<u32>,
    ) -> Result<(), StoreError> {
        self.db
            .prepare_cached(
                "UPDATE offer SET min_m = ?3, max_m = ?4 WHERE participant = ?1 AND service = ?2",
            )?
            .execute((who.0, service.as_str(), min_m, max_m))?;
        Ok(())
    }
}
