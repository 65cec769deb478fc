//! One telephone, four ways to ring it: each is refused while any of the four rings it (R3).

use super::*;
use crate::domain::{AttemptId, PlacedId, Role};

/// By what a telephone is rung.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum By {
    /// As a candidate.
    Attempt,
    /// By a call of the exchange's own.
    Placed,
    /// As a caller, from the leg of the neighbour who said yes.
    Callback,
    /// By somebody at the desk who calls back.
    DeskCall,
}

const ALL: [By; 4] = [By::Attempt, By::Placed, By::Callback, By::DeskCall];

impl Town {
    /// Rings this telephone so; whether it was free for it.
    fn rings(&self, number: &'static str, by: By, sid: &str) -> bool {
        let request = self.request(sid);
        let line = self.line.number.clone();
        self.does(move |tx| {
            let to = phone(number);
            Ok(match by {
                By::Attempt => tx.reserve_desk(&request, &[to], NOW)?.is_some(),
                By::Placed => {
                    let (attempt, purpose) = (None, "{}".to_owned());
                    let (ring_seconds, interval, phone, now) = (20, 1000, to, NOW);
                    let new =
                        NewPlaced { line, phone, purpose, attempt, ring_seconds, interval, now };
                    tx.decide_to_place(&new)?.is_some()
                }
                By::Callback => {
                    let neighbour = [phone("+31700090002")];
                    let neighbour = tx.reserve_desk(&request, &neighbour, NOW)?.expect("free");
                    let by = CallbackBy::Neighbour(neighbour.attempt);
                    let row = tx.open_callback(request.id, by, &to, NOW)?;
                    tx.release_attempt(neighbour.attempt, NOW)?;
                    row.ended_at.is_none()
                }
                By::DeskCall => {
                    if tx.is_taken(&to)? {
                        return Ok(false);
                    }
                    let promise = tx.add_promise(&NewPromise {
                        kind: PromiseKind::DeskAnswers,
                        line,
                        request: Some(request.id),
                        message: None,
                        participant: None,
                        due_at: NOW,
                        now: NOW,
                    })?;
                    let anneke = NewOperator {
                        name: sid_of(&request),
                        role: Role::Operator,
                        password: String::new(),
                        password_given: false,
                        lines: Vec::new(),
                        areas: Vec::new(),
                    };
                    let by =
                        tx.add_operator(&anneke, NOW).map_err(|_| StoreError::Damaged("op"))?;
                    let call = tx.begin_desk_call(promise, by, &to, NOW)?.expect("none goes on");
                    tx.desk_call_dials(call, NOW)?;
                    true
                }
            })
        })
    }
}

/// A name for each.
fn sid_of(request: &Request) -> String {
    format!("anneke{}", request.id.0)
}

#[test]
fn r3_a_telephone_that_is_rung_in_any_way_is_rung_in_no_other() {
    for first in ALL {
        for second in ALL {
            let town = Town::with(vec![]);
            assert!(town.rings(BOS, first, "CA1"), "{first:?}: it is free");
            assert!(!town.rings(BOS, second, "CA2"), "{second:?} while {first:?} rings it");
            assert!(town.rings(VISSER, second, "CA3"), "{second:?}: another telephone is free");
        }
    }
}

#[test]
fn a_candidate_is_rung_by_the_call_that_is_placed_for_them() {
    let town = Town::with(vec![somebody(BOS, 2584)]);
    let reserved = town.next(&town.request("CA1"), NOW).expect("Bos");
    let placed = |attempt: Option<AttemptId>| -> Option<PlacedId> {
        let line = town.line.number.clone();
        let placed = town.does(move |tx| {
            tx.decide_to_place(&NewPlaced {
                line,
                phone: phone(BOS),
                purpose: "{}".into(),
                attempt,
                ring_seconds: 20,
                interval: 1000,
                now: NOW,
            })
        });
        placed.map(|placed| placed.id)
    };
    assert_eq!(placed(None), None, "they are spoken for");
    assert!(placed(Some(reserved.attempt)).is_some());
}
