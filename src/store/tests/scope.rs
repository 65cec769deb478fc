//! Lists at the desk that are cut off, of people who see part of it.

use super::*;
use crate::domain::{Operator, OperatorId, Role as Works};

const OTHER_LINE: &str = "+31700002587";

fn works(role: Works, lines: &[&str], areas: &[u16]) -> Operator {
    Operator {
        id: OperatorId(1),
        name: "Anneke".into(),
        role,
        lines: lines.iter().copied().map(phone).collect(),
        areas: areas.iter().copied().map(postcode).collect(),
    }
}

/// Five requests with a promise each on another line, in another place; then one on ours.
fn busy_elsewhere() -> (Town, String) {
    let town = Town::with(vec![]);
    let ours = town.line.number.e164().to_owned();
    let mut all = vec![(OTHER_LINE.to_owned(), 9101); 5];
    all.insert(0, (ours.clone(), 2584));
    town.does(move |tx| {
        for (nth, (line, place)) in (0_u32..).zip(all) {
            let request = tx.enter_web_request(&NewWebRequest {
                line: phone(&line),
                source: Source::Web,
                phone: phone(&format!("+3160000{nth:04}")),
                service: company(),
                postcode: postcode(place),
                language: Language::Nl,
                inside: false,
                wanted_at: None,
                starts_at: None,
                now: NOW,
            })?;
            tx.add_promise(&NewPromise {
                kind: PromiseKind::CoordinatorArranges,
                line: phone(&line),
                request: Some(request),
                message: None,
                participant: None,
                // Ours is due last.
                due_at: NOW + HOUR * (10 - nth),
                now: NOW,
            })?;
        }
        Ok(())
    });
    (town, ours)
}

#[test]
fn what_is_somebodys_is_not_pushed_out_of_a_list_by_what_is_not() {
    let (town, ours) = busy_elsewhere();
    for (who, all) in [
        (works(Works::Operator, &[&ours], &[]), false),
        (works(Works::Coordinator, &[], &[2584]), false),
        (works(Works::Administrator, &[], &[]), true),
    ] {
        for which in [Which::Open, Which::ToArrange] {
            let operator = who.clone();
            let seen = town.looks(move |tx| tx.promises(&operator, which, 2));
            assert!(seen.iter().all(|one| who.sees(&one.line, one.postcode)), "{seen:?}");
            assert_eq!(seen.len(), if all { 2 } else { 1 }, "{:?} {which:?}", who.role);
        }
        let operator = who.clone();
        let seen = town.looks(move |tx| tx.requests(&operator, &RequestFilter::default(), 3));
        assert!(seen.iter().all(|one| who.sees(&one.line, one.postcode)), "{seen:?}");
        assert_eq!(seen.len(), if all { 3 } else { 1 }, "{:?}", who.role);
    }
    let nobody = works(Works::Operator, &[], &[]);
    let seen = town.looks(move |tx| tx.promises(&nobody, Which::Open, 9));
    assert_eq!(seen, [], "no lines, nothing");
}
