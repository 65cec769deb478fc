//! Placed calls as stories and as chance has them, on a real store, against a provider of any mood.

mod chance;
mod hanging;
mod provider;
mod stories;

use std::future::Future;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use self::provider::Provider;
use super::{Decided, NewPlacing, Purpose};
use crate::carrier::{Params, Webhook};
use crate::commands::assemble::{self, Rooms};
use crate::config::{Config, Surroundings};
use crate::dispatch::{AttemptResult, Input, Search};
use crate::domain::{
    AttemptId, CallId, Caller, Hours, Language, Phone, PlacedId, Postcode, RequestId, ServiceId,
    Timestamp,
};
use crate::exchange::{Exchange, Failure, SetClock, background, drive};
use crate::flow::Flows;
use crate::store::{
    Direction, NewCall, NewParticipant, NewRequest, Place, PlacedState, RequestKind, Role, Store,
    StoreError, key,
};
use crate::telemetry::Metrics;

/// Tuesday 2026-11-24, 10:00 in the Netherlands.
const NOW: Timestamp = Timestamp(1_795_510_800_000);
const SECOND: Duration = Duration::from_secs(1);
/// Longer than anything waits for but a quiet leg, which is asked after every ten minutes.
const LONG: Duration = Duration::from_secs(500);
const RING: Duration = Duration::from_secs(20);
const LINE: &str = "+31700002586";

static FLOWS: LazyLock<Flows> = LazyLock::new(Flows::built_in);

/// An exchange over a file that survives it, and its provider.
struct World {
    runtime: tokio::runtime::Runtime,
    clock: Arc<SetClock>,
    provider: Arc<Provider>,
    exchange: Option<Arc<Exchange>>,
    directory: tempfile::TempDir,
}

impl World {
    fn open() -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
        let clock = Arc::new(SetClock::at(NOW));
        let provider = Arc::new(Provider::new(&clock));
        let directory = match tempfile::tempdir_in("/dev/shm") {
            Ok(in_memory) => in_memory,
            Err(_) => tempfile::tempdir().expect("a directory"),
        };
        let runtime = runtime.expect("a runtime");
        let mut world = Self { runtime, clock, provider, exchange: None, directory };
        world.begin();
        world
    }

    fn begin(&mut self) {
        let database = self.directory.path().join("town.db");
        let keys = key::load_or_make(&database).expect("keys");
        let rooms = Rooms {
            flows: FLOWS.clone(),
            store: Arc::new(Store::open(&database, keys.stop_list).expect("a store")),
            keys,
            carrier: Arc::clone(&self.provider) as Arc<_>,
            clock: Arc::clone(&self.clock) as Arc<_>,
            metrics: Arc::new(Metrics::new()),
        };
        self.exchange = Some(assemble::exchange(&config(), rooms).exchange);
    }

    /// The process is killed and begins again.
    fn crash(&mut self) {
        self.exchange = None;
        self.begin();
    }

    fn exchange(&self) -> Arc<Exchange> {
        Arc::clone(self.exchange.as_ref().expect("open at all times but during a crash"))
    }

    fn run<T>(&self, what: impl Future<Output = Result<T, Failure>>) -> T {
        self.runtime.block_on(what).expect("the store works")
    }

    fn later(&self, by: Duration) {
        use crate::exchange::Clock;
        self.clock.set(self.clock.now() + by);
    }

    /// The worker does what is due. Killed in the middle of a request, the process begins again.
    fn work(&mut self) {
        let (exchange, provider) = (self.exchange(), Arc::clone(&self.provider));
        let killed = self.runtime.block_on(async {
            tokio::select! {
                biased;
                () = provider.killed() => true,
                done = exchange.work() => { done.expect("the store works"); false }
            }
        });
        drop(exchange);
        if killed {
            self.crash();
        }
    }

    /// Moves on to whatever is due next, within so long; whether anything was.
    fn work_within(&mut self, longest: Duration) -> bool {
        use crate::exchange::Clock;
        let now = self.clock.now();
        let next = self.run(self.exchange().next_due());
        let Some(next) = next.filter(|next| *next <= now + longest) else {
            return false;
        };
        self.clock.set(next.max(now));
        self.work();
        true
    }

    /// A search that has just reserved this telephone, to be rung by a placed call.
    fn candidate(&self, number: &str) -> (AttemptId, Decided) {
        let to = phone(number);
        self.run(self.exchange().one_input(move |moment, tx| {
            let line = moment.context.line(LINE).expect("the line").clone();
            let call = tx.open_call(&NewCall {
                sid: format!("CA-of-{}", to.e164()),
                parent_sid: None,
                direction: Direction::Incoming,
                role: Role::Caller,
                line: line.number.clone(),
                caller: Caller::Withheld,
                participant: None,
                attempt: None,
                now: moment.now,
            })?;
            tx.call_ended(call.id, moment.now)?;
            let request = tx.open_request(&NewRequest {
                line: line.number.clone(),
                kind: RequestKind::Desk,
                service: None,
                postcode: None,
                language: Language::Nl,
                participant: None,
                call: Some(call.id),
                note: None,
                now: moment.now,
            })?;
            let seats = [to.clone()];
            let reserved = tx.reserve_desk(&request, &seats, moment.now)?.expect("free");
            let mut search = Search::new(drive::live_limits(&line));
            search.handle(moment.now, Input::Opened);
            search.handle(moment.now, Input::Reserved(reserved.attempt));
            tx.save_machine(request.id, &serde_json::to_string(&search).expect("JSON"))?;
            let purpose = Purpose::Candidate { attempt: reserved.attempt };
            let new = NewPlacing { to: &to, line: &line, ring: RING, purpose };
            Ok((reserved.attempt, super::place(moment, tx, &new)?))
        }))
    }

    /// A search in the background for somebody who is called back, where this one may be asked.
    fn search_for_company(&self, whose: &str, neighbour: &str) -> RequestId {
        let (whose, neighbour) = (phone(whose), phone(neighbour));
        self.run(self.exchange().one_input(move |moment, tx| {
            let (now, postcode) = (moment.now, Postcode::parse("2584").expect("a postcode"));
            let company = ServiceId::parse("company").expect("a service");
            tx.put_places(&[Place {
                postcode,
                place: "Den Haag".into(),
                neighbourhood: "Scheveningen".into(),
                lat: 52.1,
                lon: 4.28,
            }])?;
            let hours = Hours::parse("24/7").expect("hours");
            tx.put_participant(
                &NewParticipant {
                    phone: neighbour,
                    name: "Bram".into(),
                    postcode,
                    services: vec![company.clone()],
                    elsewhere: Vec::new(),
                    hours,
                    languages: vec![Language::Nl],
                    min_m: 0,
                    max_m: 15_000,
                    max_per_day: 2,
                    max_per_week: 4,
                    opted_in: Some((now, "web".into())),
                    verified_at: Some(now),
                },
                now,
            )?;
            let request = tx.open_request(&NewRequest {
                line: phone(LINE),
                kind: RequestKind::Neighbour,
                service: Some(company),
                postcode: Some(postcode),
                language: Language::Nl,
                participant: None,
                call: None,
                note: None,
                now,
            })?;
            background::begin(moment, tx, request.id, &whose)?;
            Ok(request.id)
        }))
    }

    /// How many were reserved for this request.
    fn rung_for(&self, request: RequestId) -> i64 {
        let db = rusqlite::Connection::open(self.directory.path().join("town.db")).expect("open");
        let sql = "SELECT count(*) FROM attempt WHERE request = ?1";
        db.query_row(sql, [request.0], |row| row.get(0)).expect("a count")
    }

    fn candidate_placed(&self, number: &str) -> (AttemptId, PlacedId) {
        match self.candidate(number) {
            (attempt, Decided::Placed(placed)) => (attempt, placed),
            (_, other) => panic!("{other:?}"),
        }
    }

    fn state(&self, placed: PlacedId) -> PlacedState {
        let store = Arc::clone(self.exchange().store());
        let found = self.runtime.block_on(store.write(move |tx| tx.placed(placed)));
        found.expect("the store works").expect("it is there").state
    }

    /// What the attempt was told, if its leg is over.
    fn told(&self, attempt: AttemptId) -> Option<AttemptResult> {
        let store = Arc::clone(self.exchange().store());
        let found = self.runtime.block_on(store.write(move |tx| tx.attempt(attempt)));
        let row = found.expect("the store works").expect("it is there");
        // Whose doing an unanswered ring was is left open until the caller's leg tells, and here is
        // none.
        row.ended_at.map(|_| row.result.unwrap_or(AttemptResult::NoAnswer))
    }

    fn status(&self, placed: PlacedId, sid: &str, status: &str) -> Result<(), Failure> {
        let webhook = webhook(&[("CallSid", sid), ("CallStatus", status)]);
        self.runtime.block_on(self.exchange().placed_status(placed, webhook))
    }

    fn picked_up(&self, placed: PlacedId, sid: &str) -> Result<String, Failure> {
        let webhook = webhook(&[("CallSid", sid), ("CallStatus", "in-progress")]);
        self.runtime.block_on(self.exchange().placed(placed, webhook))
    }

    /// The result that stands in the books.
    fn books(&self, placed: PlacedId) -> String {
        let db = rusqlite::Connection::open(self.directory.path().join("town.db")).expect("open");
        db.query_row("SELECT result FROM placed WHERE id = ?1", [placed.0], |row| row.get(0))
            .expect("a result")
    }

    fn figures(&self) -> crate::store::Figures {
        use crate::exchange::Clock;
        let now = self.clock.now();
        let store = Arc::clone(self.exchange().store());
        let read = store.read(move |tx| tx.figures(now));
        self.runtime.block_on(read).unwrap_or_else(|fault: StoreError| panic!("{fault}"))
    }
}

fn webhook(fields: &[(&str, &str)]) -> Webhook {
    let body: Vec<String> = fields.iter().map(|(n, v)| format!("{n}={v}")).collect();
    let params = Params::read(body.join("&").as_bytes()).expect("a form");
    Webhook::read(&params).expect("a webhook")
}

fn phone(number: &str) -> Phone {
    Phone::from_stored(number).expect(number)
}

fn config() -> Config {
    let text = format!(
        "public_url = \"https://centrale.example.nl\"\nnumbering = \"nl-fixtures\"\n\
         [provider]\nkind = \"twilio\"\naccount = \"ACtest\"\nauth_token_env = \"TOKEN\"\n\
         api_base = \"http://127.0.0.1:9\"\n[[line]]\nnumber = \"{LINE}\"\n\
         name = \"Burenhulp Scheveningen\"\narea = [\"2584\"]\nservices = [\"company\"]\n\
         office_hours = \"Mo-Fr 09:00-17:00; PH off\"\ndesk = [\"+31700090001\"]\n"
    );
    let around = Surroundings {
        environment: &|_| Some("a secret".to_owned()),
        read_file: &|_| Err(std::io::ErrorKind::NotFound.into()),
        services: &|_| Some(FLOWS.catalogue().ids().cloned().collect()),
        now: NOW,
    };
    Config::read(&text, &around).unwrap_or_else(|faults| panic!("{faults}"))
}
