//! Who takes part, and how: written down by imports and sign-ups, read as a whole by exports.

use std::collections::{BTreeSet, HashMap};

use rusqlite::{Connection, OptionalExtension, Row};

use super::{ReadTx, StoreError, Tx, consent};
use crate::domain::{
    Hours, Language, OtherPlace, ParticipantId, Phone, Postcode, ServiceId, Timestamp,
};

/// Somebody to be written down, or brought up to date; or as they were written down.
#[derive(Clone, PartialEq)]
pub struct NewParticipant {
    /// Their telephone.
    pub phone: Phone,
    /// What they are called.
    pub name: String,
    /// Where they live.
    pub postcode: Postcode,
    /// What they like to do from home.
    pub services: Vec<ServiceId>,
    /// Where else they like to do something; never where they live, and nowhere twice.
    pub elsewhere: Vec<OtherPlace>,
    /// When they may be rung.
    pub hours: Hours,
    /// Languages they speak, the first one first.
    pub languages: Vec<Language>,
    /// Nearest that they like to do something, metres.
    pub min_m: u32,
    /// Farthest, metres.
    pub max_m: u32,
    /// Most rings a day.
    pub max_per_day: u32,
    /// Most rings a week.
    pub max_per_week: u32,
    /// When and how they opted in: `phone`, `web`, `desk` or `paper`.
    pub opted_in: Option<(Timestamp, Box<str>)>,
    /// When they were verified on their own telephone.
    pub verified_at: Option<Timestamp>,
}

impl NewParticipant {
    /// Everything that they like to do, wherever: what they do from home first.
    pub fn everything(&self) -> Vec<ServiceId> {
        let mut all = self.services.clone();
        for id in self.elsewhere.iter().flat_map(|place| &place.services) {
            if !all.contains(id) {
                all.push(id.clone());
            }
        }
        all
    }

    /// Where they do this: at home if they do it there. `None`: they do not.
    pub fn does_it_at(&self, service: &ServiceId) -> Option<Postcode> {
        if self.services.contains(service) {
            return Some(self.postcode);
        }
        let elsewhere = self.elsewhere.iter().find(|place| place.services.contains(service));
        elsewhere.map(|place| place.postcode)
    }

    /// They like to do these from now on, and nothing else: where they did, and from home what is new.
    pub fn does_only(&mut self, services: &[ServiceId]) {
        let before = self.everything();
        self.services.retain(|id| services.contains(id));
        self.services.extend(services.iter().filter(|id| !before.contains(id)).cloned());
        for place in &mut self.elsewhere {
            place.services.retain(|id| services.contains(id));
        }
        self.elsewhere.retain(|place| !place.services.is_empty());
    }

    /// Whether they opted in anew, and were verified anew, after a stop.
    fn joined_after(&self, stop: Timestamp) -> bool {
        let later = |at: Option<Timestamp>| at.is_some_and(|at| at > stop);
        later(self.opted_in.as_ref().map(|(at, _)| *at)) && later(self.verified_at)
    }
}

impl std::fmt::Debug for NewParticipant {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "NewParticipant({})", self.phone)
    }
}

/// What became of a row that was put in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Put {
    /// It was not there before.
    Added,
    /// It was there and differed.
    Changed,
    /// It was there just so.
    Unchanged,
    /// It is not put in: this person stopped (R9).
    Stopped,
}

/// What becomes of the other places of somebody who is brought up to date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Elsewhere {
    /// They are those that are written.
    AsWritten,
    /// They stay as they are.
    AsItIs,
}

/// Somebody in the forms of the database, to be compared without reading hours again.
#[derive(PartialEq)]
struct Written {
    name: String,
    postcode: u16,
    /// Postcode and service, in order.
    offers: BTreeSet<(u16, String)>,
    hours: String,
    languages: String,
    min_m: u32,
    max_m: u32,
    max_per_day: u32,
    max_per_week: u32,
    opted_in: Option<(i64, String)>,
    verified_at: Option<i64>,
}

/// The columns that [`Written::read`] takes, from [`ROWS`].
const COLUMNS: &str = "p.name, p.postcode, p.hours, p.languages, p.min_m, p.max_m, p.max_per_day,
  p.max_per_week, p.verified_at, c.given_at, c.channel,
  (SELECT group_concat(o.postcode || ' ' || o.service, ';') FROM offer o
   WHERE o.participant = p.id), p.id, p.phone";
/// Everybody, with the consent that holds.
const ROWS: &str = "participant p LEFT JOIN consent c ON p.consented AND c.id =
  (SELECT max(id) FROM consent WHERE participant = p.id AND withdrawn_at IS NULL)";

impl Written {
    fn of(new: &NewParticipant) -> Self {
        let at = |postcode: Postcode| {
            move |service: &ServiceId| (postcode.number(), service.as_str().to_owned())
        };
        let at_home = new.services.iter().map(at(new.postcode));
        let elsewhere = new.elsewhere.iter().flat_map(|it| it.services.iter().map(at(it.postcode)));
        let languages: Vec<_> = new.languages.iter().map(|l| l.code()).collect();
        Self {
            name: new.name.clone(),
            postcode: new.postcode.number(),
            offers: at_home.chain(elsewhere).collect(),
            hours: new.hours.as_str().to_owned(),
            languages: languages.join(";"),
            min_m: new.min_m,
            max_m: new.max_m,
            max_per_day: new.max_per_day,
            max_per_week: new.max_per_week,
            opted_in: new.opted_in.as_ref().map(|(at, how)| (at.0, how.to_string())),
            verified_at: new.verified_at.map(|at| at.0),
        }
    }

    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        let given_at: Option<i64> = row.get(9)?;
        let channel: Option<String> = row.get(10)?;
        let offers: Option<String> = row.get(11)?;
        let offer = |offer: &str| {
            let (postcode, service) = offer.split_once(' ').unwrap_or_default();
            (postcode.parse().unwrap_or_default(), service.to_owned())
        };
        Ok(Self {
            name: row.get(0)?,
            postcode: row.get(1)?,
            hours: row.get(2)?,
            languages: row.get(3)?,
            min_m: row.get(4)?,
            max_m: row.get(5)?,
            max_per_day: row.get(6)?,
            max_per_week: row.get(7)?,
            verified_at: row.get(8)?,
            opted_in: given_at.zip(channel),
            offers: offers.iter().flat_map(|list| list.split(';')).map(offer).collect(),
        })
    }

    /// In the forms of the trade; `None` when a row does not read.
    fn known(self, phone: Phone, hours: &mut HashMap<String, Hours>) -> Option<NewParticipant> {
        let hours = match hours.get(&self.hours) {
            Some(known) => known.clone(),
            None => {
                let read = Hours::parse(&self.hours).ok()?;
                hours.insert(self.hours, read.clone());
                read
            }
        };
        let mut services = Vec::new();
        let mut elsewhere: Vec<OtherPlace> = Vec::new();
        for (postcode, service) in &self.offers {
            let service = ServiceId::parse(service).ok()?;
            match elsewhere.last_mut() {
                _ if *postcode == self.postcode => services.push(service),
                Some(place) if place.postcode.number() == *postcode => place.services.push(service),
                _ => elsewhere.push(OtherPlace {
                    postcode: Postcode::try_from(*postcode).ok()?,
                    services: vec![service],
                }),
            }
        }
        Some(NewParticipant {
            phone,
            name: self.name,
            postcode: Postcode::try_from(self.postcode).ok()?,
            services,
            elsewhere,
            hours,
            languages: self.languages.split(';').map(Language::parse).collect::<Option<_>>()?,
            min_m: self.min_m,
            max_m: self.max_m,
            max_per_day: self.max_per_day,
            max_per_week: self.max_per_week,
            opted_in: self.opted_in.map(|(at, how)| (Timestamp(at), how.into())),
            verified_at: self.verified_at.map(Timestamp),
        })
    }
}

impl Tx<'_> {
    /// Adds somebody, or brings them up to date by their number. A new opt-in is written down as
    /// consent; it never undoes a stop, unless it and the verification are both later (R9).
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn put_participant(
        &mut self,
        new: &NewParticipant,
        now: Timestamp,
    ) -> Result<Put, StoreError> {
        self.put(new, Elsewhere::AsWritten, now)
    }

    /// As [`Tx::put_participant`] of somebody who is written down without their other places: what
    /// they do there stays as it is.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn put_without_other_places(
        &mut self,
        new: &NewParticipant,
        now: Timestamp,
    ) -> Result<Put, StoreError> {
        self.put(new, Elsewhere::AsItIs, now)
    }

    fn put(
        &mut self,
        new: &NewParticipant,
        elsewhere: Elsewhere,
        now: Timestamp,
    ) -> Result<Put, StoreError> {
        // The stop stays on the list also after a new opt-in: an old file never brings an old one back.
        if self.stopped_at(&new.phone)?.is_some_and(|stop| !new.joined_after(stop)) {
            return Ok(Put::Stopped);
        }
        let (id, put) = self.put_row(new, elsewhere, now)?;
        if let Some((given_at, channel)) = new.opted_in.as_ref().filter(|_| put != Put::Unchanged) {
            let given = consent::Given::before(*given_at, channel, new.verified_at);
            self.put_consent(id, given)?;
        }
        Ok(put)
    }

    /// Adds somebody, or brings them up to date by their number, whether they stopped or not; their
    /// consent is not looked at.
    pub(super) fn put_row(
        &mut self,
        new: &NewParticipant,
        elsewhere: Elsewhere,
        now: Timestamp,
    ) -> Result<(i64, Put), StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM {ROWS} WHERE p.phone = ?1");
        let before = self
            .db
            .prepare_cached(&sql)?
            .query_row([new.phone.e164()], |row| Ok((row.get::<_, i64>(12)?, Written::read(row)?)))
            .optional()?;
        let mut written = Written::of(new);
        if let (Elsewhere::AsItIs, Some((_, before))) = (elsewhere, &before) {
            let homes = [before.postcode, written.postcode];
            let elsewhere = before.offers.iter().filter(|(there, _)| !homes.contains(there));
            written.offers.extend(elsewhere.cloned());
        }
        Ok(match before {
            Some((id, before)) if before == written => (id, Put::Unchanged),
            Some((id, before)) => {
                self.rewrite(id, &written)?;
                self.change_offers(id, &before, &written)?;
                (id, Put::Changed)
            }
            None => {
                let id = self.write_down(&new.phone, &written, now)?;
                self.put_offers(id, &written)?;
                (id, Put::Added)
            }
        })
    }

    fn write_down(
        &mut self,
        phone: &Phone,
        new: &Written,
        now: Timestamp,
    ) -> Result<i64, StoreError> {
        self.db
            .prepare_cached(
                "INSERT INTO participant (phone, name, postcode, hours, languages, min_m, max_m,
                   max_per_day, max_per_week, consented, verified_at, created_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
            )?
            .execute((
                phone.e164(),
                &new.name,
                new.postcode,
                &new.hours,
                &new.languages,
                new.min_m,
                new.max_m,
                new.max_per_day,
                new.max_per_week,
                new.opted_in.is_some(),
                new.verified_at,
                now.0,
            ))?;
        Ok(self.db.last_insert_rowid())
    }

    fn rewrite(&mut self, id: i64, new: &Written) -> Result<(), StoreError> {
        self.db
            .prepare_cached(
                "UPDATE participant SET name = ?2, postcode = ?3, hours = ?4, languages = ?5,
                   min_m = ?6, max_m = ?7, max_per_day = ?8, max_per_week = ?9, consented = ?10,
                   verified_at = ?11 WHERE id = ?1",
            )?
            .execute((
                id,
                &new.name,
                new.postcode,
                &new.hours,
                &new.languages,
                new.min_m,
                new.max_m,
                new.max_per_day,
                new.max_per_week,
                new.opted_in.is_some(),
                new.verified_at,
            ))?;
        Ok(())
    }

    /// What somebody goes on doing keeps its own limits, wherever they do it from now on.
    fn change_offers(
        &mut self,
        id: i64,
        before: &Written,
        new: &Written,
    ) -> Result<(), StoreError> {
        for (postcode, service) in new.offers.difference(&before.offers) {
            self.db
                .prepare_cached(
                    "INSERT INTO offer (service, postcode, participant, min_m, max_m, inside)
                     SELECT ?1, ?2, ?3, max(min_m), min(max_m), coalesce(max(inside), 0) FROM offer
                     WHERE participant = ?3 AND service = ?1",
                )?
                .execute((service, postcode, id))?;
        }
        let sql = "DELETE FROM offer WHERE service = ?1 AND postcode = ?2 AND participant = ?3";
        for (postcode, service) in before.offers.difference(&new.offers) {
            self.db.prepare_cached(sql)?.execute((service, postcode, id))?;
        }
        Ok(())
    }

    fn put_offers(&mut self, id: i64, new: &Written) -> Result<(), StoreError> {
        let mut put = self.db.prepare_cached(
            "INSERT INTO offer (service, postcode, participant) VALUES (?1, ?2, ?3)",
        )?;
        for (postcode, service) in &new.offers {
            put.execute((service, postcode, id))?;
        }
        Ok(())
    }
}

/// Whoever has this row, also when they stopped: without an opt-in then.
pub(super) fn known(
    db: &Connection,
    id: ParticipantId,
) -> Result<Option<NewParticipant>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM {ROWS} WHERE p.id = ?1");
    let found = db
        .prepare_cached(&sql)?
        .query_row([id.0], |row| Ok((row.get::<_, String>(13)?, Written::read(row)?)))
        .optional()?;
    let Some((number, written)) = found else { return Ok(None) };
    let damaged = || StoreError::Damaged("participant");
    let phone = Phone::from_stored(&number).map_err(|_| damaged())?;
    written.known(phone, &mut HashMap::new()).map(Some).ok_or_else(damaged)
}

impl ReadTx<'_> {
    /// Everybody but those who stopped, by number.
    ///
    /// # Errors
    /// [`StoreError`] of the database, or when a row does not read.
    pub fn participants(&self) -> Result<Vec<NewParticipant>, StoreError> {
        let mut hours = HashMap::new();
        let mut everybody = Vec::new();
        let sql = format!("SELECT {COLUMNS} FROM {ROWS} ORDER BY p.phone");
        let mut select = self.db.prepare(&sql)?;
        let mut rows = select.query([])?;
        while let Some(row) = rows.next()? {
            let number: String = row.get(13)?;
            let damaged = || StoreError::Damaged("participant");
            let phone = Phone::from_stored(&number).map_err(|_| damaged())?;
            let known = Written::read(row)?.known(phone, &mut hours).ok_or_else(damaged)?;
            let stop = consent::stopped_at(self.db, self.hash_key, &number)?;
            if stop.is_none_or(|stop| known.joined_after(stop)) {
                everybody.push(known);
            }
        }
        Ok(everybody)
    }
}
