//! A line leaves the configuration, or what is stored of a search cannot be read, while something
//! waits: nobody stays reserved, everything else goes on, and somebody at the desk is told (R3, R10).

use std::time::Duration;

use burenhulp::domain::Timestamp;
use burenhulp::sim::delivery::Delivery;
use burenhulp::sim::scenario::Scenario;
use burenhulp::sim::virtual_time::{self, Application, Ended, Pace};

use crate::house::{House, TOKEN};

const GONE: &str = "+31700002586";
const STAYS: &str = "+31519002586";

/// Somebody waits while Bos's telephone rings; something else is asked for a later moment.
const STORY: &str = r#"
title = "A morning on two lines"
at = "2026-11-24T10:00:00+01:00"
[[line]]
number = "+31700002586"
[[line]]
number = "+31519002586"
name = "Burenhulp Dokkum"
[[desk]]
name = "balie"
does = "rings out"
[[neighbour]]
name = "bos"
does = "rings out"
[[telephone]]
name = "thuis"
does = "rings out"
[[order]]
after = 1
what = "search for thuis on 2026-11-26T12:00:00+01:00"
[[caller]]
does = "presses 1, presses 4, presses 2584, presses 1, stays silent"
cut_off = true
ends = "dropped"
"#;

struct Morning {
    house: House,
    now: Timestamp,
}

impl Morning {
    /// Until Bos's telephone rings.
    async fn until_it_rings() -> Self {
        let scenario = Scenario::read("two lines", STORY).unwrap();
        let house = House::of(&scenario, Delivery::default()).await;
        let mut morning = Self { house, now: scenario.at };
        while morning.one::<i64>("SELECT count(*) FROM attempt WHERE ended_at IS NULL") == 0 {
            assert!(morning.now < scenario.at + Duration::from_secs(300), "nobody is ever rung");
            morning.goes_on(Duration::from_secs(5)).await;
        }
        morning
    }

    async fn goes_on(&mut self, by: Duration) -> Ended {
        self.now = self.now + by;
        let network = self.house.network().clone();
        let until = self.now;
        let pace =
            Pace { auth_token: TOKEN, until, work_first: false, restarts: false, trouble: &[] };
        virtual_time::run(&network, &mut self.house, pace).await
    }

    fn one<T: rusqlite::types::FromSql>(&self, sql: &str) -> T {
        self.house.books_now().query_row(sql, [], |row| row.get(0)).unwrap()
    }

    fn open(&self) -> i64 {
        self.one(
            "SELECT (SELECT count(*) FROM attempt WHERE ended_at IS NULL OR result IS NULL)
                  + (SELECT count(*) FROM call WHERE ended_at IS NULL)
                  + (SELECT count(*) FROM request WHERE closed_at IS NULL)
                  + (SELECT count(*) FROM intake WHERE starts_at IS NOT NULL)
                  + (SELECT count(*) FROM timer) + (SELECT count(*) FROM outbox)",
        )
    }
}

#[tokio::test]
async fn r10_what_waited_for_a_line_that_is_gone_is_seen_to_at_another_and_nobody_stays_reserved() {
    let mut morning = Morning::until_it_rings().await;
    morning.house.goes_on_without(GONE).await;
    assert_eq!(morning.goes_on(Duration::from_secs(24 * 3600)).await, Ended::AtRest);
    assert_eq!(morning.open(), 0);
    let owed = format!("SELECT count(*) FROM promise WHERE kept_at IS NULL AND line = '{STAYS}'");
    assert_eq!(morning.one::<i64>(&owed), 2, "whoever waited, and whoever asked for later");
}

#[tokio::test]
async fn r11_a_quiet_leg_of_a_line_that_is_gone_is_asked_after_like_any_other() {
    let mut morning = Morning::until_it_rings().await;
    morning.house.goes_on_without(GONE).await;
    morning.goes_on(Duration::from_secs(3600)).await;
    // As if its last report had been lost.
    let lost = "UPDATE call SET ended_at = NULL, heard_at = 0 WHERE role = 'caller'";
    assert_eq!(morning.house.books_now().execute(lost, []).unwrap(), 1);
    morning.house.work(morning.now).await;
    assert_eq!(morning.one::<i64>("SELECT count(*) FROM call WHERE ended_at IS NULL"), 0);
}

#[tokio::test]
async fn r10_a_search_that_cannot_be_read_any_more_is_given_up_and_the_desk_has_it() {
    let mut morning = Morning::until_it_rings().await;
    morning.house.books_now().execute("UPDATE machine SET state = '{}'", []).unwrap();
    morning.goes_on(Duration::from_secs(1800)).await;
    let bos = "SELECT result FROM attempt WHERE ended_at IS NOT NULL";
    assert_eq!(morning.one::<String>(bos), "lost");
    let owed = "SELECT count(*) FROM promise WHERE kept_at IS NULL AND kind = 'desk_answers'";
    assert_eq!(morning.one::<i64>(owed), 1);
}
