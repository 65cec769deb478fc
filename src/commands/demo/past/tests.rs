use super::super::tests::{demo, town};
use super::*;
use crate::domain::Role;
use crate::report::conceal::Total;
use crate::report::{Month, Period, Report, Scope};
use crate::store::{NewOperator, key};

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

#[test]
fn the_same_seed_gives_the_same_past_which_ends_before_this_week() {
    let (config, _) = town(&demo());
    let now = at("2026-11-25T10:00:00+01:00");
    let calls = planned(&config.lines, 9, 1, now);
    assert_eq!(calls, planned(&config.lines, 9, 1, now));
    assert_ne!(calls, planned(&config.lines, 9, 2, now));
    assert!(calls.len() > 500, "{}", calls.len());
    let [first, last] = [calls.first(), calls.last()].map(|call| call.unwrap().at);
    assert!(first >= at("2026-09-21") && last < at("2026-11-23"), "{first:?} {last:?}");
    assert!(planned(&config.lines, 0, 1, now).is_empty());
}

#[tokio::test]
async fn the_past_makes_a_report_that_reads_like_life() {
    let (config, town) = town(&demo());
    let directory = tempfile::tempdir().unwrap();
    let database = directory.path().join("demo.db");
    let store = Store::open(&database, key::load_or_make(&database).unwrap().stop_list).unwrap();
    let now = at("2026-11-25T10:00:00+01:00");
    town.settle(&store, now).unwrap();
    let calls = planned(&config.lines, 4, 1, now);
    let asked = calls.iter().filter(|call| matches!(call.wish, Wish::Neighbour(..))).count();
    let keeper = NewOperator {
        name: "Anneke".into(),
        role: Role::Administrator,
        password: String::new(),
        password_given: false,
        lines: Vec::new(),
        areas: Vec::new(),
    };
    let added = store.write(move |tx| tx.add_operator(&keeper, now)).await;
    let then = Then { began: now, keeper: added.unwrap(), seed: 1 };
    live(&store, &config.lines, config.numbering, &town.telephones, calls, then).await.unwrap();
    let (period, today) =
        (Period::Month(Month::parse("2026-11").unwrap()), now.wall_clock().date());
    let lines = config.lines.clone();
    let counted = store.read(move |tx| tx.counted(period, &lines, today)).await.unwrap();
    let town = Some(config.lines[0].number.clone());
    let report = Report::of(Scope::new(town, period, today), &counted);
    let told = |total: Total| total.count().expect("a busy month");
    let (requests, connected) = (told(report.requests), told(report.connected));
    assert!(requests > 100 && requests as usize <= asked, "{requests} of {asked}");
    let share = connected as f64 / requests as f64;
    assert!((0.5..0.98).contains(&share), "{share}");
    assert!(report.fairness.is_some_and(|spread| spread.gini < 0.7));
    assert!(report.tables.hours.is_some() && report.tables.asked.is_some());
    let kept = report.promises_on_time as f64 / report.promises_due as f64;
    assert!(report.promises_due > 5 && (0.7..1.0).contains(&kept), "{kept}");
    // Nobody is left with a live ring, and this week's limits are untouched.
    let figures = store.read(move |tx| tx.figures(now)).await.unwrap();
    assert_eq!((figures.live_calls, figures.outbox_waiting, figures.promises_overdue), (0, 0, 0));
}
