//! Searches whose caller is at the desk, or on the telephone with it.

use super::*;

fn at_hand(neighbours: &[AttemptId]) -> Story {
    let mut story = Story::on(&Search::with_the_caller(background_limits()), neighbours);
    story.hears(Opened);
    story
}

#[test]
fn somebody_at_hand_comes_to_the_line_before_anybody_is_rung_and_then_waits_there() {
    let mut story = at_hand(&[BOS, VISSER]);
    assert_eq!(caller_rung_for(&story.said), Some(Reason::Ask));
    assert_eq!(rung(&story.said), []);
    let ring = story.last_ring();
    story.hears(CallerPickedUp(ring));
    let out = story.hears(CallerOnTheLine { ring, limits: limits() });
    assert!(out.contains(&Output::Ring { attempt: BOS, ring: limits().ring }), "{out:?}");
    story.answers(BOS, NotNow);
    assert_eq!(rung(&story.caller_reports(BOS, NOT_JOINED)), [VISSER], "the answer rings on (R7)");
    story.answers(VISSER, Yes);
    story.caller_reports(VISSER, JOINED);
    assert_eq!(story.search().outcome(), Some(Outcome::Connected));
    assert!(!story.said.contains(&Output::Promise));
}

#[test]
fn whoever_has_not_put_the_receiver_down_is_rung_again_and_after_a_minute_called_back() {
    let mut story = at_hand(&[BOS]);
    for _ in 1..4 {
        let out = story.caller_leg_ends(story.last_ring(), Ending::Busy);
        assert_eq!((rung(&out), caller_rung_for(&out)), (Vec::new(), None));
        story.now = timer(&out, Timer::Caller).expect("they are rung again");
        assert_eq!(caller_rung_for(&story.hears(Due(Timer::Caller))), Some(Reason::Ask));
    }
    let out = story.caller_leg_ends(story.last_ring(), Ending::Busy);
    assert_eq!(rung(&out), [BOS], "the search goes on without them");
    assert!(story.search().is_in_background() && story.now.since(NOON) < Duration::from_secs(60));
}

#[test]
fn whoever_does_not_come_to_the_line_is_called_back_like_anybody_else() {
    for ending in [Ending::NoAnswer, Ending::Failed, COMPLETED] {
        let mut story = at_hand(&[BOS]);
        let out = story.caller_leg_ends(story.last_ring(), ending);
        assert_eq!(rung(&out), [BOS], "{ending:?}");
        assert_eq!(story.caller_leg_ends(story.last_ring(), ending), [], "told twice");
        let ring = story.yes_and_dials(BOS);
        assert_eq!(story.caller_says(ring, CallerAnswer::Yes), [Output::JoinCaller(ring)]);
    }
    let mut story = Story::on(&Search::with_the_caller(background_limits()), &[BOS]);
    story.opens = NOON + DAY / 4;
    let out = story.hears(Opened);
    assert_eq!(timer(&out, Timer::Look), Some(story.opens), "R13: rung in the morning");
    assert_eq!(timer(&out, Timer::Caller), None);
}

#[test]
fn somebody_at_hand_who_no_longer_needs_it_ends_it() {
    let mut story = at_hand(&[BOS]);
    let out = story.caller_says(story.last_ring(), CallerAnswer::No);
    assert!(out.contains(&Output::Finish(Outcome::NotNeeded)));
    let out = story.caller_leg_ends(story.last_ring(), COMPLETED);
    assert_eq!(rung(&out), []);
}
