//! The offer, after a minute of waiting, to be called back.

use super::*;

pub(super) fn with_an_offer() -> Limits {
    Limits { offer_after: Some(Duration::from_secs(60)), ..limits() }
}

#[test]
fn after_a_minute_the_caller_is_offered_to_be_called_back_once_and_between_two_rings() {
    let mut story = Story::with(with_an_offer(), &[BOS, VISSER, FATIMA]);
    story.hears(Opened);
    story.later(59);
    assert!(!story.caller_reports(BOS, Ending::Busy).contains(&Output::Offer));
    story.later(1);
    let out = story.caller_reports(VISSER, Ending::Busy);
    assert!(out.contains(&Output::Offer), "Fatima is reserved, and not rung yet");
    assert_eq!(rung(&out), []);
    assert_eq!(rung(&story.hears(KeepWaiting)), [FATIMA]);
    assert_eq!(story.hears(KeepWaiting), [], "told twice");
    story.later(10);
    let out = story.caller_reports(FATIMA, Ending::Busy);
    assert!(!out.contains(&Output::Offer), "once a call");
}

#[test]
fn r9_whoever_stops_while_the_caller_ponders_is_not_rung_after_it() {
    let mut story = Story::with(with_an_offer(), &[BOS, VISSER, FATIMA]);
    story.hears(Opened);
    story.later(60);
    story.caller_reports(BOS, Ending::Busy);
    assert_eq!(rung(&story.hears(KeepWaiting)), [VISSER]);
    // The driver looks once more, and does not let it ring.
    let out = story.hears(MayNotBeRung(VISSER));
    assert!(out.contains(&Output::Release(VISSER)));
    assert_eq!(rung(&out), [FATIMA]);
}

#[test]
fn an_offer_that_is_taken_lets_go_whoever_was_reserved_and_asks_them_later() {
    let mut story = Story::with(with_an_offer(), &[BOS, VISSER, FATIMA]);
    story.hears(Opened);
    story.later(60);
    story.caller_reports(BOS, Ending::Busy);
    let out = story.hears(CallBack { limits: background_limits(), confirm: false });
    assert_eq!(decided(&out, VISSER), Some(Result_::NotPlaced));
    assert!(out.contains(&Output::Release(VISSER)));
    assert_eq!(rung(&story.hears(CallerLeft)), [FATIMA]);
    assert_eq!(story.search().outcome(), None);
}

#[test]
fn nothing_is_offered_when_nobody_is_left_to_wait_for() {
    let mut story = Story::with(with_an_offer(), &[BOS]);
    story.hears(Opened);
    story.later(60);
    let out = story.caller_reports(BOS, Ending::Busy);
    assert!(!out.contains(&Output::Offer) && out.contains(&Output::Finish(Outcome::Nobody)));
}

#[test]
fn a_caller_who_hangs_up_at_the_offer_frees_whoever_was_reserved() {
    let mut story = Story::with(with_an_offer(), &[BOS, VISSER]);
    story.hears(Opened);
    story.later(60);
    story.caller_reports(BOS, Ending::Busy);
    let out = story.hears(CallerLeft);
    assert!(out.contains(&Output::Release(VISSER)));
    assert!(out.contains(&Output::Finish(Outcome::CallerLeft)));
}

#[test]
fn an_answer_to_the_offer_that_comes_very_late_finds_its_way() {
    let patient = Limits { budget: Duration::from_secs(600), ..with_an_offer() };
    let late = || {
        let mut story = Story::with(patient.clone(), &[BOS, VISSER, FATIMA]);
        story.hears(Opened);
        story.later(60);
        story.caller_reports(BOS, Ending::Busy);
        story.later(120);
        assert!(story.hears(Due(Timer::Lease(VISSER))).contains(&Output::Release(VISSER)));
        story
    };
    assert_eq!(rung(&late().hears(KeepWaiting)), [FATIMA]);
    let mut story = late();
    story.hears(CallBack { limits: background_limits(), confirm: false });
    assert!(story.search().is_in_background());
}

#[test]
fn an_offer_that_nobody_answers_ends_with_the_time() {
    let mut story = Story::with(with_an_offer(), &[BOS, VISSER]);
    story.hears(Opened);
    story.later(60);
    story.caller_reports(BOS, Ending::Busy);
    story.later(120);
    assert!(story.hears(Due(Timer::Budget)).contains(&Output::Finish(Outcome::UsedUp)));
    assert_eq!(story.hears(KeepWaiting), []);
}
