//! People who do something at home and near their work.

use super::*;
use crate::dispatch::choose::PassedOver;
use crate::domain::OtherPlace;

/// They live there and do the same at the other place.
fn also_at(number: &str, home: u16, work: u16) -> NewParticipant {
    let place = OtherPlace { postcode: postcode(work), services: vec![company()] };
    NewParticipant { elsewhere: vec![place], ..somebody(number, home) }
}

impl Town {
    fn explained(&self) -> Explained {
        let (line, service) = (self.line.clone(), company());
        self.looks(move |tx| {
            tx.explain(&Asked {
                inside: false,
                line: &line,
                service: &service,
                conditions: Conditions::default(),
                postcode: postcode(2584),
                language: Language::Nl,
                from: None,
                round: 1,
                numbering: Numbering::NlFixtures,
                at: NOW,
            })
        })
    }
}

#[test]
fn whoever_lives_far_away_and_works_near_is_asked_there() {
    let town = Town::with(vec![also_at(BOS, 9101, 2584), somebody(VISSER, 2586)]);
    let request = town.request("CA1");
    let first = town.next(&request, NOW).expect("somebody");
    assert_eq!(rung(Some(first)).as_deref(), Some(BOS), "the same postcode goes first");
    assert_eq!(rung(town.next(&request, NOW)).as_deref(), Some(VISSER));
    assert_eq!(rung(town.next(&request, NOW)), None, "nobody twice, by whichever place");
}

#[test]
fn whoever_is_reached_by_two_places_is_listed_once_at_the_nearest() {
    let town = Town::with(vec![also_at(BOS, 2586, 2584), also_at(VISSER, 2584, 9101)]);
    let explained = town.explained();
    assert_eq!(explained.ranking.order.len(), 2);
    assert!(explained.ranking.passed_over.is_empty());
    for ranked in &explained.ranking.order {
        let (_, metres) = explained.where_is(ranked.participant).expect("listed");
        assert_eq!(metres, Some(0));
    }
}

#[test]
fn rather_not_the_next_door_neighbours_holds_by_way_of_work_too() {
    let near = NewParticipant { min_m: 500, ..also_at(BOS, 2584, 2586) };
    let town = Town::with(vec![near]);
    assert_eq!(rung(town.next(&town.request("CA1"), NOW)), None);
    let explained = town.explained();
    let passed_over: Vec<_> = explained.ranking.passed_over.iter().map(|(_, why)| *why).collect();
    assert_eq!(passed_over, [PassedOver::TooNear]);
}

#[test]
fn a_change_at_home_keeps_work_and_a_file_without_other_places_says_nothing_of_them() {
    let town = Town::with(vec![also_at(BOS, 2586, 2584)]);
    let offers = |town: &Town| {
        town.looks(|tx| {
            let known = tx.participants()?.swap_remove(0);
            let elsewhere: Vec<_> = known.elsewhere.iter().map(|it| it.postcode.number()).collect();
            Ok((known.postcode.number(), known.services.len(), elsewhere))
        })
    };
    town.does(|tx| tx.put_without_other_places(&somebody(BOS, 9101), NOW).map(|_| ()));
    assert_eq!(offers(&town), (9101, 1, vec![2584]));
    // Home is there now: one place less, and no service twice.
    town.does(|tx| tx.put_without_other_places(&somebody(BOS, 2584), NOW).map(|_| ()));
    assert_eq!(offers(&town), (2584, 1, vec![]));
    town.does(|tx| tx.put_participant(&also_at(BOS, 2584, 2586), NOW).map(|_| ()));
    assert_eq!(offers(&town), (2584, 1, vec![2586]));
    let again = town.does(|tx| tx.put_participant(&also_at(BOS, 2584, 2586), NOW));
    assert_eq!(again, Put::Unchanged);
    town.does(|tx| tx.put_participant(&somebody(BOS, 2584), NOW).map(|_| ()));
    assert_eq!(offers(&town), (2584, 1, vec![]));
}

#[test]
fn erasing_takes_every_place_along() {
    let town = Town::with(vec![also_at(BOS, 2586, 2584)]);
    town.does(|tx| tx.erase_number(&phone(BOS), NOW).map(|_| ()));
    let left: i64 =
        town.does(|tx| Ok(tx.db.query_row("SELECT count(*) FROM offer", [], |row| row.get(0))?));
    assert_eq!(left, 0);
    assert_eq!(rung(town.next(&town.request("CA1"), NOW)), None);
}
