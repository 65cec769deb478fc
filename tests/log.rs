//! R14: whatever is logged, no telephone number, name, keyed digit or spoken text is in it.

use std::fs;
use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use burenhulp::sim::scenario::{Cast, Scenario};
use burenhulp::sim::virtual_time::{self, Pace};
use tracing_subscriber::fmt::MakeWriter;

use crate::house::{House, TOKEN};

/// Everything that is logged in this process while it is listened to.
#[derive(Clone, Default)]
struct Ear(Arc<Mutex<Vec<u8>>>);

impl Write for Ear {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Ear {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

/// Calls in which much goes wrong, so that there is something to log.
const CALLS: [&str; 5] = ["stop", "voice-note", "unknown-call", "postcode-typed-wrong", "withheld"];

#[test]
fn r14_no_number_name_or_keyed_digit_is_in_any_log() {
    let ear = Ear::default();
    // The store writes on a thread of its own, so the whole process is listened to. Other tests
    // that run meanwhile may log as well: the rule is theirs too.
    tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .without_time()
        .with_ansi(false)
        .with_writer(ear.clone())
        .init();
    let mut forbidden: Vec<String> = vec!["+31".into(), "2584".into(), "Goedemorgen".into()];
    for name in CALLS {
        let text = fs::read_to_string(format!("fixtures/scenarios/{name}.toml")).unwrap();
        let scenario = Scenario::read(name, &text).unwrap();
        let cast = Cast::of(&scenario);
        forbidden.extend(cast.neighbours.iter().map(|number| number.as_str()[3..].to_owned()));
        forbidden.extend(scenario.neighbour.iter().map(|neighbour| neighbour.name.clone()));
        play(&scenario);
    }
    let logged = String::from_utf8(ear.0.lock().unwrap().clone()).unwrap();
    assert!(logged.contains("webhook.unknown_leg"), "something was logged: {logged}");
    for line in logged.lines().filter(|line| line.contains(" burenhulp::")) {
        for word in &forbidden {
            assert!(!line.contains(word.as_str()), "{word:?} stands in the log: {line}");
        }
    }
}

fn play(scenario: &Scenario) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut house = House::of(scenario, scenario.delivery.delivery()).await;
        let network = house.network().clone();
        let pace = Pace {
            auth_token: TOKEN,
            until: scenario.at + std::time::Duration::from_secs(3600),
            work_first: false,
            restarts: false,
            trouble: &scenario.trouble,
        };
        virtual_time::run(&network, &mut house, pace).await;
    });
}
