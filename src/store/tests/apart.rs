//! Two people who are not brought together again, of whom one takes no part.

use super::*;
use crate::dispatch::Outcome;
use crate::dispatch::choose::PassedOver;
use crate::domain::{AttemptId, ParticipantId};

const NOOR: &str = "+31602000001";

impl Town {
    /// Somebody asks for company from this number; their call is over when they are helped.
    fn asks(&self, sid: &str, from: &str) -> Request {
        let (sid, line, from) = (sid.to_owned(), self.line.number.clone(), phone(from));
        self.does(move |tx| {
            let participant = tx.participant_by_phone(&from)?.map(|known| known.id);
            let call = tx.open_call(&NewCall {
                sid,
                parent_sid: None,
                direction: Direction::Incoming,
                role: Role::Caller,
                line: line.clone(),
                caller: Caller::Known(from),
                participant,
                attempt: None,
                now: NOW,
            })?;
            tx.call_ended(call.id, NOW)?;
            tx.open_request(&NewRequest {
                line,
                kind: RequestKind::Neighbour,
                service: Some(company()),
                postcode: Some(postcode(2584)),
                language: Language::Nl,
                participant,
                call: Some(call.id),
                note: None,
                now: NOW,
            })
        })
    }

    fn id(&self, number: &str) -> ParticipantId {
        let number = phone(number);
        self.does(move |tx| tx.participant_by_phone(&number)).expect("takes part").id
    }

    /// They are rung for this, say yes and are joined.
    fn helps(&self, request: &Request) -> AttemptId {
        let reserved = self.next(request, NOW).expect("somebody");
        let (request, attempt) = (request.id, reserved.attempt);
        self.does(move |tx| tx.accept(request, attempt, NOW));
        self.ends(&reserved, AttemptResult::Connected, NOW);
        self.does(move |tx| tx.close_request(request, Outcome::Connected, NOW));
        attempt
    }

    /// Why Bos is passed over when somebody asks from this number, two days later.
    fn why_not_bos(&self, from: &str) -> Option<PassedOver> {
        let (line, from) = (self.line.clone(), phone(from));
        let explained = self.looks(move |tx| {
            tx.explain(&Asked {
                inside: false,
                line: &line,
                service: &company(),
                conditions: Conditions::default(),
                postcode: postcode(2584),
                language: Language::Nl,
                from: Some(&from),
                round: 1,
                numbering: Numbering::NlFixtures,
                at: NOW + 48 * HOUR,
            })
        });
        let bos = self.id(BOS);
        let passed_over = explained.ranking.passed_over;
        passed_over.into_iter().find(|(who, _)| *who == bos).map(|(_, why)| why)
    }

    fn kept_apart(&self) -> i64 {
        self.does(|tx| Ok(tx.db.query_row("SELECT count(*) FROM apart", [], |row| row.get(0))?))
    }
}

/// Bos helped Noor, who takes no part, and would rather not again.
fn rather_not() -> (Town, AttemptId) {
    let town = Town::with(vec![somebody(BOS, 2584)]);
    let ring = town.helps(&town.asks("CA1", NOOR));
    let bos = town.id(BOS);
    assert!(town.does(move |tx| tx.keep_apart(bos, ring, NOW)));
    (town, ring)
}

#[test]
fn whoever_called_from_that_number_does_not_get_them_again_and_everybody_else_does() {
    let (town, ring) = rather_not();
    let later = NOW + 48 * HOUR;
    assert_eq!(rung(town.next(&town.asks("CA2", NOOR), later)), None);
    assert_eq!(town.why_not_bos(NOOR), Some(PassedOver::Blocked), "and explain says so");
    assert_eq!(town.why_not_bos(VISSER), None);
    let bos = town.id(BOS);
    let helped = town.looks(move |tx| tx.times_helped(bos));
    assert_eq!(helped.iter().map(|time| time.apart).collect::<Vec<_>>(), [Some(true)]);
    // After all: as far as it is up to Bos.
    assert!(town.does(move |tx| tx.bring_together_again(bos, ring)));
    assert_eq!(town.kept_apart(), 0);
    assert_eq!(rung(town.next(&town.asks("CA3", NOOR), later)).as_deref(), Some(BOS));
}

#[test]
fn it_holds_the_other_way_round_once_the_caller_takes_part() {
    let (town, _) = rather_not();
    town.does(|tx| tx.put_participant(&somebody(NOOR, 2584), NOW).map(|_| ()));
    let later = NOW + 48 * HOUR;
    assert_eq!(rung(town.next(&town.asks("CA2", BOS), later)), None, "Noor is not rung for Bos");
    assert_eq!(rung(town.next(&town.asks("CA3", NOOR), later)), None, "nor Bos for Noor");
    let others = town.asks("CA4", VISSER);
    let mut rung = [rung(town.next(&others, later)), rung(town.next(&others, later))];
    rung.sort_unstable();
    assert_eq!(rung, [Some(NOOR.to_owned()), Some(BOS.to_owned())], "both for anybody else");
}

#[test]
fn no_number_is_kept_for_it_and_nothing_shows_whom_it_is_about() {
    let (town, _) = rather_not();
    let known = town.looks(|tx| tx.everything_about(&phone(NOOR)));
    assert!(known.iter().all(|part| part.what != "kept_apart"), "{known:?}");
    let own = town.looks(|tx| tx.everything_about(&phone(BOS)));
    let part = own.iter().find(|part| part.what == "kept_apart").expect("Bos said so");
    assert_eq!(part.rows[0]["rather_not"], 1);
    let hash: Vec<u8> =
        town.does(|tx| Ok(tx.db.query_row("SELECT hash FROM apart", [], |row| row.get(0))?));
    assert_eq!(hash.len(), 32);
}

#[test]
fn it_goes_with_either_of_the_two_and_moves_along_with_a_number() {
    let (town, _) = rather_not();
    town.does(|tx| tx.erase_number(&phone(NOOR), NOW + HOUR).map(|_| ()));
    assert_eq!(town.kept_apart(), 0, "erased with the caller");
    let (town, _) = rather_not();
    town.does(|tx| tx.erase_number(&phone(BOS), NOW + HOUR).map(|_| ()));
    assert_eq!(town.kept_apart(), 0, "erased with the participant");
    let (town, _) = rather_not();
    town.does(|tx| tx.put_participant(&somebody(NOOR, 2586), NOW).map(|_| ()));
    let noor = town.id(NOOR);
    let new = phone("+31602000002");
    town.does(move |tx| tx.change_number(noor, &new, None, NOW).map(|_| ()));
    let later = NOW + 48 * HOUR;
    assert_eq!(rung(town.next(&town.asks("CA2", "+31602000002"), later)), None);
}

#[test]
fn a_caller_whose_number_was_not_shown_or_is_forgotten_is_nobody_to_keep_apart_from() {
    let town = Town::with(vec![somebody(BOS, 2584)]);
    let request = town.request("CA1");
    let ring = town.helps(&request);
    let bos = town.id(BOS);
    let helped = town.looks(move |tx| tx.times_helped(bos));
    assert_eq!(helped[0].apart, None);
    assert!(!town.does(move |tx| tx.keep_apart(bos, ring, NOW)));
    assert_eq!(town.kept_apart(), 0);
}
