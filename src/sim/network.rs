//! A telephone network in a box: lines, telephones, legs, and a queue of what happens next.
//!
//! It knows no clock, no socket and no application: time is handed in, requests come out, answers
//! go in. Whoever drives it does so in one loop: [`Network::step`] at [`Network::next_at`], carry
//! the requests over, hand the answers to [`Network::answered`]. The same seed and the same
//! answers give the same calls to the millisecond.

mod asking;
mod dialling;
mod documents;
mod ending;
mod hearing;
mod people;
mod recording;
mod requests;
mod rest_calls;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;

use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

use super::delivery::Delivery;
use super::faults::Faults;
use super::leg::{Direction, Doing, Leg, LegId, Person, Status};
use super::log::{By, LogEntry, What};
use super::number::{CallerId, Number};
use super::script::Act;
use super::telephone::{Behind, Telephone};
use super::wire::{Kind, Request, RequestId};
use crate::domain::Timestamp;
use requests::{Outgoing, Pending};

/// From dialling a number to its telephone ringing.
pub(super) const SET_UP: Duration = Duration::from_secs(1);
/// What the provider adds to the time that a document lets a telephone ring.
pub(super) const SURPLUS: Duration = Duration::from_secs(5);

/// How the network knows the application.
#[derive(Debug, Clone)]
pub struct NetworkConfig {
    /// The account that the application has with the provider.
    pub account: String,
    /// The numbers that belong to the application.
    pub lines: Vec<Number>,
    /// Absolute address asked when a line is dialled.
    pub voice_url: String,
    /// Absolute address asked when a document cannot be had or carried out.
    pub fallback_url: Option<String>,
    /// Absolute address told when a call to a line is over.
    pub status_url: Option<String>,
    /// Where recordings are to be fetched: scheme, host and port of the REST interface.
    pub api_base: String,
    /// How webhooks travel.
    pub delivery: Delivery,
}

/// The network.
#[derive(Debug)]
pub struct Network {
    config: NetworkConfig,
    now: Timestamp,
    queue: BTreeMap<(Timestamp, u64), Event>,
    queued: u64,
    telephones: HashMap<Number, Telephone>,
    legs: BTreeMap<LegId, Leg>,
    live: BTreeSet<LegId>,
    sids: HashMap<String, LegId>,
    recordings: BTreeMap<String, Tape>,
    pending: BTreeMap<RequestId, Pending>,
    requests: u64,
    outbox: Vec<Request>,
    log: Vec<LogEntry>,
    rng: ChaCha8Rng,
    faults: Faults,
}

/// A recording at the provider.
#[derive(Debug, Clone)]
struct Tape {
    leg: LegId,
    seconds: u32,
    ready: Timestamp,
}

/// Something that will happen.
#[derive(Debug)]
enum Event {
    /// A person takes up a telephone and dials.
    Dial(LegId),
    /// A dialled number is reached.
    Reached(LegId),
    PickedUp(LegId),
    RangOut(LegId),
    Declined(LegId),
    /// What is being heard is at its end.
    Heard(LegId, u64),
    /// Nobody pressed a key in time.
    Silence(LegId, u64),
    /// A recording may have to end.
    TapeCheck(LegId, u64),
    /// The longest conversation is over.
    TalkedOut(LegId, u64),
    /// A person's next step is due.
    Turn(LegId, u64),
    /// A request goes out.
    Send(Box<Outgoing>),
}

impl Network {
    /// A network without telephones. The seed settles ids and the drawing of habits.
    pub fn new(config: NetworkConfig, seed: u64) -> Self {
        Self {
            config,
            now: Timestamp(i64::MIN),
            queue: BTreeMap::new(),
            queued: 0,
            telephones: HashMap::new(),
            legs: BTreeMap::new(),
            live: BTreeSet::new(),
            sids: HashMap::new(),
            recordings: BTreeMap::new(),
            pending: BTreeMap::new(),
            requests: 0,
            outbox: Vec::new(),
            log: Vec::new(),
            rng: ChaCha8Rng::seed_from_u64(seed),
            faults: Faults::new(Timestamp(0), Vec::new()),
        }
    }

    /// Puts a telephone at a number, or somebody else behind the one that is there.
    pub fn add_telephone(&mut self, number: Number, behind: Behind) {
        self.telephones
            .entry(number)
            .and_modify(|telephone| telephone.behind = behind.clone())
            .or_insert(Telephone { behind, rings: 0 });
    }

    /// Somebody dials `to` at that moment and then does what the script says; an empty script is
    /// somebody at the controls ([`Network::press`], [`Network::hang_up`]), or who never keys.
    pub fn dial(&mut self, at: Timestamp, from: CallerId, to: Number, script: Vec<Act>) -> LegId {
        let at = at.max(self.now);
        let id = self.new_leg(at, Direction::Inbound, from, to);
        self.leg(id).person.script = script.into();
        self.at(at, Event::Dial(id));
        id
    }

    /// When something happens next; none while nothing is going on but requests under way.
    pub fn next_at(&self) -> Option<Timestamp> {
        if !self.outbox.is_empty() {
            return Some(self.now);
        }
        self.queue.iter().find(|(_, event)| !self.is_void(event)).map(|((at, _), _)| *at)
    }

    /// Lets everything happen that is due at `now`, and returns the requests to carry over, in
    /// the order in which they leave.
    pub fn step(&mut self, now: Timestamp) -> Vec<Request> {
        while let Some(entry) = self.queue.first_entry().filter(|entry| entry.key().0 <= now) {
            let ((at, _), event) = entry.remove_entry();
            self.now = self.now.max(at);
            if !self.is_void(&event) {
                self.happen(event);
            }
        }
        self.now = self.now.max(now);
        std::mem::take(&mut self.outbox)
    }

    /// Everything that has happened, in order.
    pub fn log(&self) -> &[LogEntry] {
        &self.log
    }

    /// Legs that are not over.
    pub fn live(&self) -> impl Iterator<Item = LegId> + '_ {
        self.live.iter().copied()
    }

    /// Whether everything has come to rest: no leg alive, nothing queued, no answer awaited.
    pub fn is_quiet(&self) -> bool {
        self.live.is_empty()
            && self.queue.values().all(|event| self.is_void(event))
            && self.pending.is_empty()
            && self.outbox.is_empty()
    }

    /// The settings it was made with.
    pub fn config(&self) -> &NetworkConfig {
        &self.config
    }

    /// The provider's id of a leg.
    pub fn sid(&self, id: LegId) -> Option<&str> {
        self.legs.get(&id).map(|leg| leg.sid.as_str())
    }

    /// Where a leg stands.
    pub fn status(&self, id: LegId) -> Option<Status> {
        self.legs.get(&id).map(|leg| leg.status)
    }

    /// The leg that rings at this telephone or is held on it.
    pub fn leg_at(&self, number: &Number) -> Option<LegId> {
        self.live().find(|id| self.legs[id].telephone() == Some(number))
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Dial(id) => self.dialled(id),
            Event::Reached(id) => self.reached(id),
            Event::PickedUp(id) => self.picked_up(id),
            Event::RangOut(id) => self.end(id, Status::NoAnswer, By::Network),
            Event::Declined(id) => self.end(id, Status::Busy, By::Person),
            Event::Heard(id, _) => self.heard(id),
            Event::Silence(id, _) => self.silence(id),
            Event::TapeCheck(id, _) => self.check_tape(id),
            Event::TalkedOut(id, _) => {
                if let Some(child) = self.leg(id).dialling.as_ref().map(|d| d.child) {
                    self.end(child, Status::Completed, By::Network);
                }
            }
            Event::Turn(id, _) => self.turn(id),
            Event::Send(outgoing) => self.send(*outgoing),
        }
    }

    /// A timer of something that is no longer going on.
    fn is_void(&self, event: &Event) -> bool {
        match event {
            Event::Dial(id) | Event::Reached(id) => self.legs[id].is_over(),
            Event::RangOut(id) => !self.is_ringing(*id),
            Event::PickedUp(id) | Event::Declined(id) => {
                !self.is_ringing(*id) || self.legs[id].person.by_hand
            }
            Event::Heard(id, epoch)
            | Event::Silence(id, epoch)
            | Event::TapeCheck(id, epoch)
            | Event::TalkedOut(id, epoch) => !self.is_current(*id, *epoch),
            Event::Turn(id, turn) => self.legs[id].is_over() || self.legs[id].person.turn != *turn,
            Event::Send(_) => false,
        }
    }

    /// An incoming call reaches one of the lines, or nothing at all.
    fn dialled(&mut self, id: LegId) {
        self.live.insert(id);
        let (from, to) = (self.leg(id).from.clone(), self.leg(id).to.clone());
        self.note(id, What::Dialled { from, to: to.clone() });
        if !self.config.lines.contains(&to) {
            return self.end(id, Status::Failed, By::Network);
        }
        self.leg(id).status = Status::Ringing;
        self.leg(id).fallback = self.config.fallback_url.clone();
        let url = self.config.voice_url.clone();
        self.ask_for_document(id, &url, false, Kind::Voice, Vec::new());
        self.person_goes_on(id);
    }

    fn new_leg(&mut self, at: Timestamp, way: Direction, from: CallerId, to: Number) -> LegId {
        let id = LegId(u32::try_from(self.legs.len()).unwrap_or(u32::MAX) + 1);
        let sid = self.new_sid("CA");
        self.sids.insert(sid.clone(), id);
        // A call that is still to be made holds no telephone.
        if way != Direction::Inbound {
            self.live.insert(id);
        }
        self.legs.insert(
            id,
            Leg {
                sid,
                direction: way,
                from,
                to,
                forwarded_from: None,
                parent: None,
                twin: None,
                status: Status::Initiated,
                began: at,
                answered: None,
                ended: None,
                doing: Doing::Waiting,
                epoch: 0,
                document: String::new(),
                verbs: Default::default(),
                first_verb: true,
                prompts: Default::default(),
                speech: None,
                asking: None,
                taping: None,
                dialling: None,
                person: Person::default(),
                callback: None,
                voice: None,
                fallback: None,
                in_fallback: false,
                ring_limit: Duration::ZERO,
            },
        );
        id
    }

    /// Two letters and 32 hexadecimal digits, as the provider's ids are.
    fn new_sid(&mut self, prefix: &str) -> String {
        use rand::RngExt;
        format!("{prefix}{:032x}", self.rng.random::<u128>())
    }

    fn leg(&mut self, id: LegId) -> &mut Leg {
        self.legs.get_mut(&id).expect("an id is made together with its leg, which is never removed")
    }

    fn note(&mut self, leg: LegId, what: What) {
        self.log.push(LogEntry { at: self.now, leg, what });
    }

    fn alarm(&mut self, leg: LegId, code: u32, what: impl Into<String>) {
        self.note(leg, What::Alarm { code, what: what.into() });
    }

    fn at(&mut self, at: Timestamp, event: Event) {
        self.queued += 1;
        self.queue.insert((at, self.queued), event);
    }

    fn after(&mut self, time: Duration, event: Event) {
        self.at(self.now + time, event);
    }

    fn is_current(&self, id: LegId, epoch: u64) -> bool {
        self.legs.get(&id).is_some_and(|leg| leg.epoch == epoch && !leg.is_over())
    }

    fn is_ringing(&self, id: LegId) -> bool {
        self.legs
            .get(&id)
            .is_some_and(|leg| leg.status == Status::Ringing && leg.direction != Direction::Inbound)
    }
}

#[cfg(test)]
mod tests;
