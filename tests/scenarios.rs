//! Every scenario in `fixtures/scenarios/`, against the whole exchange, in virtual time.
//!
//! ```sh
//! cargo test scenarios                                            # all of them, in every way
//! SCENARIO=voicemail cargo test scenarios::as_written -- --nocapture   # one, with its transcript
//! ```

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use burenhulp::sim::delivery::{Callbacks, Delivery, DroppedAs, Duplicate};
use burenhulp::sim::scenario::{Scenario, transcript};
use burenhulp::sim::virtual_time::{self, Ended, Pace};

use crate::house::{House, TOKEN};

/// Nothing in a scenario happens later than so long after its beginning.
const LONGEST: Duration = Duration::from_secs(48 * 3600);
/// How long the beginning of a transcript's line is that says when, and at whose telephone.
const MOMENT_AND_NAME: usize = "10:00:00.000  somebody  ".len();
/// Scenarios played at a time.
const AT_ONCE: usize = 2;

/// How a scenario is played.
#[derive(Clone, Copy, Default)]
struct Way {
    delivery: Option<fn(&mut Delivery)>,
    restarts: bool,
    work_first: bool,
    /// Everybody must hear and do exactly the same, at the same moments, as when it is played as
    /// it is written.
    the_same_to_the_moment: bool,
    /// Webhooks are under way for a while and overtake each other, drawn from this seed. What is
    /// heard when is another story then; the rules hold, and nothing is left over.
    delays: Option<u64>,
}

struct Played {
    complaints: Vec<String>,
    transcript: String,
}

#[test]
fn as_written() {
    play_all(Way::default());
}

#[test]
fn r11_every_webhook_twice() {
    play_all(Way {
        delivery: Some(|delivery| delivery.duplicate = Duplicate::SameToken),
        the_same_to_the_moment: true,
        ..Way::default()
    });
}

#[test]
fn r11_every_webhook_twice_with_another_token() {
    play_all(Way {
        delivery: Some(|delivery| delivery.duplicate = Duplicate::OtherToken),
        the_same_to_the_moment: true,
        ..Way::default()
    });
}

#[test]
fn r11_a_restart_after_every_webhook() {
    play_all(Way { restarts: true, the_same_to_the_moment: true, ..Way::default() });
}

#[test]
fn r11_every_webhook_twice_and_a_restart_in_between() {
    play_all(Way {
        delivery: Some(|delivery| delivery.duplicate = Duplicate::OtherToken),
        restarts: true,
        the_same_to_the_moment: true,
        ..Way::default()
    });
}

#[test]
fn r11_status_callbacks_come_late() {
    play_all(Way {
        delivery: Some(|delivery| delivery.callbacks = Callbacks::After),
        ..Way::default()
    });
}

#[test]
fn r11_status_callbacks_come_instead_of_the_action() {
    play_all(Way {
        delivery: Some(|delivery| delivery.callbacks = Callbacks::Instead),
        ..Way::default()
    });
}

#[test]
fn r11_a_dropped_ring_is_called_no_answer() {
    play_all(Way {
        delivery: Some(|delivery| delivery.dropped_as = DroppedAs::NoAnswer),
        ..Way::default()
    });
}

#[test]
fn r11_orders_overtake_answers() {
    play_all(Way { work_first: true, ..Way::default() });
}

#[test]
fn r11_webhooks_overtake_each_other() {
    for seed in 1..=3 {
        play_all(Way { delays: Some(seed), ..Way::default() });
    }
}

#[test]
fn there_are_at_least_forty() {
    assert!(files().len() >= 40, "only {} scenarios", files().len());
}

/// Plays every scenario in this way; one report of everything that was wrong.
fn play_all(way: Way) {
    let wanted = std::env::var("SCENARIO").ok();
    let files: Vec<PathBuf> = files()
        .into_iter()
        .filter(|file| wanted.as_ref().is_none_or(|w| file.file_stem().is_some_and(|f| f == &**w)))
        .collect();
    assert!(!files.is_empty(), "no such scenario in {}", directory().display());
    let (next, reports) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while let Some(file) = files.get(next.fetch_add(1, Ordering::SeqCst)) {
                    let report = play_file(file, way, wanted.is_some());
                    reports.lock().unwrap().extend(report);
                }
            });
        }
    });
    let mut reports = reports.into_inner().unwrap();
    reports.sort();
    let failed = reports.len();
    assert!(failed == 0, "{failed} of {} scenarios:\n\n{}", files.len(), reports.join("\n"));
}

fn play_file(file: &Path, way: Way, show: bool) -> Option<String> {
    let name = file.file_name().unwrap().to_string_lossy().into_owned();
    let scenario = match Scenario::read(&name, &fs::read_to_string(file).unwrap()) {
        Ok(scenario) => scenario,
        Err(fault) => return Some(fault),
    };
    if way.delivery.is_some() && scenario.delivery.only_so {
        return None;
    }
    let mut played = play(&scenario, way);
    // Trouble strikes at the n-th webhook, which is another one when each comes twice.
    if way.the_same_to_the_moment && scenario.trouble.is_empty() {
        let plain = play(&scenario, Way::default());
        if let Some(line) = first_difference(&plain.transcript, &played.transcript) {
            played.complaints.push(format!("other than when played as written: {line}"));
        }
    }
    if show {
        println!("{name}: {}\n{}", scenario.title, played.transcript);
    }
    if played.complaints.is_empty() {
        return None;
    }
    let complaints = played.complaints.join("\n  - ");
    Some(format!("{name}: {}\n  - {complaints}\n\n{}", scenario.title, played.transcript))
}

fn play(scenario: &Scenario, way: Way) -> Played {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut delivery = scenario.delivery.delivery();
        if let Some(change) = way.delivery {
            change(&mut delivery);
        }
        let mut house = House::of(scenario, delivery).await;
        let network = house.network().clone();
        let pace = Pace {
            auth_token: TOKEN,
            until: scenario.at + LONGEST,
            work_first: way.work_first,
            restarts: way.restarts,
            trouble: &scenario.trouble,
        };
        let ended = match way.delays {
            None => virtual_time::run(&network, &mut house, pace).await,
            Some(seed) => virtual_time::run_with_delays(&network, &mut house, pace, seed).await,
        };
        let books = house.books(scenario).await;
        let network = network.lock().unwrap();
        let of_the_desk = house.complaints_of_the_desk().to_vec();
        let mut complaints = match way.delays {
            None => scenario.complaints(&network, &books),
            Some(_) => scenario.breaches(&network, &books),
        };
        // With delays the moment of an order finds another story.
        if way.delays.is_none() {
            complaints.extend(of_the_desk);
        }
        if ended != Ended::AtRest {
            complaints.push(format!("it did not come to rest: {ended:?}"));
        }
        Played { complaints, transcript: transcript(scenario, network.log()) }
    })
}

/// The first thing that somebody heard or did otherwise. What happens at two telephones at the same
/// moment may stand in either order.
fn first_difference(plain: &str, other: &str) -> Option<String> {
    let by_person = |transcript| {
        let mut lines: Vec<&str> = str::lines(transcript).collect();
        lines.sort_by_key(|line| line.get(..MOMENT_AND_NAME));
        lines.into_iter()
    };
    let (mut plain, mut other) = (by_person(plain), by_person(other));
    loop {
        match (plain.next(), other.next()) {
            (None, None) => return None,
            (one, two) if one == two => {}
            (one, two) => {
                return Some(format!("{:?} became {:?}", one.unwrap_or(""), two.unwrap_or("")));
            }
        }
    }
}

fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/scenarios")
}

fn files() -> Vec<PathBuf> {
    let entries = fs::read_dir(directory()).unwrap();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|e| e == "toml"));
    files.sort();
    files
}
