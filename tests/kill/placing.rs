//! Killed at every request to the provider, and at every webhook, of a search that goes on without
//! the caller: started again, it makes no call twice and loses none.

use std::collections::BTreeMap;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use burenhulp::domain::Timestamp;
use burenhulp::exchange::{Clock, SystemClock};
use burenhulp::sim::log::{By, What};
use burenhulp::sim::rules;
use burenhulp::sim::virtual_time::{Application, HttpRequest, Pace, run};
use burenhulp::sim::wire::{Failure, Response};
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;
use rusqlite::Connection;

use super::{Fate, Heard, Mortal};
use crate::process::{Ask, Asked, Installation, Provider, Story, TOKEN, Victim};

const BACKGROUND: &str = include_str!("background.toml");
const TWO_AT_ONCE: &str = include_str!("two_at_once.toml");
/// Longest that one story takes on the wall: a call of unknown outcome is looked for after 15 s, and
/// after 15 s more when that was in vain.
const PATIENCE: Duration = Duration::from_secs(60);
/// How often is looked whether it is over.
const A_WHILE: Duration = Duration::from_millis(50);

/// An exchange that is also killed when the provider says so.
struct Struck<'a> {
    mortal: Mortal<'a>,
    strikes: Receiver<()>,
    /// Nothing happens on the network while there are calls to order or to end: telephones there do
    /// not ring on the wall's clock.
    in_step: bool,
}

impl Struck<'_> {
    fn dies_if_struck(&mut self, wait: Duration) {
        if self.strikes.recv_timeout(wait).is_ok() {
            self.mortal.kill();
            self.mortal.process = Some(self.mortal.installation.serve());
        }
    }
}

impl Struck<'_> {
    /// Lets everything reach the provider that is on its way there.
    fn waits_for_errands(&mut self) {
        let db = Connection::open(self.mortal.installation.database()).unwrap();
        let began = Instant::now();
        loop {
            let now = SystemClock.now().0;
            let due = format!("SELECT count(*) FROM outbox WHERE due_at <= {now}");
            let ordered = "SELECT count(*) FROM placed WHERE state IN ('waiting', 'asking')";
            if count(&db, &due) + count(&db, ordered) == 0 {
                return;
            }
            assert!(began.elapsed() < PATIENCE, "an errand is never done");
            self.dies_if_struck(Duration::from_millis(2));
        }
    }
}

impl Application for Struck<'_> {
    async fn next_due(&mut self) -> Option<Timestamp> {
        if self.in_step {
            self.waits_for_errands();
        }
        None
    }

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
    /// Whose telephone the exchange let go.
    let_go: Vec<String>,
    /// What the provider was asked, also what never reached it.
    asked: Asked,
    kills: u32,
    broken: Vec<String>,
    books: BTreeMap<&'static str, i64>,
}

fn play(story: &str, victims: Vec<Victim>, fate: Fate) -> Told {
    let in_step = story == TWO_AT_ONCE;
    let what = format!("{victims:?}, {fate:?}");
    let story = Story::read(story);
    let network = story.network();
    let (tell, strikes) = channel();
    let asked = Asked::struck(victims, tell);
    let provider = Provider::on_the_wall(network.clone(), asked.clone());
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
    let mut struck = Struck { mortal, strikes, in_step };
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let began = Instant::now();
    while !is_over(&installation) {
        assert!(began.elapsed() < PATIENCE, "{what}: it is never over");
        let until = SystemClock.now() + Duration::from_secs(24 * 3600);
        let pace =
            Pace { auth_token: TOKEN, until, work_first: false, restarts: false, trouble: &[] };
        runtime.block_on(run(&network, &mut struck, pace));
        struck.dies_if_struck(A_WHILE);
    }
    super::books::wait_until_errands_are_done(&installation.database());
    let Mortal { heard, process, .. } = struck.mortal;
    process.expect("alive").stop();
    told(&story, &network.lock().unwrap(), asked, heard.kills, &installation)
}

fn told(
    story: &Story,
    network: &burenhulp::sim::Network,
    asked: Asked,
    kills: u32,
    installation: &Installation,
) -> Told {
    let (mut rung, mut legs, mut let_go) = (BTreeMap::new(), BTreeMap::new(), Vec::new());
    for entry in network.log() {
        match &entry.what {
            What::Rung { number, .. } => {
                let name = story.cast.name(number).to_owned();
                *rung.entry(name.clone()).or_insert(0) += 1;
                legs.insert(entry.leg, name);
            }
            What::Answered => drop(legs.remove(&entry.leg)),
            // Before anybody picked up.
            What::Ended { by: By::Exchange, .. } => let_go.extend(legs.remove(&entry.leg)),
            _ => {}
        }
    }
    let joined = |entry: &&burenhulp::sim::log::LogEntry| matches!(entry.what, What::Joined { .. });
    let mut known = story.known();
    known.placed_at_once = if story.scenario.line.is_empty() { 1 } else { 2 };
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
        let_go,
        asked,
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

/// Everybody was rung once, and the two who were to talk have talked; so many neighbours said no.
fn assert_as_in_peace(told: &Told, declined: i64, what: &str) {
    let once: BTreeMap<String, u32> =
        ["bos", "visser", "thuis"].map(|name| (name.to_owned(), 1)).into();
    assert_eq!(told.rung, once, "{what}");
    assert_eq!(told.talked, 1, "{what}");
    assert_eq!(told.broken, [""; 0], "{what}");
    let books = [
        ("connected", 1),
        ("placed", 2),
        ("placed and over", 2),
        ("promised", 0),
        ("declined", declined),
    ];
    assert_eq!(told.books, books.into(), "{what}");
}

fn victim(ask: Ask, nth: u32, carried_out: bool) -> Victim {
    Victim { ask, nth, carried_out }
}

#[test]
fn r11_killed_at_every_order_of_a_call_and_at_looking_for_one_none_is_made_twice_and_none_is_lost()
{
    let at_orders = [1, 2].into_iter().flat_map(|nth| {
        [false, true].map(|carried_out| vec![victim(Ask::Order, nth, carried_out)])
    });
    // What never reached the provider is looked for; killed at that, it is looked for once more.
    let at_looking = [false, true].map(|carried_out| {
        vec![victim(Ask::Order, 1, false), victim(Ask::LookFor, 1, carried_out)]
    });
    std::thread::scope(|scope| {
        let played: Vec<_> = (at_orders.chain(at_looking))
            .map(|victims| {
                let struck = victims.clone();
                (victims, scope.spawn(move || play(BACKGROUND, struck, Fate::Spared)))
            })
            .collect();
        for (victims, told) in played {
            let told = told.join().unwrap();
            assert_as_in_peace(&told, 1, &format!("{victims:?}"));
            assert_eq!(told.kills as usize, victims.len(), "{victims:?}");
            // What never reached the provider is ordered again; what did is not.
            let orders = if victims[0].carried_out { 2 } else { 3 };
            assert_eq!(told.asked.heard(Ask::Order), orders, "{victims:?}");
            if victims.len() == 2 {
                assert_eq!(told.asked.heard(Ask::LookFor), 2, "{victims:?}");
            }
        }
    });
}

#[test]
fn r11_killed_at_letting_a_telephone_go_it_is_let_go_all_the_same_and_nobody_is_rung_again() {
    let victims = [None, Some(false), Some(true)];
    std::thread::scope(|scope| {
        let played: Vec<_> = victims
            .into_iter()
            .map(|carried_out| {
                let struck = carried_out.map(|done| victim(Ask::HangUp, 1, done));
                let struck = Vec::from_iter(struck);
                (carried_out, scope.spawn(move || play(TWO_AT_ONCE, struck, Fate::Spared)))
            })
            .collect();
        for (carried_out, told) in played {
            let (told, what) = (told.join().unwrap(), format!("carried out: {carried_out:?}"));
            assert_as_in_peace(&told, 0, &what);
            assert_eq!(told.let_go, ["bos"], "{what}");
            // Nobody knows whether it was done, so it is asked once more; twice is no harm.
            let asked = if carried_out.is_some() { 2 } else { 1 };
            assert_eq!(told.asked.heard(Ask::HangUp), asked, "{what}");
            assert_eq!(told.kills, asked - 1, "{what}");
        }
    });
}

#[test]
fn r11_killed_at_every_webhook_of_a_search_without_the_caller_it_goes_on() {
    std::thread::scope(|scope| {
        let fates = [Fate::KilledAfterwards, Fate::AnswerLost];
        let played: Vec<_> = fates
            .map(|fate| (fate, scope.spawn(move || play(BACKGROUND, Vec::new(), fate))))
            .into_iter()
            .collect();
        for (fate, told) in played {
            let told = told.join().unwrap();
            assert_as_in_peace(&told, 1, &format!("{fate:?}"));
            assert!(told.kills > 20, "{fate:?}: {} kills", told.kills);
            assert_eq!(told.asked.heard(Ask::Order), 2, "{fate:?}");
        }
    });
}
