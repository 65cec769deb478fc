//! Killed at every order of a call, and at every webhook, of a search that goes on without the
//! caller: started again, it makes no call twice and loses none.

use std::collections::BTreeMap;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use burenhulp::domain::Timestamp;
use burenhulp::exchange::{Clock, SystemClock};
use burenhulp::sim::log::What;
use burenhulp::sim::rules;
use burenhulp::sim::virtual_time::{Application, HttpRequest, Pace, run};
use burenhulp::sim::wire::{Failure, Response};
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;
use rusqlite::Connection;

use super::{Fate, Heard, Mortal};
use crate::process::{Installation, Orders, Provider, Story, TOKEN, Victim};

const BACKGROUND: &str = include_str!("background.toml");
/// Longest that one story takes on the wall: a call of unknown outcome is looked for after 15 s.
const PATIENCE: Duration = Duration::from_secs(50);
/// How often is looked whether it is over.
const A_WHILE: Duration = Duration::from_millis(50);

/// An exchange that is also killed when the provider says so.
struct Struck<'a> {
    mortal: Mortal<'a>,
    strikes: Receiver<()>,
}

impl Struck<'_> {
    fn dies_if_struck(&mut self, wait: Duration) {
        if self.strikes.recv_timeout(wait).is_ok() {
            self.mortal.kill();
            self.mortal.process = Some(self.mortal.installation.serve());
        }
    }
}

impl Application for Struck<'_> {
    async fn answer(&mut self, at: Timestamp, request: HttpRequest) -> Result<Response, Failure> {
        self.dies_if_struck(Duration::ZERO);
        self.mortal.answer(at, request).await
    }
}

/// What came of one story.
struct Told {
    /// How often each number was rung.
    rung: BTreeMap<String, u32>,
    talked: usize,
    /// Calls that were ordered, and of these, requests that never reached the provider.
    orders: u32,
    kills: u32,
    broken: Vec<String>,
    books: BTreeMap<&'static str, i64>,
}

fn play(victim: Option<Victim>, fate: Fate) -> Told {
    let story = Story::read(BACKGROUND);
    let network = story.network();
    let (tell, strikes) = channel();
    let orders = Orders::struck(victim, tell);
    let provider = Provider::on_the_wall(network.clone(), orders.clone());
    let installation = story.install("", &provider.api_base);
    story.settle(&installation);
    let mortal = Mortal {
        installation: &installation,
        process: Some(installation.serve()),
        fate,
        moments: ChaCha8Rng::seed_from_u64(1),
        seen: std::collections::BTreeSet::new(),
        heard: Heard::default(),
    };
    let mut struck = Struck { mortal, strikes };
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let began = Instant::now();
    while !is_over(&installation) {
        assert!(began.elapsed() < PATIENCE, "{victim:?}, {fate:?}: it is never over");
        let until = SystemClock.now() + Duration::from_secs(24 * 3600);
        let pace =
            Pace { auth_token: TOKEN, until, work_first: false, restarts: false, trouble: &[] };
        runtime.block_on(run(&network, &mut struck, pace));
        struck.dies_if_struck(A_WHILE);
    }
    super::books::wait_until_errands_are_done(&installation.database());
    let Mortal { heard, process, .. } = struck.mortal;
    process.expect("alive").stop();
    told(&story, &network.lock().unwrap(), &orders, heard.kills, &installation)
}

fn told(
    story: &Story,
    network: &burenhulp::sim::Network,
    orders: &Orders,
    kills: u32,
    installation: &Installation,
) -> Told {
    let mut rung = BTreeMap::new();
    for entry in network.log() {
        if let What::Rung { number, .. } = &entry.what {
            *rung.entry(story.cast.name(number).to_owned()).or_insert(0) += 1;
        }
    }
    let joined = |entry: &&burenhulp::sim::log::LogEntry| matches!(entry.what, What::Joined { .. });
    let mut known = story.known();
    known.placed_at_once = 1;
    let db = Connection::open(installation.database()).unwrap();
    let books = [
        ("connected", "SELECT count(*) FROM request WHERE outcome = 'connected'"),
        ("placed", "SELECT count(*) FROM placed"),
        ("placed and over", "SELECT count(*) FROM placed WHERE state = 'over'"),
        ("promised", "SELECT count(*) FROM promise"),
        ("declined", "SELECT count(*) FROM attempt WHERE result = 'declined'"),
    ];
    Told {
        rung,
        talked: network.log().iter().filter(joined).count(),
        orders: orders.heard(),
        kills,
        broken: rules::broken(network.log(), &known),
        books: books.map(|(what, sql)| (what, count(&db, sql))).into(),
    }
}

fn count(db: &Connection, sql: &str) -> i64 {
    db.query_row(sql, (), |row| row.get(0)).unwrap()
}

/// Somebody asked, and that is settled; nobody is on any line.
fn is_over(installation: &Installation) -> bool {
    let db = Connection::open(installation.database()).unwrap();
    let settled = "SELECT count(*) FROM request WHERE closed_at IS NOT NULL";
    let live = "SELECT count(*) FROM call WHERE ended_at IS NULL";
    let placed = "SELECT count(*) FROM placed WHERE ended_at IS NULL";
    count(&db, settled) > 0 && count(&db, live) + count(&db, placed) == 0
}

/// Everybody was rung once, and the two who were to talk have talked.
fn assert_as_in_peace(told: &Told, what: &str) {
    let once: BTreeMap<String, u32> =
        ["bos", "visser", "thuis"].map(|name| (name.to_owned(), 1)).into();
    assert_eq!(told.rung, once, "{what}");
    assert_eq!(told.talked, 1, "{what}");
    assert_eq!(told.broken, [""; 0], "{what}");
    let books =
        [("connected", 1), ("placed", 2), ("placed and over", 2), ("promised", 0), ("declined", 1)];
    assert_eq!(told.books, books.into(), "{what}");
}

#[test]
fn r11_killed_at_every_order_of_a_call_none_is_made_twice_and_none_is_lost() {
    let victims = [1, 2].map(|order| [Victim::BeforeOrder(order), Victim::AfterOrder(order)]);
    std::thread::scope(|scope| {
        let played: Vec<_> = (victims.into_iter().flatten())
            .map(|victim| (victim, scope.spawn(move || play(Some(victim), Fate::Spared))))
            .collect();
        for (victim, told) in played {
            let told = told.join().unwrap();
            assert_as_in_peace(&told, &format!("{victim:?}"));
            assert_eq!(told.kills, 1, "{victim:?}");
            // What never reached the provider is ordered again; what did is not.
            let orders = if matches!(victim, Victim::BeforeOrder(_)) { 3 } else { 2 };
            assert_eq!(told.orders, orders, "{victim:?}");
        }
    });
}

#[test]
fn r11_killed_at_every_webhook_of_a_search_without_the_caller_it_goes_on() {
    std::thread::scope(|scope| {
        let fates = [Fate::KilledAfterwards, Fate::AnswerLost];
        let played: Vec<_> =
            fates.map(|fate| (fate, scope.spawn(move || play(None, fate)))).into_iter().collect();
        for (fate, told) in played {
            let told = told.join().unwrap();
            assert_as_in_peace(&told, &format!("{fate:?}"));
            assert!(told.kills > 20, "{fate:?}: {} kills", told.kills);
            assert_eq!(told.orders, 2, "{fate:?}");
        }
    });
}
