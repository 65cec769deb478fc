//! People who were asked for nothing for a while, and why not.
//!
//! Questions are held against what is known of people now: what they changed since, and who took the
//! telephone at that moment, is not written down anywhere.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use rusqlite::params_from_iter;
use rusqlite::types::Value;

use super::geography::{self, Geography};
use super::people;
use super::{PersonRow, ReadTx, StoreError, Whose, participants};
use crate::dispatch::choose::{self, Ask, Facts, Unasked};
use crate::domain::{
    Conditions, DayPart, Hours, Language, Line, Numbering, ParticipantId, Postcode, ServiceId,
    Timestamp,
};

/// Most questions that are looked at, the latest ones: enough to see why.
const MOST_QUESTIONS: u32 = 400;

/// Somebody who was not asked in a while.
#[derive(Debug, Clone, PartialEq)]
pub struct NeverAsked {
    /// Who.
    pub person: PersonRow,
    /// When they were last rung, or since when they are known.
    pub since: Timestamp,
    /// Why.
    pub why: Unasked,
}

/// Which while, and by which rules.
#[derive(Clone, Copy)]
pub struct Quiet<'a> {
    /// Its first moment.
    pub from: Timestamp,
    /// The first moment after it.
    pub until: Timestamp,
    /// This moment.
    pub now: Timestamp,
    /// The lines, by whose ringing hours questions are judged.
    pub lines: &'a [Line],
    /// What a service asks of whoever does it.
    pub conditions: &'a dyn Fn(&ServiceId) -> Conditions,
    /// Which numbers may be rung.
    pub numbering: Numbering,
}

/// A question that was asked.
struct Question {
    at: Timestamp,
    service: ServiceId,
    centre: Postcode,
    language: Language,
    inside: bool,
    asker: Option<i64>,
    ringing: bool,
}

/// A service that somebody likes to do somewhere.
struct Done {
    service: ServiceId,
    postcode: u16,
    /// Whether it is known where that is.
    known: bool,
    inside: bool,
    /// How near and how far at that, metres; `None`: as anything.
    min_m: Option<u32>,
    max_m: Option<u32>,
}

/// Somebody as far as choosing looks at them.
struct Somebody {
    row: PersonRow,
    hours: String,
    facts: Facts,
    since: Timestamp,
}

impl ReadTx<'_> {
    /// Everybody among these people who takes part since before that while and was not rung from its
    /// beginning on; those who wait longest first, at most `most`.
    ///
    /// # Errors
    /// [`StoreError`] of the database, or when a row does not read.
    pub fn never_asked(
        &self,
        whose: &Whose,
        quiet: &Quiet<'_>,
        most: u32,
    ) -> Result<Vec<NeverAsked>, StoreError> {
        self.unasked_among(whose, None, quiet, most)
    }

    /// The same of one person; `None` when they were asked, or do not take part so long.
    ///
    /// # Errors
    /// [`StoreError`] of the database, or when a row does not read.
    pub fn unasked(
        &self,
        who: ParticipantId,
        quiet: &Quiet<'_>,
    ) -> Result<Option<NeverAsked>, StoreError> {
        Ok(self.unasked_among(&Whose::Everybody, Some(who), quiet, 1)?.pop())
    }

    fn unasked_among(
        &self,
        whose: &Whose,
        who: Option<ParticipantId>,
        quiet: &Quiet<'_>,
        most: u32,
    ) -> Result<Vec<NeverAsked>, StoreError> {
        let people = self.people_unasked(whose, who, quiet, most)?;
        let questions = if people.is_empty() { Vec::new() } else { self.questions(quiet)? };
        let mut geography = Geography::new();
        let mut distances: HashMap<Postcode, HashMap<u16, u32>> = HashMap::new();
        for question in &questions {
            if let Entry::Vacant(entry) = distances.entry(question.centre) {
                let around = geography::around(self.db, &mut geography, question.centre)?;
                entry.insert(around.iter().copied().collect());
            }
        }
        let mut open = OpenThen::default();
        let mut told = Vec::with_capacity(people.len());
        for somebody in people {
            let why = self.why(&somebody, &questions, &distances, &mut open, quiet)?;
            told.push(NeverAsked { person: somebody.row, since: somebody.since, why });
        }
        Ok(told)
    }

    fn why(
        &self,
        somebody: &Somebody,
        questions: &[Question],
        distances: &HashMap<Postcode, HashMap<u16, u32>>,
        open: &mut OpenThen,
        quiet: &Quiet<'_>,
    ) -> Result<Unasked, StoreError> {
        let id = somebody.row.id;
        let does = self.does(id)?;
        let admissions = self.admissions(id)?;
        let mut why = Unasked::default();
        for (nth, question) in questions.iter().enumerate() {
            let around = distances.get(&question.centre);
            let metres = |it: &Done| around.and_then(|near| near.get(&it.postcode).copied());
            let nearest = (does.iter().filter(|it| it.service == question.service))
                .min_by_key(|it| (metres(it).unwrap_or(u32::MAX), !it.known, it.postcode));
            let Some(done) = nearest else { continue };
            let mut facts = somebody.facts.clone();
            facts.is_caller = question.asker == Some(id.0);
            facts.admission = admissions.of(&question.service);
            facts.min_m = done.min_m.unwrap_or(facts.min_m);
            facts.max_m = done.max_m.unwrap_or(facts.max_m);
            facts.goes_inside = done.inside;
            facts.distance_m = metres(done);
            if facts.distance_m.is_none() && done.known {
                // Known, and farther than anybody is looked for.
                facts.distance_m = Some(u32::MAX);
            }
            facts.same_postcode = question.centre.number() == done.postcode;
            facts.hours_open = open.at(&somebody.hours, nth, question.at);
            why.count(&facts, &question.ask((quiet.conditions)(&question.service)));
        }
        Ok(why)
    }

    fn does(&self, id: ParticipantId) -> Result<Vec<Done>, StoreError> {
        let sql = "SELECT o.service, o.postcode, o.min_m, o.max_m,
                     EXISTS (SELECT 1 FROM place l WHERE l.postcode = o.postcode), o.inside
                   FROM offer o WHERE o.participant = ?1";
        let mut select = self.db.prepare_cached(sql)?;
        let mut rows = select.query([id.0])?;
        let mut does = Vec::new();
        while let Some(row) = rows.next()? {
            let service = ServiceId::parse(&row.get::<_, String>(0)?);
            let service = service.map_err(|_| StoreError::Damaged("offer"))?;
            does.push(Done {
                service,
                postcode: row.get(1)?,
                known: row.get(4)?,
                inside: row.get(5)?,
                min_m: row.get(2)?,
                max_m: row.get(3)?,
            });
        }
        Ok(does)
    }

    fn questions(&self, quiet: &Quiet<'_>) -> Result<Vec<Question>, StoreError> {
        let mut select = self.db.prepare_cached(
            "SELECT opened_at, line, service, postcode, language, participant, inside FROM request
             WHERE kind = 'neighbour' AND service IS NOT NULL AND postcode IS NOT NULL
               AND opened_at >= ?1 AND opened_at < ?2
             ORDER BY opened_at DESC LIMIT ?3",
        )?;
        let mut rows = select.query((quiet.from.0, quiet.until.0, MOST_QUESTIONS))?;
        let mut questions = Vec::new();
        while let Some(row) = rows.next()? {
            let damaged = || StoreError::Damaged("request");
            let (line, service): (String, String) = (row.get(1)?, row.get(2)?);
            let at = Timestamp(row.get(0)?);
            let line = quiet.lines.iter().find(|known| known.number.e164() == line);
            questions.push(Question {
                at,
                service: ServiceId::parse(&service).map_err(|_| damaged())?,
                centre: Postcode::try_from(row.get::<_, u16>(3)?).map_err(|_| damaged())?,
                language: Language::parse(&row.get::<_, String>(4)?).ok_or_else(damaged)?,
                asker: row.get(5)?,
                inside: row.get(6)?,
                // A line that is gone says nothing about hours.
                ringing: line.is_none_or(|line| line.may_ring(at)),
            });
        }
        Ok(questions)
    }

    fn people_unasked(
        &self,
        whose: &Whose,
        who: Option<ParticipantId>,
        quiet: &Quiet<'_>,
        most: u32,
    ) -> Result<Vec<Somebody>, StoreError> {
        let (theirs, [areas, lines]) = whose.condition();
        let sql = format!(
            "SELECT {}, p.hours, p.languages, p.pause_kind, p.pause_until, p.unanswered, p.min_m,
               p.max_m, p.max_per_day, p.max_per_week, coalesce(p.last_asked, p.created_at),
               EXISTS (SELECT 1 FROM still_there s WHERE s.participant = p.id AND s.why = 'silent')
             FROM participant p
             WHERE {theirs} AND p.consented AND p.verified_at IS NOT NULL AND p.created_at <= ?4
               AND coalesce(p.last_asked < ?4, TRUE) AND (?5 IS NULL OR p.id = ?5)
             ORDER BY coalesce(p.last_asked, p.created_at), p.id LIMIT ?6",
            people::ROW
        );
        let id = who.map_or(Value::Null, |id| Value::Integer(id.0));
        let [now, from] = [quiet.now, quiet.from].map(|at| Value::Integer(at.0));
        let values = [now, areas, lines, from, id, Value::Integer(i64::from(most))];
        let mut select = self.db.prepare_cached(&sql)?;
        let mut rows = select.query(params_from_iter(values))?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let person = people::row(row)?;
            let until = Timestamp(row.get::<_, Option<i64>>(13)?.unwrap_or(0));
            let kind: Option<String> = row.get(12)?;
            let pause = participants::pause(kind.as_deref(), until);
            let languages: String = row.get(11)?;
            let facts = Facts {
                participant: person.id,
                consented: true,
                verified: true,
                offers: true,
                number_fits: quiet.numbering.may_ring(&person.phone).is_ok(),
                pause: pause.filter(|pause| pause.holds(quiet.now)),
                languages: languages.split(';').filter_map(Language::parse).collect(),
                unanswered: row.get(14)?,
                silent: row.get(20)?,
                min_m: row.get(15)?,
                max_m: row.get(16)?,
                max_per_day: row.get(17)?,
                max_per_week: row.get(18)?,
                ..Facts::of_nobody(person.id)
            };
            let (hours, since) = (row.get(10)?, Timestamp(row.get(19)?));
            found.push(Somebody { row: person, hours, facts, since });
        }
        Ok(found)
    }
}

impl Question {
    fn ask(&self, conditions: Conditions) -> Ask {
        Ask {
            now: self.at,
            day_part: DayPart::of(self.at),
            ringing_hours_open: self.ringing,
            language: self.language,
            conditions,
            inside: self.inside,
            reach_m: choose::reach_m(1),
            // No order is asked for.
            mean_pick_up: 0.0,
            mean_yes: 0.0,
            seed: 0,
        }
    }
}

/// Whether hours were open at the moment of a question: many people share the same hours.
#[derive(Default)]
struct OpenThen {
    parsed: HashMap<String, Option<Hours>>,
    open: HashMap<(String, usize), bool>,
}

impl OpenThen {
    /// Hours that do not read count as closed, as in choosing.
    fn at(&mut self, hours: &str, nth: usize, at: Timestamp) -> bool {
        let parsed =
            self.parsed.entry(hours.to_owned()).or_insert_with(|| Hours::parse(hours).ok());
        let is_open = || parsed.as_ref().is_some_and(|hours| hours.is_open(at));
        *self.open.entry((hours.to_owned(), nth)).or_insert_with(is_open)
    }
}
