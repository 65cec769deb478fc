//! What reports are made from.

use super::*;
use crate::dispatch::Outcome;
use crate::report::counts::{Ended, RingEnd};
use crate::report::{Month, Period};

const DAY: Duration = Duration::from_secs(24 * 3600);

fn today() -> chrono::NaiveDate {
    NOW.wall_clock().date()
}

impl Town {
    /// Bos says no, Visser says yes after twenty seconds; the caller says that it worked out.
    fn one_found(&self) -> Request {
        let request = self.request("CA1");
        let bos = self.next(&request, NOW).expect("Bos");
        self.ends(&bos, AttemptResult::Declined, NOW + Duration::from_secs(8));
        let visser = self.next(&request, NOW + Duration::from_secs(8)).expect("Visser");
        let (id, attempt) = (request.id, visser.attempt);
        self.does(move |tx| tx.accept(id, attempt, NOW + Duration::from_secs(20)));
        self.ends(&visser, AttemptResult::Connected, NOW + Duration::from_secs(90));
        self.does(move |tx| {
            tx.close_request(id, Outcome::Connected, NOW + Duration::from_secs(90))?;
            tx.worked_out(id, true)
        });
        request
    }

    fn promised(&self, due: Timestamp) {
        let line = self.line.number.clone();
        self.does(move |tx| {
            tx.add_promise(&NewPromise {
                kind: PromiseKind::RingNeighbourBack,
                line,
                request: None,
                message: None,
                participant: None,
                due_at: due,
                now: NOW,
            })
        });
    }
}

fn two_neighbours() -> Town {
    Town::with(vec![somebody(BOS, 2584), somebody(VISSER, 2586)])
}

#[test]
fn a_day_is_counted_from_its_rows() {
    let town = two_neighbours();
    town.one_found();
    town.request("CA2");
    town.promised(NOW + HOUR);
    town.promised(NOW + 2 * DAY);
    let day = town.looks(|tx| tx.count_day(today()));
    let counts = &day[&town.line.number];
    assert_eq!((counts.calls, counts.requests(), counts.connected()), (2, 2, 1));
    assert_eq!(counts.ended, BTreeMap::from([(Ended::Within30, 1), (Ended::Open, 1)]));
    assert_eq!(counts.rings, BTreeMap::from([(RingEnd::Yes, 1), (RingEnd::No, 1)]));
    assert_eq!((counts.worked_out, counts.promises_due, counts.promises_on_time), (1, 1, 0));
    let before = town.looks(|tx| tx.count_day(today().pred_opt().expect("a day")));
    assert!(before.is_empty(), "{before:?}");
}

#[test]
fn what_the_desk_settled_is_in_the_counts_of_the_day_on_which_it_was_asked() {
    let town = two_neighbours();
    let (settled, open) = (town.request("CA1").id, town.request("CA2").id);
    let by = town.does(|tx| {
        let anneke = NewOperator {
            name: "Anneke".into(),
            role: crate::domain::Role::Administrator,
            password: String::new(),
            password_given: false,
            lines: Vec::new(),
            areas: Vec::new(),
        };
        tx.add_operator(&anneke, NOW).map_err(|_| StoreError::Damaged("operator"))
    });
    let later = NOW + 3 * DAY;
    town.does(move |tx| {
        tx.close_request(settled, Outcome::Nobody, NOW)?;
        tx.close_request(open, Outcome::Nobody, NOW)?;
        tx.settle_request(settled, SettledHow::Referred, Some("Wijkteam"), by, later)
    });
    let counts = &town.looks(|tx| tx.count_day(today()))[&town.line.number];
    assert_eq!(counts.ended, BTreeMap::from([(Ended::Nobody, 1), (Ended::Referred, 1)]));
}

#[test]
fn days_are_those_of_the_dutch_clock() {
    let town = two_neighbours();
    // 23:30 on Monday in the Netherlands is 22:30 of universal time; 00:30 is still Monday there.
    let midnight = NOW.start_of_day();
    for (sid, at) in [("CA1", midnight - HOUR / 2), ("CA2", midnight + HOUR / 2)] {
        let line = town.line.number.clone();
        town.does(move |tx| {
            tx.open_call(&NewCall {
                sid: sid.into(),
                parent_sid: None,
                direction: Direction::Incoming,
                role: Role::Caller,
                line,
                caller: Caller::Withheld,
                participant: None,
                attempt: None,
                now: at,
            })
        });
    }
    let calls = |day| town.looks(move |tx| tx.count_day(day))[&town.line.number].calls;
    assert_eq!((calls(today().pred_opt().expect("a day")), calls(today())), (1, 1));
}

#[test]
fn a_month_knows_who_was_asked_and_who_was_not() {
    let mut people = vec![somebody(BOS, 2584), somebody(VISSER, 2584), somebody(DIRK, 2584)];
    people.push(NewParticipant { verified_at: None, ..somebody("+31700010004", 2584) });
    let town = Town::with(people);
    let request = town.request("CA1");
    let asked = town.next(&request, NOW).expect("somebody");
    town.ends(&asked, AttemptResult::Declined, NOW);
    let left = town.next(&request, NOW).expect("somebody else");
    town.ends(&left, AttemptResult::CallerEnded, NOW);
    let (month, lines) = (Month::of(today()), vec![town.line.clone()]);
    let around = town.looks(move |tx| tx.count_month(month, &lines));
    let habitat = &around.lines[&town.line.number];
    // One was asked; a ring that the caller ended does not count, and nobody unverified takes part.
    assert_eq!((habitat.spread.people(), habitat.spread.times()), (3, 1));
    assert_eq!(habitat.offers, BTreeMap::from([((company(), postcode(2584)), 3)]));
    assert_eq!(around.whole, *habitat, "there is one line");
}

#[test]
fn what_was_counted_stays_when_the_rows_are_erased() {
    let town = two_neighbours();
    town.one_found();
    let lines = vec![town.line.clone()];
    let (later, month) = (NOW + 40 * DAY, Month::of(today()));
    let day = town.looks(|tx| tx.count_day(today()));
    let around = {
        let lines = lines.clone();
        town.looks(move |tx| tx.count_month(month, &lines))
    };
    {
        let (day, around) = (day.clone(), around.clone());
        town.does(move |tx| {
            tx.keep_day(today(), &day, later)?;
            tx.keep_month(month, &around, later)?;
            tx.db.execute_batch(
                "DELETE FROM request; DELETE FROM attempt; DELETE FROM call;
                 DELETE FROM consent; DELETE FROM participant;",
            )?;
            Ok(())
        });
    }
    let period = Period::Month(month);
    let counted = town.looks(move |tx| tx.counted(period, &lines, later.wall_clock().date()));
    assert_eq!(counted.days[&today()], day);
    assert_eq!(counted.months[&month], around);
    let kept: String = town.looks(|tx| {
        let sql = "SELECT group_concat(counts) FROM (SELECT counts FROM report_day UNION ALL SELECT counts FROM report_month)";
        Ok(tx.db.query_row(sql, [], |row| row.get(0))?)
    });
    for nobody_s in [BOS, VISSER, "Bos"] {
        assert!(!kept.contains(nobody_s), "{kept}");
    }
}

#[test]
fn days_are_counted_when_they_are_over_and_again_while_they_may_change() {
    let town = two_neighbours();
    town.one_found();
    let to_count = |now: Timestamp| town.looks(move |tx| tx.to_count(now));
    let month = ToCount::Month(Month::of(today()));
    assert_eq!(to_count(NOW), std::slice::from_ref(&month), "today is not over");
    let tomorrow = NOW + DAY;
    assert_eq!(to_count(tomorrow), [ToCount::Day(today()), month.clone()]);
    let keep = |now: Timestamp| {
        let lines = vec![town.line.clone()];
        for due in to_count(now) {
            match due {
                ToCount::Day(day) => {
                    let counts = town.looks(move |tx| tx.count_day(day));
                    town.does(move |tx| tx.keep_day(day, &counts, now));
                }
                ToCount::Month(month) => {
                    let lines = lines.clone();
                    let counts = town.looks(move |tx| tx.count_month(month, &lines));
                    town.does(move |tx| tx.keep_month(month, &counts, now));
                }
            }
        }
    };
    keep(tomorrow);
    assert_eq!(to_count(tomorrow + HOUR), [], "once a day");
    assert!(to_count(tomorrow + DAY).contains(&ToCount::Day(today())), "it may have changed");
    // Counted once more after it has settled, and then no more.
    let settled = NOW + COUNTED_AGAIN + 3 * DAY;
    keep(settled);
    assert!(!to_count(settled + DAY).contains(&ToCount::Day(today())));
    assert!(!to_count(settled + 60 * DAY).contains(&month), "the month has settled too");
}
