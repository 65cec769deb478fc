//! Searches whose caller is called back.

mod any_order;
mod at_hand;
mod offer;

use super::*;
use crate::dispatch::{CallerAnswer, Reason};

const DAY: Duration = Duration::from_secs(24 * 3600);

fn background_limits() -> Limits {
    Limits { budget: DAY, max_attempts: 25, ..limits() }
}

fn in_background(limits: Limits, neighbours: &[AttemptId]) -> Story {
    let mut story = Story::on(&Search::in_background(limits, false), neighbours);
    story.hears(Opened);
    story
}

impl Story {
    /// The neighbour says yes, and their leg dials the caller.
    fn yes_and_dials(&mut self, attempt: AttemptId) -> CallbackId {
        assert!(self.answers(attempt, Yes).contains(&Output::Connect(attempt)));
        self.caller_rings += 1;
        let ring = CallbackId(self.caller_rings);
        assert_eq!(self.hears(CallerRung(ring)), []);
        ring
    }

    fn caller_says(&mut self, ring: CallbackId, answer: CallerAnswer) -> Vec<Output> {
        self.hears(CallerPickedUp(ring));
        self.hears(CallerAnswered { ring, answer })
    }

    fn dial_of_caller_ends(&mut self, ring: CallbackId, ending: Ending) -> Vec<Output> {
        self.hears(CallerRingEnded { ring, ending, told_by: Source::Caller })
    }

    fn caller_leg_ends(&mut self, ring: CallbackId, ending: Ending) -> Vec<Output> {
        self.hears(CallerRingEnded { ring, ending, told_by: Source::Candidate })
    }

    /// The ring of the caller that was wanted last.
    fn last_ring(&self) -> CallbackId {
        CallbackId(self.caller_rings)
    }
}

fn caller_rung_for(out: &[Output]) -> Option<Reason> {
    out.iter().find_map(|output| match output {
        Output::RingCaller { why, .. } => Some(*why),
        _ => None,
    })
}

fn timer(out: &[Output], timer: Timer) -> Option<Timestamp> {
    out.iter().rev().find_map(|output| match output {
        Output::SetTimer(set, at) if *set == timer => Some(*at),
        _ => None,
    })
}

#[test]
fn a_no_rings_the_next_when_the_candidates_own_leg_is_over() {
    let mut story = in_background(background_limits(), &[BOS, VISSER]);
    assert_eq!(rung(&story.said), [BOS]);
    story.answers(BOS, NotNow);
    let out = story.candidate_reports(BOS, COMPLETED);
    assert!(out.contains(&Output::Release(BOS)));
    assert_eq!(rung(&out), [VISSER]);
    assert_eq!(story.candidate_reports(BOS, COMPLETED), [], "told twice");
}

#[test]
fn a_yes_lets_the_neighbours_leg_dial_the_caller_and_the_two_talk() {
    let mut story = in_background(background_limits(), &[BOS, VISSER]);
    let ring = story.yes_and_dials(BOS);
    assert_eq!(story.caller_says(ring, CallerAnswer::Yes), [Output::JoinCaller(ring)]);
    assert_eq!(story.caller_leg_ends(ring, COMPLETED), [], "the dial tells what it was");
    let out = story.dial_of_caller_ends(ring, JOINED);
    assert_eq!(decided(&out, BOS), Some(Result_::Connected));
    assert!(out.contains(&Output::Finish(Outcome::Connected)));
    assert!(!story.said.contains(&Output::Promise));
    let out = story.candidate_reports(BOS, COMPLETED);
    assert!(out.contains(&Output::Release(BOS)));
    assert_eq!(rung(&out), []);
}

#[test]
fn a_placing_that_is_said_to_have_failed_after_the_yes_ends_nothing() {
    let mut story = in_background(background_limits(), &[BOS, VISSER]);
    let out = story.hears(Answered { attempt: BOS, answer: Yes });
    assert!(out.contains(&Output::Connect(BOS)), "before any word that they picked up");
    assert_eq!(story.hears(NotPlaced(BOS)), [], "they pressed a key: it was placed");
    assert!(story.search().is_live(BOS));
    let out = story.candidate_reports(BOS, COMPLETED);
    assert_eq!(rung(&out), [VISSER], "they left before the caller was there");
}

#[test]
fn where_the_provider_does_not_tell_the_callers_own_yes_decides() {
    for (answer, outcome) in [(Some(CallerAnswer::Yes), Some(Outcome::Connected)), (None, None)] {
        let mut story = in_background(background_limits(), &[BOS]);
        let ring = story.yes_and_dials(BOS);
        story.hears(CallerPickedUp(ring));
        if let Some(answer) = answer {
            story.hears(CallerAnswered { ring, answer });
        }
        story.dial_of_caller_ends(ring, COMPLETED);
        assert_eq!(story.search().outcome(), outcome);
    }
}

#[test]
fn r2_no_more_than_ring_at_once_and_the_first_yes_stops_the_others() {
    let limits = Limits { ring_at_once: 3, ..background_limits() };
    let mut story = in_background(limits, &[BOS, VISSER, FATIMA, AttemptId(4)]);
    assert_eq!(rung(&story.said), [BOS, VISSER, FATIMA]);
    story.hears(PickedUp(VISSER));
    let out = story.answers(FATIMA, Yes);
    assert!(out.contains(&Output::Connect(FATIMA)) && out.contains(&Output::HangUp(BOS)));
    assert_eq!(decided(&out, BOS), Some(Result_::CallerEnded));
    let late = story.hears(Answered { attempt: VISSER, answer: Yes });
    assert!(late.contains(&Output::Gone(VISSER)));
    assert_eq!(rung(&story.candidate_reports(BOS, Ending::Canceled)), []);
}

#[test]
fn a_caller_who_does_not_come_is_rung_again_after_ten_minutes_and_the_neighbour_may_be_too() {
    let mut story = in_background(background_limits(), &[BOS, VISSER]);
    let ring = story.yes_and_dials(BOS);
    let out = story.dial_of_caller_ends(ring, Ending::NoAnswer);
    assert_eq!(decided(&out, BOS), Some(Result_::NotJoined));
    let due = timer(&out, Timer::Caller).expect("rung again");
    assert_eq!(due, NOON + Duration::from_secs(600));
    story.hears(Answered { attempt: BOS, answer: Answer::Again });
    let out = story.candidate_reports(BOS, COMPLETED);
    assert_eq!(rung(&out), [], "nobody else is asked while somebody has said yes");

    story.now = due;
    assert_eq!(caller_rung_for(&story.hears(Due(Timer::Caller))), Some(Reason::Again));
    let ring = story.last_ring();
    story.hears(CallerPickedUp(ring));
    let out = story.hears(CallerOnTheLine { ring, limits: limits() });
    assert!(out.contains(&Output::ReserveAgain(BOS)), "{out:?}");
    assert_eq!(rung(&out), [AttemptId(101)]);
    assert!(!story.search().is_in_background(), "the caller waits on the line");
    // From here it is a search like any other.
    assert_eq!(rung(&story.caller_reports(AttemptId(101), Ending::NoAnswer)), [VISSER]);
    assert!(story.hears(CallerLeft).contains(&Output::Finish(Outcome::CallerLeft)));
}

#[test]
fn a_caller_who_comes_to_the_line_does_not_wait_for_a_report_that_was_lost() {
    let mut story = in_background(background_limits(), &[BOS, VISSER]);
    let ring = story.yes_and_dials(BOS);
    story.dial_of_caller_ends(ring, Ending::NoAnswer);
    story.hears(Answered { attempt: BOS, answer: Answer::Again });
    // No word ever comes of how Bos's own leg ended.
    story.later(600);
    story.hears(Due(Timer::Caller));
    let ring = story.last_ring();
    let out = story.hears(CallerOnTheLine { ring, limits: limits() });
    assert!(out.contains(&Output::HangUp(BOS)) && out.contains(&Output::Release(BOS)));
    assert_eq!(rung(&out), [VISSER], "Bos may be on the line yet");
}

#[test]
fn a_neighbour_who_would_rather_not_be_rung_again_is_not() {
    let mut story = in_background(background_limits(), &[BOS, VISSER]);
    let ring = story.yes_and_dials(BOS);
    story.dial_of_caller_ends(ring, Ending::NoAnswer);
    story.candidate_reports(BOS, COMPLETED);
    story.later(600);
    story.hears(Due(Timer::Caller));
    let ring = story.last_ring();
    assert_eq!(rung(&story.hears(CallerOnTheLine { ring, limits: limits() })), [VISSER]);
}

#[test]
fn r10_a_caller_who_does_not_come_twice_gets_a_promise_of_the_desk() {
    for ending in [Ending::NoAnswer, Ending::Busy, Ending::Failed, COMPLETED] {
        let mut story = in_background(background_limits(), &[BOS, VISSER]);
        let ring = story.yes_and_dials(BOS);
        story.dial_of_caller_ends(ring, ending);
        story.candidate_reports(BOS, COMPLETED);
        story.later(600);
        story.hears(Due(Timer::Caller));
        let out = story.caller_leg_ends(story.last_ring(), ending);
        assert!(out.contains(&Output::Promise), "{ending:?}: {out:?}");
        assert!(out.contains(&Output::Finish(Outcome::NotReached)));
    }
}

#[test]
fn a_caller_who_no_longer_needs_it_ends_it_and_nobody_owes_them_anything() {
    let mut story = in_background(background_limits(), &[BOS, VISSER]);
    let ring = story.yes_and_dials(BOS);
    let out = story.caller_says(ring, CallerAnswer::No);
    assert!(out.contains(&Output::Finish(Outcome::NotNeeded)));
    let out = story.dial_of_caller_ends(ring, NOT_JOINED);
    assert_eq!(decided(&out, BOS), Some(Result_::NotJoined));
    assert_eq!(rung(&story.candidate_reports(BOS, COMPLETED)), []);
    assert!(!story.said.contains(&Output::Promise));
}

#[test]
fn a_caller_who_would_rather_have_the_desk_gets_a_promise() {
    let mut story = in_background(background_limits(), &[BOS]);
    let ring = story.yes_and_dials(BOS);
    let out = story.caller_says(ring, CallerAnswer::Desk);
    assert!(out.contains(&Output::Promise) && out.contains(&Output::Finish(Outcome::Desk)));
    assert_eq!(story.hears(CallerAnswered { ring, answer: CallerAnswer::Desk }), []);
}

#[test]
fn a_neighbour_who_leaves_before_the_caller_comes_makes_room_for_the_next() {
    let mut story = in_background(background_limits(), &[BOS, VISSER]);
    let ring = story.yes_and_dials(BOS);
    let out = story.candidate_reports(BOS, COMPLETED);
    assert_eq!(decided(&out, BOS), Some(Result_::NotJoined));
    assert_eq!(rung(&out), [VISSER]);
    // The caller pressed 1 at that very moment: there is nobody to be joined with.
    assert_eq!(story.caller_says(ring, CallerAnswer::Yes), []);
    assert_eq!(story.dial_of_caller_ends(ring, NOT_JOINED), []);
}

#[test]
fn a_neighbour_who_ends_the_talk_was_joined_unless_the_dial_says_otherwise() {
    for (ending, outcome) in [
        (JOINED, Outcome::Connected),
        (COMPLETED, Outcome::Connected),
        (NOT_JOINED, Outcome::NotReached),
    ] {
        let mut story = in_background(background_limits(), &[BOS, VISSER]);
        let ring = story.yes_and_dials(BOS);
        story.caller_says(ring, CallerAnswer::Yes);
        let out = story.candidate_reports(BOS, COMPLETED);
        assert!(out.contains(&Output::Finish(Outcome::Connected)));
        let out = story.dial_of_caller_ends(ring, ending);
        assert_eq!(story.search().outcome(), Some(outcome), "{ending:?}");
        assert_eq!(out.contains(&Output::Promise), outcome == Outcome::NotReached);
        assert_eq!(story.dial_of_caller_ends(ring, ending), [], "told twice");
    }
}

#[test]
fn r5_two_joined_without_the_callers_yes_are_an_alarm() {
    let mut story = in_background(background_limits(), &[BOS]);
    let ring = story.yes_and_dials(BOS);
    assert!(story.dial_of_caller_ends(ring, JOINED).contains(&Output::JoinedWithoutYes(BOS)));
}

#[test]
fn r13_outside_ringing_hours_it_waits_for_them() {
    let mut story = Story::on(&Search::in_background(background_limits(), false), &[BOS]);
    story.opens = NOON + Duration::from_secs(3600);
    let out = story.hears(Opened);
    assert_eq!(rung(&out), []);
    assert_eq!(timer(&story.said, Timer::Look), Some(story.opens));
    story.now = story.opens;
    assert_eq!(rung(&story.hears(Due(Timer::Look))), [BOS]);
}

#[test]
fn nobody_now_is_looked_for_farther_away_at_once_and_later_again() {
    let mut story = in_background(background_limits(), &[]);
    assert_eq!(story.search().round(), 2, "the second round reaches farther");
    assert_eq!(story.search().outcome(), None);
    let due = timer(&story.said, Timer::Look).expect("it looks again");
    assert_eq!(due, NOON + Duration::from_secs(600));
    story.next.push(BOS);
    story.now = due;
    assert_eq!(rung(&story.hears(Due(Timer::Look))), [BOS]);
}

#[test]
fn nobody_ever_is_told_at_once() {
    let mut story = Story::on(&Search::in_background(background_limits(), false), &[BOS]);
    story.nobody_ever = true;
    story.hears(Opened);
    let out = story.candidate_reports(BOS, Ending::NoAnswer);
    assert!(out.contains(&Output::Promise) && out.contains(&Output::Finish(Outcome::Nobody)));
    assert_eq!(caller_rung_for(&out), Some(Reason::Outcome));
}

#[test]
fn r10_at_its_deadline_the_caller_is_told_and_the_desk_has_a_promise() {
    let mut story = in_background(background_limits(), &[]);
    story.now = NOON + DAY;
    let out = story.hears(Due(Timer::Budget));
    assert!(out.contains(&Output::Promise) && out.contains(&Output::Finish(Outcome::UsedUp)));
    assert_eq!(caller_rung_for(&out), Some(Reason::Outcome));
    let ring = story.last_ring();
    let out = story.caller_leg_ends(ring, Ending::NoAnswer);
    assert_eq!(caller_rung_for(&out), None, "once is enough: the desk calls");
}

#[test]
fn r13_at_a_deadline_in_the_night_the_caller_is_told_in_the_morning() {
    let mut story = in_background(background_limits(), &[]);
    story.now = NOON + DAY;
    story.opens = story.now + Duration::from_secs(3600);
    let out = story.hears(Due(Timer::Budget));
    assert!(out.contains(&Output::Finish(Outcome::UsedUp)));
    assert_eq!(timer(&story.said, Timer::Caller), Some(story.opens));
    story.now = story.opens;
    assert_eq!(caller_rung_for(&story.hears(Due(Timer::Caller))), Some(Reason::Outcome));
}

#[test]
fn a_deadline_waits_for_whoever_is_being_asked() {
    let mut story = in_background(background_limits(), &[BOS, VISSER]);
    story.hears(PickedUp(BOS));
    story.now = NOON + DAY;
    assert_eq!(story.hears(Due(Timer::Budget)), []);
    let ring = story.yes_and_dials(BOS);
    story.caller_says(ring, CallerAnswer::Yes);
    story.dial_of_caller_ends(ring, JOINED);
    assert_eq!(story.search().outcome(), Some(Outcome::Connected));
}

#[test]
fn a_number_that_was_keyed_in_is_asked_before_anybody_is_rung() {
    let mut story = Story::on(&Search::in_background(background_limits(), true), &[BOS]);
    let out = story.hears(Opened);
    assert_eq!((caller_rung_for(&out), rung(&out)), (Some(Reason::Confirm), Vec::new()));
    let ring = story.last_ring();
    let out = story.caller_says(ring, CallerAnswer::Yes);
    assert_eq!((caller_rung_for(&out), rung(&out)), (None, Vec::new()));
    assert_eq!(rung(&story.caller_leg_ends(ring, COMPLETED)), [BOS]);
}

#[test]
fn a_number_that_nobody_confirms_is_left_to_the_desk_and_nobody_is_rung() {
    for answer in [None, Some(CallerAnswer::No)] {
        let mut story = Story::on(&Search::in_background(background_limits(), true), &[BOS]);
        story.hears(Opened);
        let ring = story.last_ring();
        if let Some(answer) = answer {
            story.caller_says(ring, answer);
        }
        story.caller_leg_ends(ring, COMPLETED);
        assert_eq!(story.search().outcome(), Some(Outcome::NotReached));
        assert_eq!(story.said.iter().filter(|o| **o == Output::Promise).count(), 1);
        assert_eq!(rung(&story.said), []);
    }
}

#[test]
fn after_nobody_it_goes_on_in_the_background_once_the_caller_has_hung_up() {
    let mut story = Story::of(&[BOS]);
    story.caller_reports(BOS, Ending::NoAnswer);
    assert_eq!(story.search().outcome(), Some(Outcome::Nobody));
    story.next.push(VISSER);
    let out = story.hears(CallBack { limits: background_limits(), confirm: false });
    assert_eq!(rung(&out), [], "the caller still hears goodbye");
    assert_eq!(story.search().outcome(), None);
    assert_eq!(rung(&story.hears(CallerLeft)), [VISSER]);
    assert_eq!(story.hears(CallerLeft), []);
}

#[test]
fn a_caller_who_calls_to_say_so_ends_it() {
    let mut story = in_background(background_limits(), &[BOS, VISSER]);
    let out = story.hears(CallerStopped);
    assert!(out.contains(&Output::HangUp(BOS)));
    assert!(out.contains(&Output::Finish(Outcome::NotNeeded)));
    assert!(!out.contains(&Output::Release(BOS)), "their telephone still rings");
    assert_eq!(rung(&story.candidate_reports(BOS, Ending::Canceled)), []);
}

#[test]
fn r9_whoever_stops_before_their_telephone_rings_makes_room_for_the_next_at_once() {
    let mut story = in_background(background_limits(), &[BOS, VISSER]);
    let out = story.hears(MayNotBeRung(BOS));
    assert_eq!(decided(&out, BOS), Some(Result_::NotPlaced));
    assert!(out.contains(&Output::Release(BOS)));
    assert_eq!(rung(&out), [VISSER]);
    assert_eq!(story.hears(MayNotBeRung(BOS)), []);
    story.hears(PickedUp(VISSER));
    assert_eq!(story.hears(MayNotBeRung(VISSER)), [], "it rang");
}

#[test]
fn r13_a_caller_who_could_not_be_rung_before_the_evening_is_rung_in_the_morning() {
    let mut story = Story::on(&Search::in_background(background_limits(), true), &[BOS]);
    story.hears(Opened);
    story.later(300);
    let opens = story.now + Duration::from_secs(12 * 3600);
    let out = story.hears(CallerLater { opens: Some(opens) });
    assert_eq!(timer(&out, Timer::Caller), Some(opens));
    assert!(!story.said.contains(&Output::Promise), "nothing is over yet");
    story.now = opens;
    assert_eq!(caller_rung_for(&story.hears(Due(Timer::Caller))), Some(Reason::Confirm));
}

#[test]
fn two_who_talk_go_on_when_it_is_withdrawn_on_the_web() {
    let mut story = in_background(background_limits(), &[BOS, VISSER]);
    let ring = story.yes_and_dials(BOS);
    story.caller_says(ring, CallerAnswer::Yes);
    assert_eq!(story.hears(Settled), []);
    let out = story.dial_of_caller_ends(ring, JOINED);
    assert_eq!(decided(&out, BOS), Some(Result_::Connected));
    assert_eq!(story.search().outcome(), Some(Outcome::Connected));
}

#[test]
fn before_the_caller_has_picked_up_what_is_settled_stops() {
    let mut story = in_background(background_limits(), &[BOS, VISSER]);
    story.yes_and_dials(BOS);
    let out = story.hears(Settled);
    assert!(out.contains(&Output::HangUp(BOS)));
    assert!(out.contains(&Output::Finish(Outcome::NotNeeded)));
}

#[test]
fn a_provider_that_cannot_be_asked_costs_nobody_their_turn() {
    let mut story = in_background(background_limits(), &[BOS, VISSER]);
    let out = story.hears(NotPlaced(BOS));
    assert_eq!(decided(&out, BOS), Some(Result_::NotPlaced));
    assert_eq!(rung(&out), [], "the next would not be placed either");
    story.now = timer(&out, Timer::Look).expect("it looks again");
    assert_eq!(rung(&story.hears(Due(Timer::Look))), [VISSER]);
}

#[test]
fn a_lost_report_about_the_callers_telephone_ends_in_a_promise() {
    let mut story = Story::on(&Search::in_background(background_limits(), true), &[BOS]);
    let out = story.hears(Opened);
    story.now = timer(&out, Timer::CallerLease).expect("a lease");
    let out = story.hears(Due(Timer::CallerLease));
    assert!(out.contains(&Output::HangUpCaller(story.last_ring())));
    assert!(out.contains(&Output::Promise));
}
