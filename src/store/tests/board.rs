//! What the board of the desk reads.

use super::*;
use crate::dispatch::Outcome;
use crate::domain::CallId;

impl Town {
    /// Somebody calls from this number, and is on the telephone from then on.
    fn call(&self, sid: &'static str, from: Caller, role: Role) -> CallId {
        let line = self.line.number.clone();
        self.does(move |tx| {
            let participant = match from.phone() {
                Some(phone) => tx.participant_by_phone(phone)?,
                None => None,
            };
            let call = tx.open_call(&NewCall {
                sid: sid.into(),
                parent_sid: None,
                direction: Direction::Incoming,
                role,
                line,
                caller: from,
                participant: participant.map(|p| p.id),
                attempt: None,
                now: NOW,
            })?;
            Ok(call.id)
        })
    }
}

#[test]
fn the_board_has_every_caller_on_the_telephone_and_nobody_who_is_rung() {
    let town = Town::with(vec![somebody(BOS, 2584), somebody(VISSER, 2586)]);
    let known = town.call("CA1", Caller::Known(phone(BOS)), Role::Caller);
    let withheld = town.call("CA2", Caller::Withheld, Role::Caller);
    town.call("CA3", Caller::Known(phone(VISSER)), Role::Neighbour);
    let over = town.call("CA4", Caller::Known(phone("+31600000004")), Role::Caller);
    town.does(move |tx| tx.call_ended(over, NOW + HOUR));

    let seen = town.looks(|tx| tx.going_on());
    let calls: Vec<_> = seen.calls.iter().map(|c| (c.call, c.asker.clone())).collect();
    let bos = Asker { name: "Bos".into(), known: true, withheld: false };
    let nobody_knows = Asker { name: String::new(), known: false, withheld: true };
    assert_eq!(calls, [(known, bos), (withheld, nobody_knows)]);
    assert_eq!(seen.in_background, []);
    let gone = town.looks(move |tx| tx.call_seen(over)).expect("it was here");
    assert_eq!((gone.ended_at, gone.asker.known), (Some(NOW + HOUR), false));
}

#[test]
fn a_search_goes_with_its_caller_and_stays_when_the_caller_has_gone() {
    let town = Town::with(vec![somebody(BOS, 2584)]);
    let request = town.request("CA1");
    town.next(&request, NOW).expect("Bos");
    let calls = town.looks(|tx| tx.going_on()).calls;
    let search = &calls[0].searches[0];
    assert_eq!((search.request, search.place.as_str()), (request.id, "Scheveningen"));
    assert_eq!((search.attempts[0].name.as_str(), search.attempts.len()), ("Bos", 1));

    let (call, id) = (request.call.expect("asked on a leg"), request.id);
    town.does(move |tx| tx.call_ended(call, NOW + HOUR));
    let seen = town.looks(|tx| tx.going_on());
    assert_eq!(seen.calls, []);
    assert_eq!(seen.in_background[0].search.request, id);
    assert_eq!(seen.in_background[0].asker, Asker { withheld: true, ..Asker::default() });

    town.does(move |tx| tx.close_request(id, Outcome::Nobody, NOW + HOUR));
    assert_eq!(town.looks(|tx| tx.going_on()), GoingOn::default());
}

#[test]
fn whoever_is_joined_with_a_neighbour_is_seen_once_and_with_the_search() {
    let town = Town::with(vec![somebody(BOS, 2584)]);
    let request = town.request("CA1");
    let rung = town.next(&request, NOW).expect("Bos").attempt;
    let (call, id) = (request.call.expect("asked on a leg"), request.id);
    let line = town.line.number.clone();
    let (callback, leg) = town.does(move |tx| {
        tx.call_ended(call, NOW)?;
        let asker = phone("+31600000001");
        let callback = tx.open_callback(id, CallbackBy::Neighbour(rung), &asker, NOW)?;
        tx.callback_sid(callback.id, "CA2")?;
        let leg = tx.open_call(&NewCall {
            sid: "CA2".into(),
            parent_sid: None,
            direction: Direction::Dialled,
            role: Role::Caller,
            line,
            caller: Caller::Known(asker),
            participant: None,
            attempt: None,
            now: NOW,
        })?;
        Ok((callback.id, leg.id))
    });
    let seen = town.looks(|tx| tx.going_on());
    assert_eq!((seen.calls.len(), seen.in_background.len()), (0, 1), "{seen:?}");
    // Afterwards they hear a question of their own.
    town.does(move |tx| tx.close_request(id, Outcome::Connected, NOW + HOUR));
    let seen = town.looks(|tx| tx.going_on());
    assert_eq!(seen.calls.iter().map(|seen| seen.call).collect::<Vec<_>>(), [leg]);
    assert_eq!(seen.in_background, []);
    town.does(move |tx| tx.callback_ended(callback, NOW + HOUR));
    assert_eq!(town.looks(|tx| tx.going_on()), GoingOn::default());
}

#[test]
fn where_a_leg_stands_comes_with_what_it_was_answered_last() {
    let town = Town::with(vec![]);
    let call = town.call("CA1", Caller::Withheld, Role::Caller);
    let before = town.looks(move |tx| tx.leg_stands(call, -1));
    assert_eq!((before.position, before.answer), (None, None));
    town.does(move |tx| {
        tx.record_step(call, 0, [1; 16], "<Response/>", "a", NOW)?;
        tx.record_step(call, 1, [2; 16], "<Response><Hangup/></Response>", "b", NOW)
    });
    let after = town.looks(move |tx| tx.leg_stands(call, 1));
    assert_eq!(after.position.as_deref(), Some("b"));
    assert_eq!(after.answer.as_deref(), Some("<Response><Hangup/></Response>"));
}

#[test]
fn promises_are_counted_by_line_until_they_are_kept() {
    let town = Town::with(vec![]);
    let number = town.line.number.clone();
    town.does(move |tx| {
        for due_at in [NOW - HOUR, NOW, NOW + HOUR] {
            tx.add_promise(&NewPromise {
                kind: PromiseKind::DeskAnswers,
                line: number.clone(),
                request: None,
                message: None,
                participant: None,
                due_at,
                now: NOW - 2 * HOUR,
            })?;
        }
        Ok(())
    });
    let line = town.line.number.e164().to_owned();
    let open = town.looks(|tx| tx.promises_open(NOW));
    assert_eq!(open, [PromisesOpen { line, open: 3, overdue: 1 }]);
}
