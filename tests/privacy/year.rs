//! A year of a lively town, night after night: nothing is older than its period, wherever it stands.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use burenhulp::domain::{
    Language, Misplaced, OperatorId, ParticipantId, Phone, Pinned, Postcode, Role, ServiceId,
    Timestamp,
};
use burenhulp::exchange::{Entered, First, Intake, Offered, Received, Reported, WebQuestion};
use burenhulp::sim::log::What;
use burenhulp::sim::number::{CallerId, Number};
use burenhulp::sim::scenario::{Cast, Scenario};
use burenhulp::sim::virtual_time::{self, Application, HttpRequest, Pace};
use burenhulp::sim::wire::{Failure, Response};
use burenhulp::store::{NewIntake, Source};

use super::people_in;
use crate::house::{House, TOKEN};

const A_DAY: Duration = Duration::from_secs(24 * 3600);
const DAYS: u32 = 365;
/// Days between two calls.
const EVERY: u32 = 3;

const TOWN: &str = r#"
title = "a year"
at = "2026-11-24T10:00:00+01:00"
[[line]]
voice_note = true
[[desk]]
name = "balie"
does = "rings out"
[[neighbour]]
name = "bos"
does = ["picks up after 6, presses 1, talks 20", "picks up after 4, presses 2", "rings out"]
cut_off = true
[[neighbour]]
name = "visser"
does = ["picks up after 3, presses 2", "picks up after 3, presses 1, talks 9", "picks up after 3, presses 4, presses 1"]
cut_off = true
[[neighbour]]
name = "dirk"
does = ["rings out", "voicemail after 9", "picks up after 3, presses 2", "picks up after 3, presses 4, presses 1"]
cut_off = true
[[neighbour]]
name = "kim"
verified = false
[[telephone]]
name = "wil"
does = ["picks up after 5, presses 1", "picks up after 5, presses 1, joined"]
cut_off = true
[[telephone]]
name = "greet"
does = "picks up after 5, presses 1, joined"
cut_off = true
[[caller]]
name = "finds somebody"
does = "presses 1, presses 4, presses 2584, presses 1, tone, talk 3, joined, presses 1"
cut_off = true
ends = "goodbye"
[[caller]]
name = "asks for the desk"
after = 3600
does = "presses 0, tone, talk 6"
cut_off = true
ends = "goodbye"
[[caller]]
name = "leaves"
after = 7200
does = "presses 1, presses 4, presses 2584, wait 30, hangs up"
cut_off = true
ends = "hangs-up"
"#;

/// Rows that must not be, and the most days that they may be kept.
const TOO_OLD: [(&str, &str, u32); 15] = [
    ("keyed digits", "SELECT 1 FROM call WHERE position IS NOT NULL AND ended_at < ?1", 2),
    ("answers", "SELECT 1 FROM step s JOIN call c ON c.id = s.call WHERE c.ended_at < ?1", 2),
    ("voice notes", "SELECT 1 FROM note WHERE made_at < ?1", 2),
    ("sound", "SELECT 1 FROM message WHERE recording_url <> '' AND left_at < ?1", 14),
    (
        "sealed sound",
        "SELECT 1 FROM message_sound s JOIN message m ON m.id = s.message WHERE m.left_at < ?1",
        14,
    ),
    ("placed calls", "SELECT 1 FROM placed WHERE ended_at < ?1", 30),
    (
        "rings",
        "SELECT 1 FROM attempt a JOIN request r ON r.id = a.request WHERE r.closed_at < ?1
       AND NOT EXISTS (SELECT 1 FROM promise WHERE request = r.id AND kept_at IS NULL)
       AND NOT EXISTS (SELECT 1 FROM board_report b JOIN promise p ON p.id = b.promise
                       WHERE b.request = r.id AND p.kept_at IS NULL)",
        90,
    ),
    (
        "calls",
        "SELECT 1 FROM call c WHERE ended_at < ?1
       AND NOT EXISTS (SELECT 1 FROM message WHERE call = c.id)
       AND NOT EXISTS (SELECT 1 FROM request WHERE call = c.id)",
        90,
    ),
    ("the journal", "SELECT 1 FROM event WHERE at < ?1", 90),
    ("kept promises", "SELECT 1 FROM promise WHERE kept_at < ?1", 90),
    ("sign-ups", "SELECT 1 FROM participant WHERE verified_at IS NULL AND created_at < ?1", 7),
    ("questions", "SELECT 1 FROM web_question WHERE request IS NULL AND asked_at < ?1", 7),
    ("offers", "SELECT 1 FROM posted_offer WHERE expires_at < ?1", 7),
    (
        "reports of the board",
        "SELECT 1 FROM board_report b JOIN promise p ON p.id = b.promise WHERE p.kept_at < ?1",
        90,
    ),
    (
        "names at the desk",
        "SELECT 1 FROM intake i JOIN request r ON r.id = i.request
         WHERE i.name <> '' AND r.closed_at < ?1
           AND NOT EXISTS (SELECT 1 FROM promise WHERE request = r.id AND kept_at IS NULL)",
        30,
    ),
];
/// Nights between two of which somebody asks on the web or at the desk, or offers something.
const ASKS_EVERY: u32 = 12;
/// Of those, between which somebody also reports something of the board.
const REPORTS_EVERY: u32 = 3 * ASKS_EVERY;

struct Year {
    house: House,
    names: BTreeMap<String, String>,
    /// When each number called last, or asked for something.
    calls: BTreeMap<String, Timestamp>,
    /// Whoever asks on the web, and at the desk.
    askers: [Phone; 2],
    by: OperatorId,
    /// The line and the desk.
    ours: Vec<String>,
    night: Timestamp,
    nights: u32,
    /// By which ways requests came for which a neighbour was rung.
    searched: BTreeSet<String>,
    settled: BTreeMap<String, String>,
    complaints: Vec<String>,
}

impl Year {
    /// Everything that happens in the nights before this moment.
    async fn nights_until(&mut self, now: Timestamp) {
        while self.night <= now {
            let night = self.night;
            self.house.set_clock(night);
            // The desk keeps its promises the day after, but for one in seven.
            self.house
                .books_now()
                .execute(
                    "UPDATE promise SET kept_at = ?1, kept_how = 'spoken'
                     WHERE kept_at IS NULL AND id % 7 <> 0",
                    [night.0],
                )
                .unwrap();
            let exchange = &self.house.app().0.exchange;
            assert!(exchange.forget_if_due().await.unwrap().is_some(), "a round every night");
            assert!(exchange.forget_if_due().await.unwrap().is_none(), "and no other");
            self.look(night);
            if self.nights.is_multiple_of(ASKS_EVERY) {
                self.somebody_asks(night).await;
            }
            self.night = night + A_DAY;
            self.nights += 1;
        }
    }

    /// On the web, somebody whom nobody knows and who does not pick up, and Wil; at the desk, Greet,
    /// for ten days later. Bos offers something.
    async fn somebody_asks(&mut self, now: Timestamp) {
        let exchange = self.house.app().0.exchange.clone();
        let line = exchange.context().lines[0].number.clone();
        let company = ServiceId::parse("company").unwrap();
        let place = Postcode::parse("2584").unwrap();
        let nobody = Phone::from_stored(&format!("+31603{:06}", self.nights)).unwrap();
        let [wil, greet] = self.askers.clone();
        for (nth, phone) in (0..).zip([&nobody, &wil]) {
            let mut link = [nth; 32];
            link[..4].copy_from_slice(&self.nights.to_be_bytes());
            let question = WebQuestion {
                link,
                line: line.clone(),
                phone: phone.clone(),
                service: company.clone(),
                postcode: place,
                language: Language::Nl,
                inside: false,
                wanted_at: None,
                on_board: true,
            };
            let received = exchange.ask_on_the_web(question).await.unwrap();
            assert!(matches!(received, Received::RingsAt(_)), "{received:?}");
            // They are rung in the morning, and searched for until a day later.
            self.calls.insert(phone.e164().to_owned(), now + A_DAY * 2);
        }
        let wanted = now + A_DAY * 10 + Duration::from_secs(9 * 3600);
        let intake = Intake {
            new: NewIntake {
                line,
                source: Source::Counter,
                agreement: None,
                name: "Greet".into(),
                phone: greet.clone(),
                service: company.clone(),
                postcode: place,
                language: Language::Nl,
                inside: false,
                wanted_at: Some(wanted),
                starts_at: None,
                by: self.by,
                now,
            },
            first: First::Anybody,
            search_anyway: false,
            on_the_line: None,
            on_board: true,
        };
        let entered = exchange.enter_request(intake).await.unwrap();
        let Entered::Planned(asked, _) = entered else { panic!("{entered:?}") };
        self.calls.insert(greet.e164().to_owned(), wanted);
        let sql = "SELECT id FROM participant WHERE name = ?1";
        let bos = self.house.books_now().query_row(sql, ["Bos"], |row| row.get(0)).unwrap();
        let tomorrow = (now + A_DAY).wall_clock().date();
        let offered = exchange.post_offer(ParticipantId(bos), company, tomorrow).await.unwrap();
        assert!(matches!(offered, Offered::Posted(_)), "{offered:?}");
        // Now and then Bos finds that what Greet asks does not belong on the board.
        if self.nights.is_multiple_of(REPORTS_EVERY) {
            let (of, why) = (Pinned::Request(asked), Misplaced::Other);
            let reported = exchange.report_misplaced(ParticipantId(bos), of, why).await.unwrap();
            assert_eq!(reported, Reported::Done);
        }
    }

    fn look(&mut self, now: Timestamp) {
        let books = self.house.books_now();
        let before = |days: u32| (now - A_DAY * days).0;
        for (what, sql, days) in TOO_OLD {
            if books.prepare(sql).unwrap().exists([before(days)]).unwrap() {
                self.complaints.push(format!("night {}: {what} over {days} days old", self.nights));
            }
        }
        let mut open: Vec<String> = strings(
            &books,
            "SELECT coalesce(r.call_back, i.phone) FROM promise p JOIN request r ON r.id = p.request
             LEFT JOIN intake i ON i.request = r.id
             WHERE p.kept_at IS NULL AND coalesce(r.call_back, i.phone) IS NOT NULL",
        );
        open.extend(strings(
            &books,
            "SELECT c.caller FROM call c LEFT JOIN request r ON r.call = c.id LEFT JOIN message m ON m.call = c.id
             JOIN promise p ON p.kept_at IS NULL AND (p.request = r.id OR p.message = m.id)",
        ));
        let here: Vec<String> = strings(&books, "SELECT phone FROM participant");
        let names: Vec<String> = self.names.values().cloned().collect();
        for (place, who) in people_in(&books, &names) {
            if self.ours.contains(&who) {
                continue;
            }
            let fine = match self.calls.get(&who) {
                Some(called) => {
                    called.0 >= before(30) || open.iter().any(|caller| caller.contains(&who))
                }
                None => {
                    here.iter().any(|number| *number == who || self.names.get(number) == Some(&who))
                }
            };
            if !fine {
                self.complaints.push(format!("night {}: {place} holds {who}", self.nights));
            }
        }
        let stopped = "SELECT 1 FROM participant p JOIN consent c ON c.participant = p.id
                       WHERE c.withdrawn_at < ?1 AND p.consented = 0";
        if books.prepare(stopped).unwrap().exists([before(7)]).unwrap() {
            self.complaints
                .push(format!("night {}: somebody stopped over a week ago", self.nights));
        }
        self.searched.extend(strings(
            &books,
            "SELECT DISTINCT i.source FROM intake i JOIN attempt a ON a.request = i.request",
        ));
        self.look_at_reports(&books, now);
    }

    /// What was counted of a day is the same ever after.
    fn look_at_reports(&mut self, books: &rusqlite::Connection, now: Timestamp) {
        let settled = (now - A_DAY * 25).wall_clock().date().to_string();
        let sql = "SELECT day, counts FROM report_day WHERE day < ?1";
        let mut select = books.prepare(sql).unwrap();
        let rows = select.query_map([settled], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        let counted: BTreeMap<String, String> = rows.map(Result::unwrap).collect();
        for (day, counts) in &self.settled {
            if counted.get(day) != Some(counts) {
                self.complaints.push(format!("night {}: the counts of {day} changed", self.nights));
            }
        }
        self.settled = counted;
    }
}

fn strings(books: &rusqlite::Connection, sql: &str) -> Vec<String> {
    let mut select = books.prepare(sql).unwrap();
    let rows = select.query_map([], |row| row.get(0)).unwrap();
    rows.map(Result::unwrap).collect()
}

impl Application for Year {
    async fn answer(&mut self, now: Timestamp, request: HttpRequest) -> Result<Response, Failure> {
        self.nights_until(now).await;
        self.house.answer(now, request).await
    }

    async fn next_due(&mut self) -> Option<Timestamp> {
        self.house.next_due().await
    }

    async fn work(&mut self, now: Timestamp) {
        self.nights_until(now).await;
        self.house.work(now).await;
    }

    async fn restart(&mut self) {
        self.house.restart().await;
    }
}

#[test]
fn r9_in_a_year_nothing_is_older_than_its_period_and_every_count_stays() {
    let scenario = Scenario::read("year", TOWN).unwrap();
    let cast = Cast::of(&scenario);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let house = House::of(&scenario, scenario.delivery.delivery()).await;
        // Only time makes a sign-up old: in this house it is of today.
        house
            .books_now()
            .execute("UPDATE participant SET created_at = ?1", [scenario.at.0])
            .unwrap();
        let by = house.operator("anneke", Role::Administrator, &[], &[]).await.id.unwrap();
        let network = house.network().clone();
        let calls = dial_all_year(&scenario, &cast, &mut network.lock().unwrap());
        let names = scenario.neighbour.iter().map(|neighbour| neighbour.full_name());
        let numbers = cast.neighbours.iter().map(|number| number.as_str().to_owned());
        let mut year = Year {
            house,
            names: numbers.zip(names).collect(),
            calls,
            askers: [0, 1]
                .map(|nth: usize| Phone::from_stored(cast.telephones[nth].as_str()).unwrap()),
            by,
            ours: cast.lines.iter().chain(&cast.desk).map(|n| n.as_str().to_owned()).collect(),
            night: scenario.at.start_of_day() + A_DAY + Duration::from_secs(3 * 3600),
            nights: 0,
            searched: BTreeSet::new(),
            settled: BTreeMap::new(),
            complaints: Vec::new(),
        };
        let end = scenario.at + A_DAY * DAYS;
        let pace = Pace {
            auth_token: TOKEN,
            until: end,
            work_first: false,
            restarts: false,
            trouble: &[],
        };
        virtual_time::run(&network, &mut year, pace).await;
        year.nights_until(end).await;
        assert!(year.nights >= DAYS - 1, "{} nights", year.nights);
        assert!(
            year.complaints.is_empty(),
            "{:#?}",
            &year.complaints[..year.complaints.len().min(20)]
        );
        year_was_lively(&year);
        nobody_was_rung_after_their_stop(&year, &network.lock().unwrap());
    });
}

/// A call every third day, each from another number, by the habits of the callers of the story.
fn dial_all_year(
    scenario: &Scenario,
    cast: &Cast,
    network: &mut burenhulp::sim::Network,
) -> BTreeMap<String, Timestamp> {
    let mut calls = BTreeMap::new();
    for (nth, caller) in (1..).zip(&scenario.caller) {
        let at = scenario.at + Duration::from_secs_f64(caller.after);
        calls.insert(format!("+31601{nth:06}"), at);
    }
    for day in (EVERY..DAYS).step_by(EVERY as usize) {
        let number = format!("+31602{day:06}");
        let does = scenario.caller[(day / EVERY) as usize % scenario.caller.len()].does.clone();
        let at = scenario.at + A_DAY * day + Duration::from_secs(600);
        network.dial(at, CallerId::Shown(Number::new(&number)), cast.lines[0].clone(), does);
        calls.insert(number, at);
    }
    calls
}

fn year_was_lively(year: &Year) {
    let books = year.house.books_now();
    let counted: i64 = books
        .query_row("SELECT count(*) FROM report_day WHERE counts LIKE '%+31%'", [], |row| {
            row.get(0)
        })
        .unwrap();
    assert!(counted >= i64::from(DAYS / EVERY) - 1, "calls were counted on {counted} days");
    let stopped: i64 =
        books.query_row("SELECT count(*) FROM stop_list", [], |row| row.get(0)).unwrap();
    assert_eq!(stopped, 2, "two of the neighbours stopped, and only their hashes are left");
    let people: i64 =
        books.query_row("SELECT count(*) FROM participant", [], |row| row.get(0)).unwrap();
    assert_eq!(people, 1, "one of them takes part still; one never confirmed it");
    let erased: i64 = books
        .query_row("SELECT sum(json_extract(erased, '$.request')) FROM forgotten", [], |row| {
            row.get(0)
        })
        .unwrap();
    assert!(erased > 50, "{erased} requests were forgotten");
    for kind in ["web_question", "posted_offer"] {
        let sql = format!("SELECT sum(json_extract(erased, '$.{kind}')) FROM forgotten");
        let erased: i64 = books.query_row(&sql, [], |row| row.get(0)).unwrap();
        assert!(erased > 20, "{erased} of {kind} were forgotten");
    }
    let searched: Vec<&str> = year.searched.iter().map(String::as_str).collect();
    assert_eq!(searched, ["counter", "web"], "and neighbours were rung for those");
}

fn nobody_was_rung_after_their_stop(year: &Year, network: &burenhulp::sim::Network) {
    let books = year.house.books_now();
    let last: i64 =
        books.query_row("SELECT max(stopped_at) FROM stop_list", [], |row| row.get(0)).unwrap();
    let rung_later = network.log().iter().filter_map(|entry| match &entry.what {
        What::Rung { number, .. } if entry.at.0 > last => Some(number.as_str()),
        _ => None,
    });
    let here: Vec<String> = strings(&books, "SELECT phone FROM participant");
    for number in rung_later.filter(|number| year.names.contains_key(*number)) {
        assert!(here.iter().any(|here| here == number), "R9: somebody was rung after their stop");
    }
}
