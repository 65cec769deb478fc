//! A year of calls in towns drawn at random: nobody is rung more often than they like, sooner than
//! they are left in peace for, or outside the hours. Every ring is held against the calendar by plain
//! arithmetic; nothing of what is tested helps to test it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

use burenhulp::domain::Timestamp;
use burenhulp::sim::Network;
use burenhulp::sim::log::What;
use burenhulp::sim::number::{CallerId, Number};
use burenhulp::sim::scenario::{Cast, Scenario};
use burenhulp::sim::virtual_time::{self, Pace};
use chrono::{Datelike, NaiveDate, Timelike, Weekday};
use proptest::prelude::*;

use crate::house::{House, TOKEN};

const BEGIN: &str = "2026-11-24T08:00:00+01:00";
const DAYS: u32 = 365;
const MINUTE: Duration = Duration::from_secs(60);
/// How callers go about it; the last ones let the exchange go on by itself.
const CALLERS: [&str; 4] = [
    "presses 4, presses 2584, presses 1, joined, wait 10, hangs up",
    "presses 4, presses 2584, presses 1, wait 25, hangs up",
    "presses 4, presses 2584, presses 1, stays silent",
    "presses 4, presses 2584, presses 1, wait 62, presses 2, presses 1",
];
/// Holidays of that year on which the line begins late, Sundays aside.
const HOLIDAYS: [(i32, u32, u32); 8] = [
    (2026, 12, 25),
    (2026, 12, 26),
    (2027, 1, 1),
    (2027, 3, 29),
    (2027, 4, 27),
    (2027, 5, 5),
    (2027, 5, 6),
    (2027, 5, 17),
];

#[derive(Debug, Clone)]
struct Town {
    people: Vec<Likes>,
    /// Day, minute of the day, and how they go about it.
    calls: Vec<(u32, u32, usize)>,
}

#[derive(Debug, Clone)]
struct Likes {
    does: Vec<&'static str>,
    hours: &'static str,
    per_day: u32,
    per_week: u32,
}

/// A ring as it stands in the books.
struct Ring {
    at: Timestamp,
    ended: Timestamp,
    result: String,
    /// Somebody who agreed to be rung once more is not resting.
    agreed: bool,
}

fn town() -> impl Strategy<Value = Town> {
    let does = prop::sample::select(vec![
        "picks up after 3, presses 2",
        "picks up after 3, presses 1, talks 9",
        "picks up after 3, presses 3",
        "rings out",
        "voicemail after 9",
        "is busy",
    ]);
    let hours = prop::sample::select(vec!["24/7", "Mo-Su 09:00-12:00", "Mo-Fr 19:00-23:00"]);
    let likes = (prop::collection::vec(does, 2..5), hours, 1..4_u32, 0..4_u32);
    let likes = likes.prop_map(|(does, hours, per_day, more)| Likes {
        does,
        hours,
        per_day,
        per_week: per_day + more,
    });
    // A day on which somebody calls has several calls: that is when caps are met.
    let day = prop::collection::vec((8 * 60..22 * 60_u32, 0..CALLERS.len()), 1..6);
    let days = prop::collection::btree_map(0..DAYS, day, 35..45);
    (prop::collection::vec(likes, 2..6), days).prop_map(|(people, days)| {
        let calls = days.into_iter().flat_map(|(day, calls)| {
            calls.into_iter().map(move |(minute, does)| (day, minute, does))
        });
        // Somebody who is there at any hour, or a town of few would prove little.
        let always = ["picks up after 3, presses 2"; 2].to_vec();
        let there = Likes { does: always, hours: "24/7", per_day: 3, per_week: 6 };
        let people = std::iter::once(there).chain(people).collect();
        Town { people, calls: calls.collect() }
    })
}

impl Town {
    fn scenario(&self) -> Scenario {
        let mut text = format!("title = \"a year\"\nat = \"{BEGIN}\"\n");
        for (n, likes) in self.people.iter().enumerate() {
            let does: Vec<String> = likes.does.iter().map(|does| format!("\"{does}\"")).collect();
            let _ = write!(
                text,
                "[[neighbour]]\nname = \"buur{n}\"\ndoes = [{}]\ncut_off = true\nhours = \"{}\"\n\
                 max_per_day = {}\nmax_per_week = {}\n",
                does.join(", "),
                likes.hours,
                likes.per_day,
                likes.per_week,
            );
        }
        for (n, does) in CALLERS.iter().enumerate() {
            let _ = write!(
                text,
                "[[caller]]\nname = \"beller{n}\"\ndoes = \"{does}\"\ncut_off = true\nends = \"goodbye\"\n"
            );
        }
        Scenario::read("a year", &text).unwrap()
    }

    /// Everybody calls from a number of their own.
    fn dial(&self, scenario: &Scenario, cast: &Cast, network: &mut Network) {
        let midnight = scenario.at.start_of_day();
        for (nth, (day, minute, does)) in self.calls.iter().enumerate() {
            // Past noon, so that an hour more or less of daylight saving stays within the day.
            let noon = midnight + Duration::from_secs(3600 * (24 * u64::from(*day) + 12));
            let at = (noon.start_of_day() + MINUTE * *minute).max(scenario.at + MINUTE);
            let number = Number::new(&format!("+31602{nth:06}"));
            let does = scenario.caller[*does].does.clone();
            network.dial(at, CallerId::Shown(number), cast.lines[0].clone(), does);
        }
    }
}

fn rings(house: &House) -> BTreeMap<String, Vec<Ring>> {
    let books = house.books_now();
    let sql =
        "SELECT phone, reserved_at, coalesce(ended_at, reserved_at), coalesce(result, ''), turn > 0
               FROM attempt WHERE participant IS NOT NULL ORDER BY reserved_at, id";
    let mut select = books.prepare(sql).unwrap();
    let rows = select.query_map([], |row| {
        let ring = Ring {
            at: Timestamp(row.get(1)?),
            ended: Timestamp(row.get(2)?),
            result: row.get(3)?,
            agreed: row.get(4)?,
        };
        Ok((row.get::<_, String>(0)?, ring))
    });
    let mut rings: BTreeMap<String, Vec<Ring>> = BTreeMap::new();
    for (phone, ring) in rows.unwrap().map(Result::unwrap) {
        rings.entry(phone).or_default().push(ring);
    }
    rings
}

/// Every ring of one person that should not have been.
fn too_much(likes: &Likes, rings: &[Ring]) -> Vec<String> {
    let mut complaints = Vec::new();
    let (mut days, mut weeks) = (BTreeMap::new(), BTreeMap::new());
    for ring in rings {
        let wall = ring.at.local();
        let when = wall.format("%a %Y-%m-%d %H:%M");
        if !(own_hours(likes.hours, ring.at) && line_hours(ring.at)) {
            complaints.push(format!("rung on {when}, outside {} or the line's hours", likes.hours));
        }
        if matches!(ring.result.as_str(), "caller_ended" | "not_placed") {
            continue;
        }
        let (day, week) = (wall.date_naive(), wall.iso_week());
        let today = days.entry(day).or_insert(0_u32);
        *today += 1;
        if *today > likes.per_day {
            complaints.push(format!("rung {today} times on {day}, at most {}", likes.per_day));
        }
        let this_week = weeks.entry((week.year(), week.week())).or_insert(0_u32);
        *this_week += 1;
        if *this_week > likes.per_week {
            complaints.push(format!("rung {this_week} times in the week of {day}"));
        }
    }
    for pair in rings.windows(2) {
        let [before, after] = pair else { continue };
        let rest = match before.result.as_str() {
            "caller_ended" | "not_placed" => continue,
            "no_answer" | "busy" | "voicemail" | "failed" | "lost" => MINUTE * 60,
            _ => MINUTE * 180,
        };
        if !after.agreed && after.at < before.ended + rest {
            let when = after.at.local();
            complaints.push(format!("rung on {when}, too soon after {}", before.result));
        }
    }
    complaints
}

/// When somebody was rung to be asked whether they still take part.
fn asked_whether_still_there(house: &House, number: &str) -> Vec<Timestamp> {
    let books = house.books_now();
    let sql = "SELECT decided_at FROM placed
               WHERE phone = ?1 AND instr(purpose, 'still_there') > 0 ORDER BY id";
    let mut select = books.prepare(sql).unwrap();
    let rows = select.query_map([number], |row| row.get(0).map(Timestamp)).unwrap();
    rows.map(Result::unwrap).collect()
}

/// Outside the hours of either side, or more than once a day.
fn asked_too_much(likes: &Likes, asked: &[Timestamp]) -> Vec<String> {
    let when = |at: &Timestamp| at.local().format("%a %Y-%m-%d %H:%M").to_string();
    let outside = asked.iter().filter(|at| !(own_hours(likes.hours, **at) && line_hours(**at)));
    let day = |at: Timestamp| at.local().date_naive();
    let twice = asked.windows(2).filter(|two| day(two[0]) == day(two[1])).map(|two| &two[1]);
    let outside = outside.map(|at| format!("asked on {}, outside their hours", when(at)));
    outside.chain(twice.map(|at| format!("asked twice on {}", when(at)))).collect()
}

/// The three kinds of hours that these towns have.
fn own_hours(hours: &str, at: Timestamp) -> bool {
    let wall = at.local();
    match hours {
        "24/7" => true,
        "Mo-Su 09:00-12:00" => (9..12).contains(&wall.hour()),
        "Mo-Fr 19:00-23:00" => {
            (19..23).contains(&wall.hour())
                && !matches!(wall.weekday(), Weekday::Sat | Weekday::Sun)
        }
        other => panic!("hours that are not known here: {other}"),
    }
}

/// What a line has when nothing else is settled: Mo-Sa 09:00-21:00; Su,PH 10:00-20:00; and silence on
/// the evening of the fourth of May.
fn line_hours(at: Timestamp) -> bool {
    let wall = at.local();
    let day = wall.date_naive();
    let holiday = HOLIDAYS.iter().any(|(y, m, d)| NaiveDate::from_ymd_opt(*y, *m, *d) == Some(day));
    let minute = wall.hour() * 60 + wall.minute();
    let silence =
        (day.month(), day.day()) == (5, 4) && (19 * 60 + 55..20 * 60 + 5).contains(&minute);
    let hours = if holiday || wall.weekday() == Weekday::Sun { 10..20 } else { 9..21 };
    hours.contains(&wall.hour()) && !silence
}

/// What was wrong in a year, and how many rings there were.
fn play(town: &Town) -> (Vec<String>, usize) {
    let scenario = town.scenario();
    let cast = Cast::of(&scenario);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut house = House::of(&scenario, scenario.delivery.delivery()).await;
        let network = house.network().clone();
        town.dial(&scenario, &cast, &mut network.lock().unwrap());
        let until = scenario.at + Duration::from_secs(24 * 3600) * (DAYS + 2);
        let pace =
            Pace { auth_token: TOKEN, until, work_first: false, restarts: false, trouble: &[] };
        virtual_time::run(&network, &mut house, pace).await;
        let rings = rings(&house);
        let mut complaints = Vec::new();
        for (number, likes) in cast.neighbours.iter().zip(&town.people) {
            let theirs = rings.get(number.as_str()).map_or(&[][..], Vec::as_slice);
            complaints.extend(too_much(likes, theirs));
            // The network rang nobody whom the books do not know of; whoever never answers is also
            // asked, now and then, whether they still take part.
            let asked = asked_whether_still_there(&house, number.as_str());
            complaints.extend(asked_too_much(likes, &asked));
            let network = network.lock().unwrap();
            let heard = network.log().iter().filter(
                |entry| matches!(&entry.what, What::Rung { number: rung, .. } if rung == number),
            );
            if heard.count() > theirs.len() + asked.len() {
                complaints.push("a telephone rang that is not in the books".to_owned());
            }
        }
        (complaints, rings.values().map(Vec::len).sum())
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2, max_shrink_iters: 20, ..ProptestConfig::default() })]

    #[test]
    fn r1_r13_caps_rests_and_hours_hold_over_a_year(town in town()) {
        let (complaints, rings) = play(&town);
        prop_assert!(complaints.is_empty(), "{complaints:#?}\n{town:#?}");
        prop_assert!(rings > 30, "only {rings} rings in a year of {} calls", town.calls.len());
    }
}

#[test]
fn a_ring_too_many_too_soon_or_too_late_is_seen() {
    let likes = Likes { does: vec![], hours: "24/7", per_day: 1, per_week: 2 };
    let ring = |at: &str, result: &str| {
        let at = Timestamp::parse(at).unwrap();
        Ring { at, ended: at + MINUTE, result: result.to_owned(), agreed: false }
    };
    let wrong = |rings: &[Ring]| too_much(&likes, rings).len();
    let monday = "2026-11-23T10:00:00+01:00";
    assert_eq!(wrong(&[ring(monday, "declined"), ring("2026-11-24T10:00:00+01:00", "busy")]), 0);
    assert_eq!(wrong(&[ring(monday, "declined"), ring("2026-11-23T14:00:00+01:00", "busy")]), 1);
    assert_eq!(
        wrong(&[ring(monday, "caller_ended"), ring("2026-11-23T10:10:00+01:00", "busy")]),
        0
    );
    let days = ["2026-11-23", "2026-11-25", "2026-11-29"];
    let week = days.map(|day| ring(&format!("{day}T11:00:00+01:00"), "declined"));
    assert_eq!(wrong(&week), 1, "a week ends on Sunday");
    assert_eq!(wrong(&[ring("2026-12-25T09:30:00+01:00", "busy")]), 1, "a holiday begins late");
    assert_eq!(wrong(&[ring("2027-05-04T20:00:00+02:00", "busy")]), 1, "the two minutes' silence");
}
