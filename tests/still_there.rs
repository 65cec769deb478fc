//! Nobody is dropped silently: whoever was silent for a year is asked, rests, and goes only when a
//! month went by without an answer. A clock that moves a year, night after night.

use std::time::Duration;

use burenhulp::commands::forget::Forget;
use burenhulp::domain::Timestamp;
use burenhulp::sim::log::What;
use burenhulp::sim::number::CallerId;
use burenhulp::sim::scenario::{Cast, Scenario};
use burenhulp::sim::virtual_time::{self, Application, HttpRequest, Pace};
use burenhulp::sim::wire::{Failure, Response};
use chrono::{NaiveDate, Timelike};

use crate::house::{House, TOKEN};

const A_DAY: Duration = Duration::from_secs(24 * 3600);

/// Everybody was verified a hundred days before, and nobody asks any of them for anything. Dirk, who
/// did not pick up either, calls by himself a few days after he was rung.
const TOWN: &str = r#"
title = "a year in which nobody asks"
at = "2026-11-24T10:00:00+01:00"
[[neighbour]]
name = "bos"
hours = "Mo-Fr 19:00-23:00"
does = "rings out"
[[neighbour]]
name = "visser"
does = ["voicemail after 9", "picks up after 3, presses 1, hear 'een fijne'"]
cut_off = true
[[neighbour]]
name = "kim"
pause = "until_they_call"
[[neighbour]]
name = "dirk"
does = "rings out"
[[neighbour]]
name = "noor"
pause = "until 2027-10-01T00:00:00+02:00"
"#;

/// How Dirk goes about it.
const DIRK_CALLS: &str = r#"
title = "a caller"
at = "2026-11-24T10:00:00+01:00"
[[caller]]
does = "presses 1, hangs up after 8"
ends = "hangs-up"
"#;

/// A house with a round of forgetting every night at three.
struct Nights {
    house: House,
    night: Timestamp,
}

impl Nights {
    async fn until(&mut self, now: Timestamp) {
        while self.night <= now {
            self.house.set_clock(self.night);
            let exchange = &self.house.app().0.exchange;
            assert!(exchange.forget_if_due().await.unwrap().is_some(), "a round every night");
            self.night = self.night + A_DAY;
        }
    }

    fn people(&self) -> Vec<String> {
        self.words("SELECT name FROM participant ORDER BY id")
    }

    fn words(&self, sql: &str) -> Vec<String> {
        let books = self.house.books_now();
        let mut select = books.prepare(sql).unwrap();
        let rows = select.query_map([], |row| row.get(0)).unwrap();
        rows.map(Result::unwrap).collect()
    }
}

impl Application for Nights {
    async fn answer(&mut self, now: Timestamp, request: HttpRequest) -> Result<Response, Failure> {
        self.house.answer(now, request).await
    }

    async fn next_due(&mut self) -> Option<Timestamp> {
        self.house.next_due().await.into_iter().chain([self.night]).min()
    }

    async fn work(&mut self, now: Timestamp) {
        self.until(now).await;
        self.house.work(now).await;
    }

    async fn restart(&mut self) {
        self.house.restart().await;
    }
}

/// What `burenhulp forget --dry-run` says of those who were silent for a year.
fn dry_run(nights: &Nights, now: Timestamp) -> u64 {
    let mut out = Vec::new();
    let dry = Forget { dry_run: true, config: "burenhulp.toml".into() };
    dry.run(nights.house.store(), &[], now, &mut out).unwrap();
    let told = String::from_utf8(out).unwrap();
    let line = told.lines().find(|line| line.contains("nothing was heard for a year"));
    line.unwrap().split_whitespace().next().unwrap().parse().unwrap()
}

#[test]
fn whoever_was_silent_for_a_year_is_asked_three_times_rests_and_goes_a_month_later() {
    let scenario = Scenario::read("silent", TOWN).unwrap();
    let cast = Cast::of(&scenario);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let house = runtime.block_on(House::of(&scenario, scenario.delivery.delivery()));
    let network = house.network().clone();
    let first_night = scenario.at.start_of_day() + A_DAY + Duration::from_secs(3 * 3600);
    let mut nights = Nights { house, night: first_night };
    let does = Scenario::read("caller", DIRK_CALLS).unwrap().caller[0].does.clone();
    let dirk = CallerId::Shown(cast.number("dirk").unwrap().clone());
    network.lock().unwrap().dial(scenario.at + A_DAY * 269, dirk, cast.lines[0].clone(), does);
    let days = |nights: &mut Nights, days: u32| {
        let until = scenario.at + A_DAY * days;
        let (work_first, restarts, trouble) = (false, false, &[][..]);
        let pace = Pace { auth_token: TOKEN, until, work_first, restarts, trouble };
        runtime.block_on(virtual_time::run(&network, nights, pace));
        nights.house.set_clock(until);
        until
    };
    let asked = |nights: &Nights| nights.words("SELECT why FROM still_there ORDER BY participant");

    // The last word from them was a hundred days before; 263 days on it is not a year yet.
    days(&mut nights, 263);
    assert_eq!(asked(&nights), Vec::<String>::new());
    assert!(network.lock().unwrap().log().is_empty(), "nobody was rung all the time");
    days(&mut nights, 266);
    assert_eq!(asked(&nights), ["silent"; 4], "all but Noor, whose pause was to last until then");
    let why = "SELECT 1 FROM participant p WHERE p.unanswered > 0";
    assert!(nights.words(why).is_empty(), "it is no ring for a request");

    // Dirk called on day 269, Visser picked up the second time.
    days(&mut nights, 275);
    assert_eq!(asked(&nights).len(), 2, "Bos and Kim");
    let now = days(&mut nights, 293);
    assert_eq!(nights.people().len(), 5, "nobody goes before the month is over");
    assert_eq!(dry_run(&nights, now), 0);
    assert_eq!(dry_run(&nights, now + 2 * A_DAY), 2);
    let after = days(&mut nights, 296);
    assert_eq!(nights.people(), ["Visser", "Dirk", "Noor"]);
    assert_eq!(dry_run(&nights, after), 0);
    let sql = "SELECT day FROM forgotten WHERE json_extract(erased, '$.silent') > 0";
    assert_eq!(nights.words(sql).len(), 1, "by the round of one night");
    assert!(nights.words("SELECT hex(hash) FROM stop_list").is_empty(), "they may come back");

    rings_were_in_hours_and_a_week_apart(&network.lock().unwrap(), &cast);
}

fn rings_were_in_hours_and_a_week_apart(network: &burenhulp::sim::Network, cast: &Cast) {
    let rings = |name: &str| -> Vec<Timestamp> {
        let theirs = cast.number(name).unwrap();
        let rung = network
            .log()
            .iter()
            .filter(|entry| matches!(&entry.what, What::Rung { number, .. } if number == theirs));
        rung.map(|entry| entry.at).collect()
    };
    for (name, times) in [("bos", 3), ("visser", 2), ("kim", 0), ("dirk", 1), ("noor", 0)] {
        let rung = rings(name);
        assert_eq!(rung.len(), times, "{name}");
        for at in &rung {
            let hours = if name == "bos" { 19..21 } else { 9..21 };
            assert!(hours.contains(&at.local().hour()), "{name} at {}", at.local());
        }
        let days: Vec<NaiveDate> = rung.iter().map(|at| at.local().date_naive()).collect();
        for pair in days.windows(2) {
            assert!((pair[1] - pair[0]).num_days() >= 6, "{name}: {days:?}");
        }
    }
}

/// Twenty people were written down by one list, and fall silent in the same night.
#[test]
fn a_line_rings_two_at_a_time_however_many_fall_silent_in_one_night() {
    let people: String = (0..20)
        .map(|n| format!("[[neighbour]]\nname = \"buur{n}\"\ndoes = \"rings out\"\n"))
        .collect();
    let text = format!("title = \"a list\"\nat = \"2026-11-24T10:00:00+01:00\"\n{people}");
    let scenario = Scenario::read("list", &text).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let house = runtime.block_on(House::of(&scenario, scenario.delivery.delivery()));
    let network = house.network().clone();
    let until = scenario.at + A_DAY * 268;
    let night = until.start_of_day() - A_DAY * 2 + Duration::from_secs(3 * 3600);
    let mut nights = Nights { house, night };
    let (work_first, restarts, trouble) = (false, false, &[][..]);
    let pace = Pace { auth_token: TOKEN, until, work_first, restarts, trouble };
    runtime.block_on(virtual_time::run(&network, &mut nights, pace));
    let network = network.lock().unwrap();
    let (mut live, mut rung) = (0_i32, 0);
    for entry in network.log() {
        match &entry.what {
            What::Rung { .. } => (live, rung) = (live + 1, rung + 1),
            What::Ended { .. } => live -= 1,
            _ => {}
        }
        assert!(live <= 2, "{live} at once at {}", entry.at.local());
    }
    assert_eq!(rung, 20, "each once, within a day");
}
