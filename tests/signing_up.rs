//! How somebody new comes in: the same whichever way they come, and nothing told to a stranger.

use std::time::Duration;

use burenhulp::domain::{
    Caller, Channel, FirstName, Hours, Language, Numbering, Phone, Postcode, Role, SpokenCode,
    Timestamp,
};
use burenhulp::exchange::{AtTheDesk, CodeCall, CodeWanted, NewcomerForm, NotSignedUp};
use burenhulp::sim::delivery::Delivery;
use burenhulp::sim::log::What;
use burenhulp::sim::scenario::Scenario;
use burenhulp::sim::virtual_time::{self, Ended, Pace};

use crate::house::orders::newcomer;
use crate::house::{House, TOKEN};

/// Bos takes part, Visser stopped; Noor is new.
const TOWN: &str = r#"
title = "a neighbourhood"
at = "2026-11-24T10:00:00+01:00"
[[desk]]
name = "balie"
[[neighbour]]
name = "bos"
[[neighbour]]
name = "visser"
stopped = true
[[telephone]]
name = "noor"
does = "picks up after 5, presses 2"
cut_off = true
"#;
const BOS: &str = "+31700010001";
const VISSER: &str = "+31700010002";
const NOOR: &str = "+31602000001";
const A_DAY: Duration = Duration::from_secs(24 * 3600);

fn phone(number: &str) -> Phone {
    Phone::parse(number, Numbering::NlFixtures).unwrap()
}

/// Somebody changes what the form says.
fn with(house: &House, number: &str, change: impl FnOnce(&mut NewcomerForm)) -> NewcomerForm {
    let mut form = newcomer(&house.app().0.exchange, phone(number));
    change(&mut form);
    form
}

async fn town() -> (Scenario, House) {
    let scenario = Scenario::read("town", TOWN).unwrap();
    let house = House::of(&scenario, Delivery::default()).await;
    (scenario, house)
}

/// Everything that is due happens, for two days.
async fn two_days(scenario: &Scenario, house: &mut House) {
    let network = house.network().clone();
    let pace = Pace {
        auth_token: TOKEN,
        until: scenario.at + 2 * A_DAY,
        work_first: false,
        restarts: false,
        trouble: &[],
    };
    assert_eq!(virtual_time::run(&network, house, pace).await, Ended::AtRest);
}

fn rung(house: &House, number: &str) -> usize {
    let network = house.network().lock().unwrap();
    let rings = network.log().iter().filter(
        |entry| matches!(&entry.what, What::Rung { number: rung, .. } if rung.as_str() == number),
    );
    rings.count()
}

fn rows(house: &House, sql: &str) -> i64 {
    house.books_now().query_row(sql, [], |row| row.get(0)).unwrap()
}

#[tokio::test]
async fn a_stranger_is_told_the_same_whoever_has_the_number() {
    let (scenario, mut house) = town().await;
    let before = rows(&house, "SELECT count(*) FROM participant");
    let mut told = Vec::new();
    for number in [BOS, VISSER, NOOR] {
        let form = with(&house, number, |form| form.name = FirstName::parse("Zwendel").ok());
        told.push(house.app().0.exchange.sign_up(form).await.unwrap());
    }
    assert_eq!((told[0], told[1]), (told[2], told[2]), "known, stopped and new sound alike");
    assert_eq!(rows(&house, "SELECT count(*) FROM participant WHERE name = 'Zwendel'"), 1);
    assert_eq!(rows(&house, "SELECT count(*) FROM participant"), before + 1);
    two_days(&scenario, &mut house).await;
    assert_eq!((rung(&house, BOS), rung(&house, VISSER)), (0, 0), "R9, and nothing to ask Bos");
    assert_eq!(rung(&house, NOOR), 1);
}

#[tokio::test]
async fn after_it_was_not_me_nothing_holds_the_number_but_the_stop_list() {
    let (scenario, mut house) = town().await;
    let form = with(&house, NOOR, |_| ());
    house.app().0.exchange.sign_up(form).await.unwrap().unwrap();
    let noor = ["Noor".to_owned()];
    let found = |house: &House| {
        let people = crate::privacy::people_in(&house.books_now(), &noor).into_iter();
        people.filter(|(_, what)| what == NOOR || *what == noor[0]).collect::<Vec<_>>()
    };
    assert!(!found(&house).is_empty(), "the question means something");
    two_days(&scenario, &mut house).await;
    house.set_clock(scenario.at + 2 * A_DAY);
    house.app().0.exchange.forget().await.unwrap();
    assert_eq!(found(&house), []);
    let noor = phone(NOOR);
    let stopped = house.store().write(move |tx| tx.stopped_at(&noor)).await.unwrap();
    assert!(stopped.is_some(), "and it is not rung for anything of this kind again");
    assert_eq!(rows(&house, "SELECT count(*) FROM consent WHERE verified_at IS NULL"), 0);
}

#[tokio::test]
async fn what_was_agreed_to_and_that_it_was_confirmed_stand_one_behind_the_other() {
    let text = TOWN.replace("presses 2", "presses 1");
    let scenario = Scenario::read("town", &text).unwrap();
    let mut house = House::of(&scenario, Delivery::default()).await;
    let form = with(&house, NOOR, |form| {
        form.channel = Channel::Paper;
        form.language = Language::En;
    });
    house.app().0.exchange.sign_up(form).await.unwrap().unwrap();
    two_days(&scenario, &mut house).await;
    let books = house.books_now();
    let mut select = books
        .prepare(
            "SELECT c.text_version || ' ' || c.language || ' ' || c.channel, c.given_at,
               c.verified_at, c.proof IS NOT NULL FROM consent c
             JOIN participant p ON p.id = c.participant WHERE p.phone = ?1 ORDER BY c.id",
        )
        .unwrap();
    type Row = (String, i64, Option<i64>, bool);
    let given: Vec<Row> = select
        .query_map([NOOR], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    let [first, confirmed] = &given[..] else { panic!("{given:?}") };
    assert_eq!(*first, ("2 en paper".into(), scenario.at.0, None, false));
    assert_eq!((&confirmed.0, confirmed.1, confirmed.3), (&first.0, first.1, true));
    assert!(confirmed.2.is_some_and(|at| at > scenario.at.0));
    let age: (u8, String) = books
        .query_row("SELECT at_least, known_by FROM age", [], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap();
    assert_eq!(age, (18, "said".into()));
    assert_eq!(rows(&house, "SELECT count(*) FROM would_like WHERE service = 'groceries'"), 1);
}

#[tokio::test]
async fn what_cannot_be_is_refused_with_a_sentence_and_nothing_is_written() {
    let (_, house) = town().await;
    let exchange = &house.app().0.exchange;
    let before = rows(&house, "SELECT count(*) FROM participant");
    type Change = fn(&mut NewcomerForm);
    let odd: [(Change, NotSignedUp); 8] = [
        (|form| form.adult = false, NotSignedUp::Age),
        (|form| form.phone = form.line.clone(), NotSignedUp::Number),
        (|form| form.phone = phone("+31700090001"), NotSignedUp::Number),
        (
            |form| {
                form.does.clear();
                form.would_like.clear();
            },
            NotSignedUp::Nothing,
        ),
        (|form| form.hours = Hours::parse("off").unwrap(), NotSignedUp::Never),
        (|form| form.hours = Hours::parse("2020 Mo 10:00-12:00").unwrap(), NotSignedUp::Never),
        (|form| form.postcode = Postcode::parse("9999").unwrap(), NotSignedUp::Place),
        (|form| form.postcode = Postcode::parse("7437").unwrap(), NotSignedUp::Place),
    ];
    for (change, why) in odd {
        let form = with(&house, NOOR, change);
        assert_eq!(exchange.sign_up(form).await.unwrap(), Err(why));
        for language in Language::ALL {
            let advice = why.advice(language);
            assert!(advice.ends_with('.'), "{advice}");
            assert_eq!(burenhulp::domain::unkind_word(advice, language), None);
        }
    }
    assert_eq!(rows(&house, "SELECT count(*) FROM participant"), before);
    assert_eq!(rows(&house, "SELECT count(*) FROM sign_up"), 0);
    assert_eq!(exchange.line_at(Postcode::parse("7437").unwrap()), None);
}

#[tokio::test]
async fn two_ways_at_once_are_one_sign_up_and_no_more_rings() {
    let text = TOWN.replace("picks up after 5, presses 2", "rings out");
    let scenario = Scenario::read("town", &text).unwrap();
    let mut house = House::of(&scenario, Delivery::default()).await;
    let (web, desk) = (
        with(&house, NOOR, |_| ()),
        with(&house, NOOR, |form| {
            form.channel = Channel::Desk;
            form.name = FirstName::parse("Eleonora").ok();
        }),
    );
    let by = house.operator("anneke", Role::Administrator, &[], &[]).await.id.unwrap();
    let exchange = house.app().0.exchange.clone();
    let (one, other) = tokio::join!(exchange.sign_up(web), exchange.sign_up_at_the_desk(desk, by));
    assert!(one.unwrap().is_ok());
    assert!(matches!(other.unwrap(), Ok(AtTheDesk::Rings(..))));
    two_days(&scenario, &mut house).await;
    assert_eq!(rows(&house, "SELECT count(*) FROM sign_up WHERE tries = 3"), 1);
    // A stranger who types it again and again does not make it ring.
    for _ in 0..5 {
        let again = with(&house, NOOR, |_| ());
        house.app().0.exchange.sign_up(again).await.unwrap().unwrap();
    }
    two_days(&scenario, &mut house).await;
    assert_eq!(rung(&house, NOOR), 3);
}

#[tokio::test]
async fn r9_whoever_stops_before_they_confirm_is_not_rung_for_it() {
    let text = TOWN.replace("presses 2", "presses 1");
    let scenario = Scenario::read("town", &text).unwrap();
    let mut house = House::of(&scenario, Delivery::default()).await;
    let form = with(&house, NOOR, |form| form.channel = Channel::Desk);
    house.app().0.exchange.sign_up(form).await.unwrap().unwrap();
    let now = scenario.at;
    let stopped = house.store().write(move |tx| tx.stop_number(&phone(NOOR), "desk", now)).await;
    let stopped: Result<_, burenhulp::store::StoreError> = stopped;
    let noor = stopped.unwrap().unwrap();
    let confirmed = house.store().write(move |tx| tx.confirm_sign_up(noor, "CA1", now)).await;
    let confirmed: Result<_, burenhulp::store::StoreError> = confirmed;
    assert!(!confirmed.unwrap(), "a key that is pressed late makes nobody a participant");
    two_days(&scenario, &mut house).await;
    assert_eq!(rung(&house, NOOR), 0);
    let consents = "SELECT count(*) FROM consent WHERE withdrawn_at IS NULL
                      AND participant = (SELECT id FROM participant WHERE phone = '+31602000001')";
    assert_eq!(rows(&house, consents), 0);
}

#[tokio::test]
async fn r9_nor_when_the_call_was_decided_already() {
    let (scenario, mut house) = town().await;
    let form = with(&house, NOOR, |_| ());
    house.app().0.exchange.sign_up(form).await.unwrap().unwrap();
    assert_eq!(house.app().0.exchange.ring_newcomers().await.unwrap(), 1);
    assert_eq!(rows(&house, "SELECT count(*) FROM placed WHERE state = 'waiting'"), 1);
    let now = scenario.at;
    let stopped = house.store().write(move |tx| tx.stop_number(&phone(NOOR), "desk", now)).await;
    let stopped: Result<_, burenhulp::store::StoreError> = stopped;
    stopped.unwrap();
    two_days(&scenario, &mut house).await;
    assert_eq!(rung(&house, NOOR), 0);
}

#[tokio::test]
async fn r9_nor_is_a_code_spoken_to_whoever_stopped_after_that_was_decided() {
    let text =
        TOWN.replace("name = \"bos\"", "name = \"bos\"\ndoes = \"picks up after 5, presses 1\"");
    let scenario = Scenario::read("town", &text).unwrap();
    for (stops, rings) in [(false, 1), (true, 0)] {
        let mut house = House::of(&scenario, Delivery::default()).await;
        let exchange = house.app().0.exchange.clone();
        let wanted = CodeWanted {
            ring: Some(phone(BOS)),
            code: SpokenCode::of(424_242),
            language: Language::Nl,
            browser: [0; 32],
            who: None,
            proves: None,
        };
        let line = exchange.context().lines[0].clone();
        assert_eq!(exchange.speak_code(&line, wanted).await.unwrap(), CodeCall::Rings);
        let now = scenario.at;
        if stops {
            let stopped =
                house.store().write(move |tx| tx.stop_number(&phone(BOS), "desk", now)).await;
            let stopped: Result<_, burenhulp::store::StoreError> = stopped;
            stopped.unwrap();
        }
        two_days(&scenario, &mut house).await;
        assert_eq!(rung(&house, BOS), rings);
    }
}

#[tokio::test]
async fn whoever_was_once_asked_to_take_part_is_never_asked_again_however_long_ago_it_was() {
    let (scenario, house) = town().await;
    let asked = async |at: Timestamp| {
        let asked = house.store().write(move |tx| tx.ask_to_join_once(&phone(NOOR), at)).await;
        let asked: Result<_, burenhulp::store::StoreError> = asked;
        asked.unwrap()
    };
    assert!(asked(scenario.at).await, "the first time");
    for years in 1..=5 {
        let then = scenario.at + 366 * years * A_DAY;
        house.set_clock(then);
        house.app().0.exchange.forget().await.unwrap();
        assert!(!asked(then).await, "{years} years later");
    }
    assert_eq!(
        crate::privacy::people_in(&house.books_now(), &[]).iter().filter(|it| it.1 == NOOR).count(),
        0,
        "all that is kept is a hash"
    );
    let then = house.app().0.exchange.now();
    let erased = house.store().write(move |tx| tx.erase_number(&phone(NOOR), then)).await;
    let erased: Result<_, burenhulp::store::StoreError> = erased;
    erased.unwrap();
    assert_eq!(house.count("asked_to_join"), 0, "and it goes with everything else of theirs");
}

/// A number that changes when another connection has committed a change.
fn version(books: &rusqlite::Connection) -> i64 {
    books.query_row("PRAGMA data_version", [], |row| row.get(0)).unwrap()
}

#[tokio::test]
async fn a_sign_up_is_one_commit_whoever_has_the_number_and_none_when_it_is_refused() {
    let (_, house) = town().await;
    let exchange = &house.app().0.exchange;
    let books = house.books_now();
    for number in [BOS, VISSER, NOOR, NOOR, BOS] {
        let form = with(&house, number, |_| ());
        let before = version(&books);
        exchange.sign_up(form).await.unwrap().unwrap();
        assert_ne!(version(&books), before, "a transaction without a write is answered sooner");
    }
    assert_eq!(rows(&house, "SELECT count(*) FROM sign_up_tally WHERE caller IS NULL"), 5);
    let before = version(&books);
    let minor = with(&house, BOS, |form| form.adult = false);
    assert_eq!(exchange.sign_up(minor).await.unwrap(), Err(NotSignedUp::Age));
    assert_eq!(version(&books), before);
}

/// Somebody who shows no number keys one in.
const WITHHELD: &str = r#"
title = "a number is keyed in"
at = "2026-11-24T19:00:00+01:00"
[[telephone]]
name = "noor"
phone = "+31602000001"
does = "picks up after 5, presses 1"
cut_off = true
[[caller]]
from = "withheld"
does = "presses *, presses 1, presses 1, presses 1, presses 2, presses 2, presses 2, presses 2, presses 2, presses 2, presses 2, presses 4, presses 2584, presses 1, presses 0602000001, presses 1, stays silent"
cut_off = true
ends = "goodbye"
"#;

#[tokio::test]
async fn of_callers_who_show_no_number_a_line_takes_twenty_numbers_a_day_together() {
    let an_hour = Duration::from_secs(3600);
    for (before, when, comes_in) in
        [(19, an_hour, true), (20, an_hour, false), (20, 25 * an_hour, true)]
    {
        let scenario = Scenario::read("withheld", WITHHELD).unwrap();
        let mut house = House::of(&scenario, Delivery::default()).await;
        let line = house.app().0.exchange.context().lines[0].number.clone();
        let at = scenario.at - when;
        let put = house.store().write(move |tx| {
            for _ in 0..before {
                tx.tally_sign_up(&line, Channel::Phone, Some(&Caller::Withheld), at)?;
            }
            Ok::<_, burenhulp::store::StoreError>(())
        });
        put.await.unwrap();
        two_days(&scenario, &mut house).await;
        let network = house.network().lock().unwrap();
        let told = network.log().iter().any(|entry| {
            matches!(&entry.what, What::Said { text, .. } if text.contains("Zo aanmelden lukt vandaag"))
        });
        drop(network);
        assert_eq!((told, rung(&house, NOOR)), (!comes_in, usize::from(comes_in)), "{before}");
    }
}

#[tokio::test]
async fn whoever_signed_another_number_up_reads_so_in_their_data_and_it_goes_with_them() {
    let (scenario, house) = town().await;
    let line = house.app().0.exchange.context().lines[0].number.clone();
    let (caller, now) = (Caller::Known(phone(NOOR)), scenario.at);
    let tallied = house
        .store()
        .write(move |tx| tx.tally_sign_up(&line, Channel::Phone, Some(&caller), now))
        .await;
    let tallied: Result<_, burenhulp::store::StoreError> = tallied;
    tallied.unwrap();
    let known = async || {
        let known = house.store().read(|tx| tx.everything_about(&phone(NOOR))).await.unwrap();
        known.iter().map(|part| part.what).collect::<Vec<_>>()
    };
    assert_eq!(known().await, ["signed_others_up"]);
    let erased = house.store().write(move |tx| tx.erase_number(&phone(NOOR), now)).await;
    let erased: Result<_, burenhulp::store::StoreError> = erased;
    erased.unwrap();
    assert_eq!(known().await, Vec::<&str>::new());
    assert_eq!(house.count("sign_up_tally"), 0);
}

#[tokio::test]
async fn the_desk_is_told_whose_number_it_is_and_the_trail_knows() {
    let (scenario, house) = town().await;
    let by = house.operator("anneke", Role::Administrator, &[], &[]).await.id.unwrap();
    let exchange = &house.app().0.exchange;
    for number in [BOS, VISSER, NOOR] {
        let form = with(&house, number, |form| form.channel = Channel::Desk);
        let told = exchange.sign_up_at_the_desk(form, by).await.unwrap().unwrap();
        let fits = match told {
            AtTheDesk::TakesPart(_) => number == BOS,
            AtTheDesk::TheyCallUs => number == VISSER,
            AtTheDesk::Rings(_, at) => number == NOOR && at == Some(scenario.at),
        };
        assert!(fits, "{told:?}");
    }
    let trail = "SELECT count(*) FROM audit WHERE what = 'participant-signed-up'";
    assert_eq!(rows(&house, trail), 3);
}

#[tokio::test]
async fn whoever_never_confirms_is_gone_within_a_week() {
    let text = TOWN.replace("picks up after 5, presses 2", "rings out");
    let scenario = Scenario::read("town", &text).unwrap();
    let mut house = House::of(&scenario, Delivery::default()).await;
    let form = with(&house, NOOR, |_| ());
    house.app().0.exchange.sign_up(form).await.unwrap().unwrap();
    two_days(&scenario, &mut house).await;
    let noor = || rows(&house, "SELECT count(*) FROM participant WHERE phone = '+31602000001'");
    for (days, there) in [(5, 1), (7, 0)] {
        house.set_clock(scenario.at + A_DAY * days);
        house.app().0.exchange.forget().await.unwrap();
        assert_eq!(noor(), there, "after {days} days");
    }
    assert_eq!(rows(&house, "SELECT count(*) FROM sign_up"), 0);
}

#[tokio::test]
async fn a_telephone_is_not_kept_ringing_with_codes_nor_rung_at_night() {
    // Whoever presses 2 is not rung for a code again that day: another story.
    let text = TOWN.replace("picks up after 5, presses 2", "picks up after 5, presses 1");
    let scenario = Scenario::read("town", &text).unwrap();
    let mut house = House::of(&scenario, Delivery::default()).await;
    let line = house.app().0.exchange.context().lines[0].clone();
    let speak = async |house: &House, number: &str| {
        let exchange = &house.app().0.exchange;
        let (ring, code) = (Some(phone(number)), SpokenCode::of(424_242));
        let (language, browser, who, proves) = (Language::Nl, [0; 32], None, None);
        let wanted = CodeWanted { ring, code, language, browser, who, proves };
        exchange.speak_code(&line, wanted).await.unwrap()
    };
    assert_eq!(speak(&house, "+31700090001").await, CodeCall::NotAllowed);
    for times in 1..=4 {
        let told = speak(&house, NOOR).await;
        assert_eq!(told, if times <= 3 { CodeCall::Rings } else { CodeCall::TooMany });
        if times == 1 {
            assert_eq!(speak(&house, NOOR).await, CodeCall::Taken);
        }
        let ends = scenario.at + Duration::from_secs(300) * times;
        let network = house.network().clone();
        let pace = Pace {
            auth_token: TOKEN,
            until: ends,
            work_first: false,
            restarts: false,
            trouble: &[],
        };
        virtual_time::run(&network, &mut house, pace).await;
        house.set_clock(ends);
    }
    let left = rows(&house, "SELECT count(*) FROM placed WHERE purpose LIKE '%424242%'");
    assert_eq!(left, 0, "nobody needs a code whose call is over");
    house.set_clock(Timestamp::parse("2026-11-24T21:30:00+01:00").unwrap());
    let opens = Timestamp::parse("2026-11-25T09:00:00+01:00");
    assert_eq!(speak(&house, BOS).await, CodeCall::Closed(opens));
}
