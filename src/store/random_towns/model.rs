//! Who may be rung, as simply as it can be said: lists that are walked through, hours known by
//! heart, no SQL, nothing of `dispatch::choose`.

use std::time::Duration;

use chrono::{Datelike, NaiveDateTime, Timelike, Weekday};

use super::story::{PLACES, Person, START, Town};
use crate::dispatch::AttemptResult;
use crate::dispatch::choose::Pause;
use crate::domain::{Language, Numbering, Timestamp};

pub(super) struct Model {
    pub(super) now: Timestamp,
    pub(super) rings: Vec<Ring>,
    people: Vec<Known>,
    requests: Vec<Asked>,
    fixtures_ring: bool,
}

struct Known {
    as_written: Person,
    stopped: Option<Timestamp>,
    /// They have withdrawn and not joined again.
    out: bool,
    pause: Option<Pause>,
    rest_until: Timestamp,
}

struct Asked {
    by: Option<usize>,
    place: usize,
    service: usize,
    language: Language,
    caller_on_line: bool,
    accepted: Option<usize>,
}

#[derive(Debug)]
pub(super) struct Ring {
    pub(super) request: usize,
    person: Option<usize>,
    phone: String,
    at: Timestamp,
    result: Option<AttemptResult>,
    live: bool,
}

impl Ring {
    pub(super) fn of(request: usize, person: Option<usize>, phone: &str) -> Self {
        Self { request, person, phone: phone.into(), at: START, result: None, live: true }
    }
}

impl Model {
    pub(super) fn of(town: &Town) -> Self {
        let known = |person: &Person| Known {
            as_written: person.clone(),
            stopped: None,
            out: false,
            pause: None,
            rest_until: START,
        };
        Self {
            now: START,
            rings: Vec::new(),
            people: town.people.iter().map(known).collect(),
            requests: Vec::new(),
            fixtures_ring: town.numbering == Numbering::NlFixtures,
        }
    }

    pub(super) fn wait(&mut self, minutes: u32) {
        self.now = self.now + Duration::from_secs(60) * minutes;
    }

    /// R9: whether the row is let in.
    pub(super) fn import(&mut self, person: usize, as_written: Person) -> bool {
        let known = &mut self.people[person];
        let later = |at: Option<Timestamp>| at > known.stopped;
        if known.stopped.is_some() && !(later(as_written.opted_in) && later(as_written.verified)) {
            return false;
        }
        known.as_written = as_written;
        known.out = false;
        true
    }

    pub(super) fn stop(&mut self, person: usize) {
        self.people[person].stopped = Some(self.now);
        self.people[person].out = true;
        self.people[person].pause = None;
    }

    pub(super) fn pause(&mut self, person: usize, pause: Pause) {
        self.people[person].pause = Some(pause);
    }

    pub(super) fn ask(
        &mut self,
        by: Option<usize>,
        place: usize,
        service: usize,
        language: Language,
    ) {
        let asked = Asked { by, place, service, language, caller_on_line: true, accepted: None };
        self.requests.push(asked);
    }

    pub(super) fn caller_leaves(&mut self, request: usize) {
        self.requests[request].caller_on_line = false;
    }

    pub(super) fn rung(&mut self, ring: Ring) {
        self.rings.push(Ring { at: self.now, ..ring });
    }

    pub(super) fn decided(&mut self, ring: usize, result: AttemptResult) {
        use AttemptResult::{CallerEnded, Connected, Declined, NotToday};
        self.rings[ring].result = Some(result);
        let Some(person) = self.rings[ring].person else { return };
        let hours = match result {
            CallerEnded => return,
            Connected | Declined | NotToday => 3,
            _ => 1,
        };
        self.people[person].rest_until = self.now + Duration::from_secs(3600 * hours);
    }

    pub(super) fn released(&mut self, ring: usize) {
        self.rings[ring].live = false;
    }

    /// R6: the first one wins, and goes on winning.
    pub(super) fn accepts(&mut self, ring: usize) -> bool {
        *self.requests[self.rings[ring].request].accepted.get_or_insert(ring) == ring
    }

    /// R13: 09:00 to 21:00 on the Dutch clock.
    pub(super) fn line_rings(&self) -> bool {
        (9..21).contains(&self.now.wall_clock().hour())
    }

    pub(super) fn desk_is_free(&self, request: usize, phone: &str) -> bool {
        !self.rings.iter().any(|r| r.phone == phone && (r.live || r.request == request))
    }

    /// 0 in the same postcode, else the distance band.
    pub(super) fn band(&self, request: usize, person: usize) -> u32 {
        let Some(metres) = self.metres(request, person) else { return u32::MAX };
        let edges = [0, 1_000, 2_000, 5_000, 10_000, 20_000, u32::MAX];
        edges.into_iter().find(|edge| metres <= *edge).unwrap_or(u32::MAX)
    }

    /// How far the nearest of the places is where somebody does what is asked.
    fn metres(&self, request: usize, person: usize) -> Option<u32> {
        let asked = &self.requests[request];
        let places = self.people[person].as_written.does_it_at(asked.service);
        places.map(|there| distance(asked.place, there)).min()
    }

    /// Everybody who may be rung for this request at this moment.
    pub(super) fn may_be_rung(&self, request: usize, round: u32) -> Vec<usize> {
        let may = |person: &usize| self.may(request, *person, round);
        (0..self.people.len()).filter(may).collect()
    }

    fn may(&self, request: usize, person: usize, round: u32) -> bool {
        let (asked, known) = (&self.requests[request], &self.people[person]);
        let p = &known.as_written;
        let wall = self.now.wall_clock();
        let Some(metres) = self.metres(request, person) else { return false };
        let paused = match known.pause {
            Some(Pause::Until(end)) => self.now < end,
            Some(_) => true,
            None => false,
        };
        let theirs: Vec<&Ring> = self.rings.iter().filter(|r| r.person == Some(person)).collect();
        let counting = theirs.iter().filter(|r| r.result != Some(AttemptResult::CallerEnded));
        let today = counting.clone().filter(|r| r.at.wall_clock().date() == wall.date());
        let this_week = counting.filter(|r| week(r.at.wall_clock()) == week(wall));
        let phone = super::story::phone(person);
        self.fixtures_ring
            && self.line_rings()
            && asked.by != Some(person)
            && !known.out
            && p.opted_in.is_some()
            && p.verified.is_some()
            && open(p.hours, wall)
            && p.languages.contains(&asked.language)
            && (p.min_m..=p.max_m).contains(&metres)
            && metres <= if round == 1 { 10_000 } else { 20_000 }
            && !paused
            && self.now >= known.rest_until
            && today.count() < p.per_day as usize
            && this_week.count() < p.per_week as usize
            && !theirs.iter().any(|r| r.request == request)
            && !self.rings.iter().any(|r| r.live && r.phone == phone.e164())
            && !self.requests.iter().any(|r| r.caller_on_line && r.by == Some(person))
    }
}

fn distance(here: usize, there: usize) -> u32 {
    PLACES[here].1.abs_diff(PLACES[there].1)
}

fn week(wall: NaiveDateTime) -> (i32, u32) {
    (wall.iso_week().year(), wall.iso_week().week())
}

/// The hours of `story::HOURS`, by heart.
fn open(hours: usize, wall: NaiveDateTime) -> bool {
    let weekend = matches!(wall.weekday(), Weekday::Sat | Weekday::Sun);
    match hours {
        0 => true,
        1 => !weekend && (9..12).contains(&wall.hour()),
        2 => (18..21).contains(&wall.hour()),
        _ => weekend && (10..16).contains(&wall.hour()),
    }
}
