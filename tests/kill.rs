//! The process is killed with SIGKILL at every webhook of a row of calls and started again on what
//! it left on disk: everybody hears the same, nobody is rung twice, nobody is lost (R11).

#[path = "kill/books.rs"]
mod books;
#[path = "kill/placing.rs"]
mod placing;

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use burenhulp::domain::Timestamp;
use burenhulp::exchange::{Clock, SystemClock};
use burenhulp::sim::log::{LogEntry, What};
use burenhulp::sim::rules;
use burenhulp::sim::virtual_time::{Application, Ended, HttpRequest, Pace, run};
use burenhulp::sim::wire::{Failure, Response};
use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};

use crate::process::{Installation, Process, Provider, Sent, Story, TOKEN, send};
use books::Books;

const FIVE_CALLERS: &str = include_str!("kill/five_callers.toml");

/// What becomes of the process at every webhook. A webhook that is repeated was struck already, and
/// is answered in peace: providers ask once more, not for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// It lives.
    Spared,
    /// Killed when the answer has arrived.
    KilledAfterwards,
    /// Killed when it has answered; the answer never arrives.
    AnswerLost,
    /// Killed at some moment from when the request was sent to a little after the usual time of an
    /// answer, which this is.
    KilledUnderWay(Duration),
}

/// An exchange that is killed and started again.
struct Mortal<'a> {
    installation: &'a Installation,
    process: Option<Process>,
    fate: Fate,
    moments: ChaCha8Rng,
    seen: BTreeSet<String>,
    heard: Heard,
}

/// What was heard from an exchange in all its lives.
#[derive(Default)]
struct Heard {
    /// By address and leg, every answer that was ever given.
    answers: BTreeMap<String, BTreeSet<String>>,
    log: Vec<String>,
    webhooks: u32,
    kills: u32,
    /// Killed before it had answered.
    unanswered: u32,
    answering: Duration,
}

impl Mortal<'_> {
    fn fate(&mut self, request: &HttpRequest) -> Fate {
        let is_new = self.seen.insert(field(request, "I-Twilio-Idempotency-Token"));
        if is_new { self.fate } else { Fate::Spared }
    }

    fn send(&self, request: &HttpRequest) -> Sent {
        send(self.process.as_ref().expect("alive").address, request).expect("it listens")
    }

    fn ask(&mut self, request: &HttpRequest) -> Response {
        let began = Instant::now();
        let answer = self.send(request).answer().expect("an answer");
        self.heard.answering += began.elapsed();
        self.hear(request, &answer);
        answer
    }

    /// Sends, and kills while it may be doing anything about it.
    fn strike(&mut self, request: &HttpRequest, usual: Duration) -> Option<Response> {
        let sent = self.send(request);
        wait(usual.mul_f64(self.moments.random_range(0.0..1.5)));
        self.kill();
        match sent.answer() {
            Ok(answer) => {
                self.hear(request, &answer);
                Some(answer)
            }
            Err(_) => {
                self.heard.unanswered += 1;
                None
            }
        }
    }

    fn hear(&mut self, request: &HttpRequest, answer: &Response) {
        let about = format!("{} {}", request.path_and_query, leg(request));
        let said = format!("{} {}", answer.status, String::from_utf8_lossy(&answer.body));
        self.heard.answers.entry(about).or_default().insert(said);
    }

    fn kill(&mut self) {
        let process = self.process.take().expect("alive");
        self.heard.log.extend(process.kill());
        self.heard.kills += 1;
    }
}

impl Application for Mortal<'_> {
    async fn answer(&mut self, _: Timestamp, request: HttpRequest) -> Result<Response, Failure> {
        self.heard.webhooks += 1;
        let answer = match self.fate(&request) {
            Fate::Spared => return Ok(self.ask(&request)),
            Fate::KilledAfterwards => {
                let answer = self.ask(&request);
                self.kill();
                Some(answer)
            }
            Fate::AnswerLost => {
                self.ask(&request);
                self.kill();
                None
            }
            Fate::KilledUnderWay(usual) => self.strike(&request, usual),
        };
        self.process = Some(self.installation.serve());
        answer.ok_or(Failure::Connection)
    }
}

/// Shorter than any timer can be set.
fn wait(time: Duration) {
    let began = Instant::now();
    while began.elapsed() < time {
        std::hint::spin_loop();
    }
}

fn field(request: &HttpRequest, name: &str) -> String {
    let found = request.headers.iter().find(|(n, _)| *n == name);
    found.map(|(_, value)| value.clone()).expect("every webhook has it")
}

fn leg(request: &HttpRequest) -> String {
    let body = String::from_utf8_lossy(&request.body).into_owned();
    let sid = body.split('&').find_map(|pair| pair.strip_prefix("CallSid="));
    sid.expect("every webhook has it").to_owned()
}

/// What is left when the story has been played to its end.
struct Played {
    heard: Heard,
    /// What happened on each leg, without moments.
    legs: BTreeMap<String, BTreeSet<String>>,
    broken: Vec<String>,
    books: Books,
}

fn play(story: &Story, books: &Installation, fate: Fate) -> Played {
    let network = story.network();
    let provider = Provider::before(network.clone());
    let installation = story.install("", &provider.api_base);
    installation.copy_books_of(books);
    let mut mortal = Mortal {
        installation: &installation,
        process: Some(installation.serve()),
        fate,
        moments: ChaCha8Rng::seed_from_u64(1),
        seen: BTreeSet::new(),
        heard: Heard::default(),
    };
    let until = story.scenario.at + Duration::from_secs(24 * 3600);
    let pace = Pace { auth_token: TOKEN, until, work_first: false, restarts: false, trouble: &[] };
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    assert_eq!(runtime.block_on(run(&network, &mut mortal, pace)), Ended::AtRest);

    books::wait_until_errands_are_done(&installation.database());
    let Mortal { mut heard, process, .. } = mortal;
    heard.log.extend(process.expect("alive").stop());
    let network = network.lock().unwrap();
    Played {
        heard,
        legs: by_leg(network.log()),
        broken: rules::broken(network.log(), &story.known()),
        books: Books::read(&installation.database()),
    }
}

/// Everything but the moments, and the numbers of requests: one that is repeated has another.
fn by_leg(log: &[LogEntry]) -> BTreeMap<String, BTreeSet<String>> {
    let mut legs: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for entry in log {
        let what = match &entry.what {
            What::Document { kind, verbs, .. } => format!("{kind:?} {verbs:?}"),
            other => format!("{other:?}"),
        };
        let leg = legs.entry(format!("leg {}", entry.leg.0)).or_default();
        leg.insert(format!("{:03} {what}", leg.len()));
    }
    legs
}

/// Plays the story in peace and with this fate, on the same books and within one hour of the clock
/// on the wall, by which callers are greeted and days are said.
fn play_twice(fate: impl Fn(&Played) -> Fate) -> (Played, Played) {
    let story = Story::read(FIVE_CALLERS);
    let books = story.install("", "http://127.0.0.1:9");
    story.settle(&books);
    loop {
        let hour = SystemClock.now().0 / 3_600_000;
        let in_peace = play(&story, &books, Fate::Spared);
        let struck = play(&story, &books, fate(&in_peace));
        if SystemClock.now().0 / 3_600_000 == hour {
            return (in_peace, struck);
        }
    }
}

/// Nobody noticed anything, and nothing is written that would not have been written.
fn assert_same(in_peace: &Played, struck: &Played) {
    assert_eq!(struck.heard.kills as usize, in_peace.heard.webhooks as usize);
    let answers = differences(&in_peace.heard.answers, &struck.heard.answers);
    assert!(answers.is_empty(), "other answers:\n{answers}");
    let legs = differences(&in_peace.legs, &struck.legs);
    assert!(legs.is_empty(), "other calls:\n{legs}");
    let books = differences(&in_peace.books.0, &struck.books.0);
    assert!(books.is_empty(), "other books:\n{books}");
    assert_eq!(struck.broken, [""; 0]);
    let told: Vec<_> = struck.heard.log.iter().filter(|line| line.contains("+316")).collect();
    assert!(told.is_empty(), "R14: a number was logged: {told:?}");
}

/// What only one of the two has: `-` the first, `+` the second.
fn differences(
    one: &BTreeMap<String, BTreeSet<String>>,
    other: &BTreeMap<String, BTreeSet<String>>,
) -> String {
    let nothing = BTreeSet::new();
    let mut found = String::new();
    for key in one.keys().chain(other.keys()).collect::<BTreeSet<_>>() {
        let (one, other) = (one.get(key).unwrap_or(&nothing), other.get(key).unwrap_or(&nothing));
        for (mark, lines) in [("-", one.difference(other)), ("+", other.difference(one))] {
            found.extend(lines.map(|line| format!("{mark} {key}: {line}\n")));
        }
    }
    found
}

#[test]
fn r11_killed_after_every_answer_the_calls_go_on() {
    let (in_peace, struck) = play_twice(|_| Fate::KilledAfterwards);
    assert_same(&in_peace, &struck);

    // The story is what it says it is, or all this would prove little.
    assert_eq!(in_peace.broken, [""; 0]);
    assert!(in_peace.heard.webhooks > 100, "{} webhooks", in_peace.heard.webhooks);
    let count = |table: &str, words: &str| {
        in_peace.books.0[table].iter().filter(|row| row.contains(words)).count()
    };
    let results = [
        ("no_answer", 2),
        ("busy", 2),
        ("declined", 2),
        ("stopped", 1),
        ("voicemail", 1),
        ("connected", 3),
    ];
    for (result, times) in results {
        assert_eq!(count("attempt", &format!("result={result} ")), times, "{result}");
    }
    assert_eq!(count("message", "seconds=6"), 1);
    assert_eq!(count("promise", "kind=desk_answers"), 1);
    assert_eq!(count("promise", "kind=ring_neighbour_back"), 1);
    assert_eq!(count("stop_list", ""), 1);
    assert_eq!(count("call", "ended_at=-"), 0);
}

#[test]
fn r11_killed_before_the_answer_arrives_the_repeat_is_answered_the_same() {
    let (in_peace, struck) = play_twice(|_| Fate::AnswerLost);
    assert_eq!(struck.heard.webhooks, 2 * in_peace.heard.webhooks);
    assert_same(&in_peace, &struck);
}

#[test]
fn r11_killed_at_any_moment_of_a_webhook_the_calls_go_on() {
    let usual = |in_peace: &Played| in_peace.heard.answering / in_peace.heard.webhooks;
    let (in_peace, struck) = play_twice(|in_peace| Fate::KilledUnderWay(usual(in_peace)));
    let Heard { kills, unanswered, .. } = struck.heard;
    assert!((1..kills).contains(&unanswered), "{unanswered} of {kills} before the answer");
    assert_same(&in_peace, &struck);
}
