//! What the desk saw and decided about people for services with special conditions, read back.

use rusqlite::{Connection, OptionalExtension, params_from_iter, types::Value};

use super::people::{self, json};
use super::{AgeKnownBy, PersonRow, ReadTx, StoreError, Tx, Whose};
use crate::dispatch::choose::{Admission, Certificate};
use crate::domain::{CertificateKind, ParticipantId, ServiceId, Timestamp};

/// What is written down about one person.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Admissions {
    /// By service.
    pub services: Vec<AdmissionSeen>,
    /// How old they are at least, if that is known.
    pub age: Option<AgeSeen>,
}

/// What is written down about one person and one service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdmissionSeen {
    /// Which service.
    pub service: ServiceId,
    /// When the desk approved of them, and who did.
    pub approved: Option<(Timestamp, String)>,
    /// The certificate that was seen.
    pub certificate: Option<CertificateSeen>,
}

/// A certificate that was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateSeen {
    /// What kind.
    pub kind: CertificateKind,
    /// When.
    pub seen_at: Timestamp,
    /// Who saw it.
    pub by: String,
    /// No longer good from this moment on; `None`: it does not run out.
    pub expires: Option<Timestamp>,
}

/// How old somebody is at least.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AgeSeen {
    /// In years.
    pub at_least: u8,
    /// How it is known.
    pub known_by: AgeKnownBy,
    /// Since when.
    pub known_at: Timestamp,
}

/// Somebody who likes to do something that has conditions.
#[derive(Debug, Clone, PartialEq)]
pub struct ToAdmit {
    /// Who.
    pub person: PersonRow,
    /// What they like to do.
    pub service: ServiceId,
    /// What is known of them for it.
    pub known: Admission,
}

impl Admissions {
    /// What is written down for a service, if anything is.
    pub fn seen(&self, service: &ServiceId) -> Option<&AdmissionSeen> {
        self.services.iter().find(|seen| seen.service == *service)
    }

    /// The same, as the choice sees it.
    pub fn of(&self, service: &ServiceId) -> Admission {
        let seen = self.seen(service);
        let certificate = seen.and_then(|seen| seen.certificate.as_ref());
        Admission {
            approved: seen.is_some_and(|seen| seen.approved.is_some()),
            certificate: certificate.map(|seen| Certificate { expires: seen.expires }),
            age_at_least: self.age.map_or(0, |age| age.at_least),
        }
    }
}

impl ReadTx<'_> {
    /// What is written down about somebody.
    ///
    /// # Errors
    /// [`StoreError`] of the database, or when a row does not read.
    pub fn admissions(&self, who: ParticipantId) -> Result<Admissions, StoreError> {
        admissions(self.db, who)
    }

    /// Everybody among these people who likes to do one of these services, once for each, by name;
    /// also those who take no part now.
    ///
    /// # Errors
    /// [`StoreError`] of the database, or when a row does not read.
    pub fn to_admit(
        &self,
        whose: &Whose,
        services: &[ServiceId],
        now: Timestamp,
    ) -> Result<Vec<ToAdmit>, StoreError> {
        let (theirs, [areas, lines]) = whose.condition();
        let sql = format!(
            "SELECT {}, o.service, a.approved_at IS NOT NULL, a.certificate_seen_at IS NOT NULL,
               a.certificate_expires_at, coalesce(g.at_least, 0)
             FROM offer o JOIN participant p ON p.id = o.participant
             LEFT JOIN admission a ON a.participant = p.id AND a.service = o.service
             LEFT JOIN age g ON g.participant = p.id
             WHERE {theirs} AND o.service IN (SELECT value FROM json_each(?4))
             GROUP BY p.id, o.service
             ORDER BY p.name COLLATE NOCASE, p.id, o.service",
            people::ROW
        );
        let services = json(services.iter().map(|id| serde_json::json!(id.as_str())));
        let mut select = self.db.prepare_cached(&sql)?;
        let mut rows =
            select.query(params_from_iter([Value::Integer(now.0), areas, lines, services]))?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let service: String = row.get(10)?;
            let expires = row.get::<_, Option<i64>>(13)?.map(Timestamp);
            found.push(ToAdmit {
                person: people::row(row)?,
                service: ServiceId::parse(&service).map_err(|_| StoreError::Damaged("offer"))?,
                known: Admission {
                    approved: row.get(11)?,
                    certificate: row.get::<_, bool>(12)?.then_some(Certificate { expires }),
                    age_at_least: row.get(14)?,
                },
            });
        }
        Ok(found)
    }
}

impl Tx<'_> {
    /// As [`ReadTx::admissions`], within a write.
    ///
    /// # Errors
    /// [`StoreError`] of the database, or when a row does not read.
    pub fn admissions(&mut self, who: ParticipantId) -> Result<Admissions, StoreError> {
        admissions(self.db, who)
    }
}

fn admissions(db: &Connection, who: ParticipantId) -> Result<Admissions, StoreError> {
    let mut select = db.prepare_cached(
        "SELECT a.service, a.approved_at, coalesce(by.name, ''), a.certificate_kind,
           a.certificate_seen_at, coalesce(saw.name, ''), a.certificate_expires_at
         FROM admission a LEFT JOIN operator by ON by.id = a.approved_by
         LEFT JOIN operator saw ON saw.id = a.certificate_seen_by
         WHERE a.participant = ?1 ORDER BY a.service",
    )?;
    let mut rows = select.query([who.0])?;
    let mut services = Vec::new();
    while let Some(row) = rows.next()? {
        let damaged = || StoreError::Damaged("admission");
        let moment =
            |column| Ok::<_, StoreError>(row.get::<_, Option<i64>>(column)?.map(Timestamp));
        let (kind, by): (Option<String>, String) = (row.get(3)?, row.get(2)?);
        let certificate = match (kind, moment(4)?) {
            (Some(kind), Some(seen_at)) => Some(CertificateSeen {
                kind: CertificateKind::parse(&kind).ok_or_else(damaged)?,
                seen_at,
                by: row.get(5)?,
                expires: moment(6)?,
            }),
            _ => None,
        };
        services.push(AdmissionSeen {
            service: ServiceId::parse(&row.get::<_, String>(0)?).map_err(|_| damaged())?,
            approved: moment(1)?.map(|at| (at, by)),
            certificate,
        });
    }
    let sql = "SELECT at_least, known_by = 'seen', known_at FROM age WHERE participant = ?1";
    let age = db.prepare_cached(sql)?.query_row([who.0], |row| {
        Ok(AgeSeen {
            at_least: row.get(0)?,
            known_by: if row.get(1)? { AgeKnownBy::Seen } else { AgeKnownBy::Said },
            known_at: Timestamp(row.get(2)?),
        })
    });
    Ok(Admissions { services, age: age.optional()? })
}
