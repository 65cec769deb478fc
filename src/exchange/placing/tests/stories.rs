//! One placed call at a time, told from beginning to end.

use super::provider::Mood;
use super::*;
use crate::dispatch::{Ending, Timer};
use crate::exchange::placing::{Cancelled, cancel};

const ANNA: &str = "+31601000001";
const BRAM: &str = "+31601000002";

#[test]
fn it_is_placed_picked_up_and_over() {
    let mut world = World::open();
    let (attempt, placed) = world.candidate_placed(ANNA);
    assert!(world.provider.made().is_empty(), "nothing leaves before the commit");
    world.work();
    let [made] = &world.provider.made()[..] else { panic!("one call") };
    assert_eq!(made.url, format!("https://centrale.example.nl/voice/placed/{placed}"));
    assert_eq!(world.state(placed), PlacedState::Ringing);
    let heard = world.picked_up(placed, &made.sid).expect("a document");
    assert!(heard.contains("Een beller voor het loket"), "{heard}");
    assert_eq!(world.picked_up(placed, &made.sid).expect("a document"), heard, "twice is once");
    assert_eq!(world.state(placed), PlacedState::Answered);
    assert_eq!(world.figures().outbox_waiting, 0, "from here on it is a leg like any other");
    for _ in 0..2 {
        world.status(placed, &made.sid, "completed").expect("heard");
    }
    assert_eq!(world.state(placed), PlacedState::Over);
    assert_eq!(world.told(attempt), Some(AttemptResult::HungUp));
}

#[test]
fn its_callbacks_may_come_before_the_answer_to_the_order() {
    let mut world = World::open();
    let (attempt, placed) = world.candidate_placed(ANNA);
    world.provider.is(&[Mood::DoesAndWeAreKilled]);
    world.work();
    assert_eq!(world.state(placed), PlacedState::Asking);
    world.status(placed, "CP1", "ringing").expect("heard");
    assert_eq!(world.state(placed), PlacedState::Ringing);
    world.picked_up(placed, "CP1").expect("a document");
    world.status(placed, "CP1", "completed").expect("heard");
    while world.work_within(LONG) {}
    assert_eq!(world.provider.made().len(), 1);
    assert_eq!(world.told(attempt), Some(AttemptResult::HungUp));
}

#[test]
fn after_a_crash_it_is_looked_for_before_it_is_placed_again() {
    for (mood, orders) in [(Mood::DoesAndWeAreKilled, 1), (Mood::WeAreKilled, 1)] {
        let mut world = World::open();
        let (_, placed) = world.candidate_placed(ANNA);
        world.provider.is(&[mood]);
        world.work();
        world.work();
        assert_eq!(world.state(placed), PlacedState::Asking, "{mood:?}: awaited first");
        world.later(Duration::from_secs(15));
        world.work();
        assert_eq!(world.state(placed), PlacedState::Ringing, "{mood:?}");
        assert_eq!(world.provider.made().len(), orders, "{mood:?}: made once, and not lost");
    }
}

#[test]
fn a_busy_provider_is_asked_again_until_it_is_of_no_more_use() {
    let mut world = World::open();
    let (attempt, _) = world.candidate_placed(ANNA);
    world.provider.is(&[Mood::Busy; 40]);
    world.work();
    assert_eq!(world.figures().provider_trouble_since, Some(NOW), "the desk can see it");
    while world.work_within(LONG) {}
    assert_eq!(world.told(attempt), Some(AttemptResult::NotPlaced), "not their doing");
    assert!(world.provider.made().is_empty());
    use crate::exchange::Clock;
    let gave_up_after = world.clock.now().since(NOW);
    assert!((46..=61).contains(&gave_up_after.as_secs()), "{gave_up_after:?}");

    let (_, placed) = world.candidate_placed(BRAM);
    world.provider.is(&[Mood::Busy]);
    world.work();
    assert_eq!(world.state(placed), PlacedState::Waiting);
    world.work_within(SECOND);
    assert_eq!(world.state(placed), PlacedState::Ringing);
    assert_eq!(world.figures().provider_trouble_since, None, "it works again");
}

#[test]
fn a_number_that_cannot_be_rung_is_told_at_once_and_never_tried_again() {
    let mut world = World::open();
    let (attempt, _) = world.candidate_placed(ANNA);
    world.provider.is(&[Mood::BadNumber]);
    world.work();
    assert_eq!(world.told(attempt), Some(AttemptResult::Failed));
    assert!(!world.work_within(LONG), "nothing is left to do");
}

#[test]
fn what_is_cancelled_never_rings_or_stops_ringing() {
    let let_go = |world: &World, placed| {
        world.run(world.exchange().one_input(move |moment, tx| cancel(moment, tx, placed)))
    };
    // Before it was asked for.
    let mut world = World::open();
    let (_, placed) = world.candidate_placed(ANNA);
    assert_eq!(let_go(&world, placed), Cancelled::BeforeItRang);
    assert_eq!(let_go(&world, placed), Cancelled::OverAlready);
    world.work();
    assert!(world.provider.made().is_empty());
    // While it rings.
    let (attempt, placed) = world.candidate_placed(BRAM);
    world.work_within(SECOND);
    assert_eq!(let_go(&world, placed), Cancelled::Stopping);
    world.work();
    assert_eq!(world.provider.made()[0].over, Some(Ending::Canceled));
    assert_eq!(world.told(attempt), None, "told by the provider's own report");
    world.status(placed, "CP1", "canceled").expect("heard");
    assert_eq!(world.told(attempt), Some(AttemptResult::CallerEnded));
}

#[test]
fn what_is_cancelled_while_nobody_knows_whether_it_rings_is_stopped_when_it_shows_itself() {
    for (mood, made) in [(Mood::DoesAndIsSilent, 1), (Mood::IsSilent, 0)] {
        let mut world = World::open();
        let (attempt, placed) = world.candidate_placed(ANNA);
        world.provider.is(&[mood]);
        world.work();
        let cancelled =
            world.run(world.exchange().one_input(move |moment, tx| cancel(moment, tx, placed)));
        assert_eq!(cancelled, Cancelled::Stopping);
        while world.work_within(LONG) {}
        assert_eq!(world.provider.made().len(), made, "{mood:?}: never placed again");
        assert!(world.provider.made().iter().all(|call| call.over.is_some()), "{mood:?}");
        assert_eq!(world.told(attempt), Some(AttemptResult::CallerEnded), "{mood:?}");
    }
}

#[test]
fn whoever_picks_up_what_nobody_needs_any_more_hears_so() {
    let mut world = World::open();
    let (_, placed) = world.candidate_placed(ANNA);
    world.provider.is(&[Mood::DoesAndIsSilent]);
    world.work();
    world.run(world.exchange().one_input(move |moment, tx| cancel(moment, tx, placed)));
    let heard = world.picked_up(placed, "CP1").expect("a document");
    assert!(heard.contains("al opgelost") && heard.contains("<Hangup/>"), "{heard}");
    assert!(!heard.contains("Gather"), "{heard}");
}

#[test]
fn r3_a_telephone_is_rung_by_one_call_at_a_time() {
    let world = World::open();
    world.candidate_placed(ANNA);
    let again = world.run(world.exchange().one_input(|moment, tx| {
        let line = moment.context.line(LINE).expect("the line");
        // Another attempt's ring for the same telephone.
        let purpose = Purpose::Candidate { attempt: AttemptId(99) };
        let to = phone(ANNA);
        super::super::place(moment, tx, &NewPlacing { to: &to, line, ring: RING, purpose })
    }));
    assert_eq!(again, Decided::Taken);
}

#[test]
fn r12_a_number_that_may_not_be_rung_is_never_placed() {
    let world = World::open();
    let decided = world.run(world.exchange().one_input(|moment, tx| {
        let line = moment.context.line(LINE).expect("the line");
        let purpose = Purpose::Candidate { attempt: AttemptId(99) };
        // One of our own lines.
        super::super::place(moment, tx, &NewPlacing { to: &line.number, line, ring: RING, purpose })
    }));
    assert_eq!(decided, Decided::NotAllowed);
    assert_eq!(world.figures().outbox_waiting, 0);
}

#[test]
fn calls_keep_to_the_providers_pace() {
    let mut world = World::open();
    for n in 1..=5 {
        world.candidate_placed(&format!("+3160100000{n}"));
    }
    let mut made = Vec::new();
    for _ in 0..5 {
        world.work();
        made.push(world.provider.made().len());
        world.later(SECOND);
    }
    assert_eq!(made, [1, 2, 3, 4, 5], "one a second");
}

#[test]
fn webhooks_about_another_leg_or_a_call_never_placed_do_nothing() {
    let mut world = World::open();
    let (attempt, placed) = world.candidate_placed(ANNA);
    // Not asked for yet: whoever says that it rings is mistaken.
    assert!(matches!(world.picked_up(placed, "CPx"), Err(Failure::UnknownLeg)));
    assert!(matches!(world.status(placed, "CPx", "completed"), Err(Failure::UnknownLeg)));
    assert!(matches!(world.picked_up(PlacedId(99), "CPx"), Err(Failure::UnknownLeg)));
    world.work();
    assert!(matches!(world.status(placed, "CPx", "completed"), Err(Failure::UnknownLeg)));
    assert!(matches!(world.picked_up(placed, "CPx"), Err(Failure::UnknownLeg)));
    assert_eq!(world.state(placed), PlacedState::Ringing);
    world.status(placed, "CP1", "no-answer").expect("heard");
    // Late: it is over.
    let heard = world.picked_up(placed, "CP1").expect("a document");
    assert!(heard.contains("<Hangup/>") && !heard.contains("Gather"), "{heard}");
    world.status(placed, "CP1", "ringing").expect("heard");
    assert_eq!(world.state(placed), PlacedState::Over);
    assert_eq!(world.told(attempt), Some(AttemptResult::NoAnswer));
}

#[test]
fn a_lost_report_does_not_keep_a_telephone_busy_for_ever() {
    let mut world = World::open();
    let (attempt, _) = world.candidate_placed(ANNA);
    world.work();
    world.provider.ends("CP1", Ending::Busy);
    while world.work_within(LONG) {}
    assert_eq!(world.told(attempt), Some(AttemptResult::Busy));
}

#[test]
fn whoever_waits_for_their_turn_at_the_provider_is_not_too_late() {
    let mut world = World::open();
    for one in 0..60 {
        world.candidate_placed(&format!("+31601000{:03}", 100 + one));
    }
    for _ in 0..60 {
        world.work();
        world.later(SECOND);
    }
    assert_eq!(world.provider.made().len(), 60);
}

#[test]
fn nobody_is_held_for_a_turn_that_comes_much_later() {
    let mut world = World::open();
    for one in 0..30 {
        world.candidate_placed(&format!("+31601000{:03}", 100 + one));
    }
    let request = world.search_for_company(ANNA, BRAM);
    assert_eq!(world.rung_for(request), 0, "thirty are rung before");
    for _ in 0..32 {
        world.work();
        world.later(SECOND);
    }
    assert_eq!(world.rung_for(request), 1, "and then they are");
}

#[test]
fn a_second_call_made_by_mistake_is_stopped() {
    let mut world = World::open();
    let (_, placed) = world.candidate_placed(ANNA);
    // The provider's list lags: it made the call, and does not show it yet.
    world.provider.is(&[Mood::IsSilent]);
    world.work();
    world.later(Duration::from_secs(15));
    world.work();
    assert_eq!(world.state(placed), PlacedState::Ringing);
    let heard = world.picked_up(placed, "CPlate").expect("a document");
    assert!(heard.contains("<Hangup/>") && !heard.contains("Gather"), "{heard}");
    assert_eq!(world.figures().outbox_waiting, 1, "the second is hung up");
}

#[test]
fn r5_a_key_on_a_telephone_that_was_given_up_joins_nobody() {
    let mut world = World::open();
    let (attempt, placed) = world.candidate_placed(ANNA);
    world.work();
    let heard = world.picked_up(placed, "CP1").expect("a document");
    let leg = heard.split("/voice/leg/").nth(1).and_then(|rest| rest.split('/').next());
    let leg = CallId(leg.and_then(|id| id.parse().ok()).expect("it is asked for a key"));

    // Nothing is heard for so long that the search gives it up. It is still off the hook.
    world.later(Duration::from_secs(121));
    world.run(world.exchange().one_input(move |moment, tx| {
        let request = tx.attempt(attempt)?.expect("it is there").request;
        drive::feed(moment, tx, request, Input::Due(Timer::Lease(attempt)))?;
        Ok(())
    }));
    let key = webhook(&[("CallSid", "CP1"), ("CallStatus", "in-progress"), ("Digits", "1")]);
    let said = world.run(world.exchange().leg(leg, 1, key));
    assert!(said.contains("<Hangup"), "an empty document would join them: {said}");
}

/// What it was placed for cannot be read any more: a page of the database is damaged.
fn damage(world: &World) -> usize {
    let db = rusqlite::Connection::open(world.directory.path().join("town.db")).expect("open");
    db.execute("UPDATE placed SET purpose = 'gone' WHERE state <> 'over'", []).expect("damaged")
}

fn promised(world: &World, request: RequestId) -> i64 {
    let db = rusqlite::Connection::open(world.directory.path().join("town.db")).expect("open");
    let sql = "SELECT count(*) FROM promise WHERE request = ?1 AND kept_at IS NULL";
    db.query_row(sql, [request.0], |row| row.get(0)).expect("a count")
}

#[test]
fn a_call_of_which_nobody_knows_what_it_is_for_is_given_up_once_and_the_desk_has_the_request() {
    let mut world = World::open();
    let request = world.search_for_company(ANNA, BRAM);
    assert_eq!(damage(&world), 1, "Bram is to be rung");
    world.work();
    assert_eq!(world.state(PlacedId(1)), PlacedState::Over);
    assert_eq!(world.told(AttemptId(1)), Some(AttemptResult::Lost), "Bram can be rung again (R3)");
    assert_eq!(promised(&world, request), 1);
    assert!(world.provider.made().is_empty());
    assert!(!world.work_within(LONG), "nothing is left to do");
}

#[test]
fn so_is_one_that_rings_already_when_its_end_is_told() {
    let mut world = World::open();
    let request = world.search_for_company(ANNA, BRAM);
    world.work();
    assert_eq!(damage(&world), 1, "Bram is rung");
    world.picked_up(PlacedId(1), "CP1").expect_err("what Bram is to hear is not known");
    world.status(PlacedId(1), "CP1", "completed").expect("heard");
    assert_eq!(world.state(PlacedId(1)), PlacedState::Over);
    assert_eq!(world.told(AttemptId(1)), Some(AttemptResult::Lost));
    assert_eq!(promised(&world, request), 1, "found or not, somebody rings Anna");
    while world.work_within(LONG) {}
    assert_eq!(world.provider.made().len(), 1, "nobody else is rung for it");
}
