//! Searches as stories. Between every two inputs the search is stored and read again, so every
//! story also proves that a restart changes nothing.

mod ahead;
mod background;

use proptest::prelude::*;

use super::*;
use crate::dispatch::{Answer, Answer::*, AttemptResult as Result_, Ending, Input::*, Source};
use crate::domain::CallbackId;

const NOON: Timestamp = Timestamp(1_800_000_000_000);

const BOS: AttemptId = AttemptId(1);
const VISSER: AttemptId = AttemptId(2);
const FATIMA: AttemptId = AttemptId(3);

/// A search, a clock, and the neighbours who are still to be reserved.
struct Story {
    stored: String,
    now: Timestamp,
    next: Vec<AttemptId>,
    said: Vec<Output>,
    /// Nobody is rung before this.
    opens: Timestamp,
    /// When nobody is left, nobody will be.
    nobody_ever: bool,
    /// Rings of the caller so far.
    caller_rings: i64,
    /// Who came forward and was not looked at.
    forward: Option<AttemptId>,
}

fn limits() -> Limits {
    Limits {
        ring: Duration::from_secs(20),
        max_attempts: 8,
        budget: Duration::from_secs(180),
        ring_at_once: 1,
        offer_after: None,
    }
}

impl Story {
    fn with(limits: Limits, neighbours: &[AttemptId]) -> Self {
        Self::on(&Search::new(limits), neighbours)
    }

    fn on(search: &Search, neighbours: &[AttemptId]) -> Self {
        let stored = serde_json::to_string(search).expect("it serialises");
        let next = neighbours.iter().rev().copied().collect();
        let (now, opens) = (NOON, Timestamp(0));
        let (said, nobody_ever, caller_rings, forward) = (Vec::new(), false, 0, None);
        Self { stored, now, next, said, opens, nobody_ever, caller_rings, forward }
    }

    fn of(neighbours: &[AttemptId]) -> Self {
        let mut story = Self::with(limits(), neighbours);
        story.hears(Opened);
        story
    }

    fn search(&self) -> Search {
        serde_json::from_str(&self.stored).expect("it reads back")
    }

    /// What the driver feeds back to this output, if anything.
    fn answer_to(&mut self, output: &Output, in_background: bool) -> Option<Input> {
        let closed = self.now < self.opens;
        match output {
            Output::Reserve | Output::ReserveAgain(_) if closed && in_background => {
                Some(Closed { opens: Some(self.opens) })
            }
            Output::Reserve => Some(match self.next.pop() {
                Some(next) => Reserved(next),
                None if self.nobody_ever => NobodyEver,
                None => NobodyLeft,
            }),
            Output::ReserveForward => Some(match self.forward.take() {
                Some(who) => Reserved(who),
                None => NobodyForward,
            }),
            // The same person again: an attempt of its own.
            Output::ReserveAgain(earlier) => Some(Reserved(AttemptId(100 + earlier.0))),
            Output::RingCaller { .. } if closed => Some(CallerLater { opens: Some(self.opens) }),
            Output::RingCaller { .. } => {
                self.caller_rings += 1;
                Some(CallerRung(CallbackId(self.caller_rings)))
            }
            _ => None,
        }
    }

    /// Feeds one input and answers every reserve, as the driver does; gives all outputs.
    fn hears(&mut self, input: Input) -> Vec<Output> {
        let mut all = Vec::new();
        let mut inputs = vec![input];
        while !inputs.is_empty() {
            let mut search = self.search();
            let out = search.handle(self.now, inputs.remove(0));
            self.stored = serde_json::to_string(&search).expect("it serialises");
            for output in &out {
                inputs.extend(self.answer_to(output, search.is_in_background()));
            }
            all.extend(out);
        }
        self.said.extend(all.iter().cloned());
        all
    }

    fn answers(&mut self, attempt: AttemptId, answer: Answer) -> Vec<Output> {
        self.hears(PickedUp(attempt));
        self.hears(Answered { attempt, answer })
    }

    fn caller_reports(&mut self, attempt: AttemptId, ending: Ending) -> Vec<Output> {
        self.hears(LegEnded { attempt, ending, told_by: Source::Caller })
    }

    fn candidate_reports(&mut self, attempt: AttemptId, ending: Ending) -> Vec<Output> {
        self.hears(LegEnded { attempt, ending, told_by: Source::Candidate })
    }

    fn later(&mut self, seconds: u64) {
        self.now = self.now + Duration::from_secs(seconds);
    }
}

fn rung(out: &[Output]) -> Vec<AttemptId> {
    out.iter()
        .filter_map(|o| match o {
            Output::Ring { attempt, .. } | Output::Place { attempt, .. } => Some(*attempt),
            _ => None,
        })
        .collect()
}

fn decided(out: &[Output], id: AttemptId) -> Option<AttemptResult> {
    out.iter().rev().find_map(|o| match o {
        Output::Decide { attempt, result } if *attempt == id => Some(*result),
        _ => None,
    })
}

const NOT_JOINED: Ending = Ending::Completed { bridged: Some(false) };
const JOINED: Ending = Ending::Completed { bridged: Some(true) };
const COMPLETED: Ending = Ending::Completed { bridged: None };

#[test]
fn r7_the_report_of_a_no_already_rings_the_next() {
    for (ending, result) in [
        (Ending::NoAnswer, Result_::NoAnswer),
        (Ending::Busy, Result_::Busy),
        (Ending::Failed, Result_::Failed),
        (NOT_JOINED, Result_::HungUp),
        (COMPLETED, Result_::HungUp),
    ] {
        let mut story = Story::of(&[BOS, VISSER]);
        let out = story.caller_reports(BOS, ending);
        assert_eq!(decided(&out, BOS), Some(result), "{ending:?}");
        assert!(out.contains(&Output::Release(BOS)), "{ending:?}");
        assert_eq!(rung(&out), [VISSER], "{ending:?}");
    }
}

#[test]
fn every_kind_of_no_is_remembered_as_what_it_was() {
    for (answer, result) in [
        (NotNow, Result_::Declined),
        (WrongKey, Result_::Declined),
        (NotToday, Result_::NotToday),
        (Stop, Result_::Stopped),
        (Pause, Result_::Paused),
        (Answer::Desk, Result_::WantsDesk),
        (Silence, Result_::Voicemail),
    ] {
        let mut story = Story::of(&[BOS, VISSER]);
        assert_eq!(decided(&story.answers(BOS, answer), BOS), Some(result), "{answer:?}");
        let out = story.caller_reports(BOS, NOT_JOINED);
        assert_eq!(decided(&out, BOS), None, "decided once: {answer:?}");
        assert_eq!(rung(&out), [VISSER], "{answer:?}");
    }
}

#[test]
fn a_yes_connects_and_the_end_of_the_talk_ends_the_search() {
    for ending in [JOINED, COMPLETED] {
        let mut story = Story::of(&[BOS, VISSER]);
        assert!(story.answers(BOS, Yes).contains(&Output::Connect(BOS)));
        let out = story.caller_reports(BOS, ending);
        assert_eq!(decided(&out, BOS), Some(Result_::Connected));
        assert!(out.contains(&Output::Finish(Outcome::Connected)));
        assert_eq!(rung(&out), []);
    }
}

#[test]
fn a_yes_that_was_never_joined_goes_on_to_the_next() {
    let mut story = Story::of(&[BOS, VISSER]);
    story.answers(BOS, Yes);
    let out = story.caller_reports(BOS, NOT_JOINED);
    assert_eq!(decided(&out, BOS), Some(Result_::NotJoined));
    assert_eq!(rung(&out), [VISSER]);
}

#[test]
fn r6_a_yes_after_the_caller_left_is_thanked() {
    let mut story = Story::of(&[BOS]);
    story.hears(PickedUp(BOS));
    let out = story.hears(CallerLeft);
    assert!(out.contains(&Output::HangUp(BOS)));
    assert!(out.contains(&Output::Finish(Outcome::CallerLeft)));
    assert_eq!(story.hears(Answered { attempt: BOS, answer: Yes }), [Output::Gone(BOS)]);
}

#[test]
fn r6_of_two_who_ring_at_once_the_first_yes_wins() {
    let mut story = Story::with(Limits { ring_at_once: 2, ..limits() }, &[BOS, VISSER]);
    assert_eq!(rung(&story.hears(Opened)), [BOS, VISSER]);
    story.hears(PickedUp(BOS));
    story.hears(PickedUp(VISSER));
    assert!(
        story.hears(Answered { attempt: VISSER, answer: Yes }).contains(&Output::Connect(VISSER))
    );
    let late = story.hears(Answered { attempt: BOS, answer: Yes });
    assert!(late.contains(&Output::Gone(BOS)) && !late.contains(&Output::Connect(BOS)));
    assert_eq!(decided(&late, BOS), Some(Result_::LateYes));
}

#[test]
fn r6_whoever_still_rings_when_another_says_yes_is_left_in_peace() {
    let mut story = Story::with(Limits { ring_at_once: 2, ..limits() }, &[BOS, VISSER]);
    story.hears(Opened);
    let out = story.answers(VISSER, Yes);
    assert!(out.contains(&Output::HangUp(BOS)));
    assert_eq!(decided(&out, BOS), Some(Result_::CallerEnded));
}

#[test]
fn r9_a_stop_counts_also_when_the_caller_has_gone() {
    let mut story = Story::of(&[BOS]);
    story.hears(PickedUp(BOS));
    story.hears(CallerLeft);
    let out = story.hears(Answered { attempt: BOS, answer: Stop });
    assert_eq!(decided(&out, BOS), Some(Result_::Stopped));
}

#[test]
fn r9_hanging_up_at_the_confirming_question_counts_as_stopped() {
    let mut story = Story::of(&[BOS, VISSER]);
    assert_eq!(story.answers(BOS, StopAsked), []);
    let out = story.caller_reports(BOS, NOT_JOINED);
    assert_eq!(decided(&out, BOS), Some(Result_::Stopped));
    assert_eq!(rung(&out), [VISSER]);
}

#[test]
fn the_candidates_own_report_frees_them_and_rings_nobody() {
    let mut story = Story::of(&[BOS, VISSER]);
    let out = story.candidate_reports(BOS, Ending::NoAnswer);
    assert!(out.contains(&Output::Release(BOS)));
    assert_eq!(rung(&out), []);
    let out = story.caller_reports(BOS, Ending::NoAnswer);
    assert!(!out.contains(&Output::Release(BOS)), "released once");
    assert_eq!(rung(&out), [VISSER]);
}

#[test]
fn r11_a_repeated_report_does_nothing() {
    let mut story = Story::of(&[BOS, VISSER, FATIMA]);
    story.caller_reports(BOS, Ending::Busy);
    assert_eq!(story.caller_reports(BOS, Ending::Busy), []);
    assert_eq!(story.caller_reports(BOS, JOINED), []);
    assert_eq!(story.candidate_reports(BOS, COMPLETED), []);
}

#[test]
fn nobody_left_ends_it_and_another_round_may_find_somebody_new() {
    let mut story = Story::of(&[BOS]);
    let out = story.caller_reports(BOS, Ending::NoAnswer);
    assert!(out.contains(&Output::Finish(Outcome::Nobody)));
    story.next.push(VISSER);
    let out = story.hears(TryAgain);
    assert_eq!(rung(&out), [VISSER]);
    assert_eq!(story.search().round(), 2);
}

#[test]
fn r10_a_search_has_a_time_budget() {
    let mut story = Story::of(&[BOS, VISSER, FATIMA]);
    story.later(170);
    let out = story.caller_reports(BOS, Ending::NoAnswer);
    let cut = Output::Ring { attempt: VISSER, ring: Duration::from_secs(10) };
    assert!(out.contains(&cut), "the last ring ends within the budget: {out:?}");
    story.later(10);
    let out = story.caller_reports(VISSER, Ending::NoAnswer);
    assert!(out.contains(&Output::Finish(Outcome::UsedUp)));
    assert_eq!(rung(&out), []);
}

#[test]
fn r10_no_more_than_max_attempts_in_a_round() {
    let mut story = Story::with(Limits { max_attempts: 2, ..limits() }, &[BOS, VISSER, FATIMA]);
    story.hears(Opened);
    story.caller_reports(BOS, Ending::Busy);
    let out = story.caller_reports(VISSER, Ending::Busy);
    assert!(out.contains(&Output::Finish(Outcome::UsedUp)));
}

#[test]
fn a_lost_webhook_frees_the_person_and_ends_the_search_in_time() {
    let mut story = Story::of(&[BOS, VISSER]);
    story.later(80);
    let out = story.hears(Due(Timer::Lease(BOS)));
    assert_eq!(decided(&out, BOS), Some(Result_::Lost));
    assert!(out.contains(&Output::Release(BOS)) && out.contains(&Output::HangUp(BOS)));
    story.later(100);
    assert!(story.hears(Due(Timer::Budget)).contains(&Output::Finish(Outcome::UsedUp)));
}

#[test]
fn r5_two_people_joined_without_a_yes_are_an_alarm() {
    let mut story = Story::of(&[BOS]);
    assert!(story.caller_reports(BOS, JOINED).contains(&Output::JoinedWithoutYes(BOS)));
}

#[test]
fn a_caller_who_hangs_up_in_conversation_was_helped() {
    let mut story = Story::of(&[BOS]);
    story.answers(BOS, Yes);
    assert!(story.hears(CallerLeft).contains(&Output::Finish(Outcome::Connected)));
    assert!(story.candidate_reports(BOS, COMPLETED).contains(&Output::Release(BOS)));
}

#[test]
fn a_caller_who_hangs_up_between_the_yes_and_the_talk_was_never_joined() {
    let mut story = Story::of(&[BOS, VISSER]);
    story.answers(BOS, Yes);
    story.hears(CallerLeft);
    // The neighbour's own leg cannot tell; the dial can.
    story.candidate_reports(BOS, Ending::Completed { bridged: None });
    assert_eq!(story.search().outcome(), Some(Outcome::Connected));
    let out = story.candidate_reports(BOS, Ending::Completed { bridged: Some(false) });
    assert_eq!(decided(&out, BOS), Some(Result_::NotJoined));
    assert!(rung(&out).is_empty());
    assert_eq!(story.search().outcome(), Some(Outcome::CallerLeft));
    let again = story.candidate_reports(BOS, Ending::Completed { bridged: Some(false) });
    assert_eq!(again, []);
}

#[test]
fn a_ring_that_the_caller_ended_is_one_whichever_report_comes_first() {
    let mut story = Story::of(&[BOS, VISSER]);
    let out = story.candidate_reports(BOS, Ending::Canceled);
    assert_eq!(decided(&out, BOS), Some(Result_::CallerEnded));
    assert!(story.hears(CallerLeft).contains(&Output::Finish(Outcome::CallerLeft)));

    let mut story = Story::of(&[BOS, VISSER]);
    assert_eq!(decided(&story.hears(CallerLeft), BOS), Some(Result_::CallerEnded));
    assert_eq!(decided(&story.candidate_reports(BOS, Ending::Canceled), BOS), None);
}

#[test]
fn the_desk_takes_over_and_the_ringing_stops() {
    let mut story = Story::of(&[BOS, VISSER]);
    let out = story.hears(Input::Desk(DeskOrder::TakeOver));
    assert!(out.contains(&Output::HangUp(BOS)) && out.contains(&Output::Finish(Outcome::Desk)));
    assert_eq!(rung(&story.caller_reports(BOS, Ending::Canceled)), []);
}

#[test]
fn a_search_stored_in_another_form_is_refused() {
    let stored = serde_json::to_string(&Search::new(limits())).expect("it serialises");
    let newer = stored.replacen("\"version\":1", "\"version\":2", 1);
    let fault = serde_json::from_str::<Search>(&newer).expect_err("another form");
    assert!(fault.to_string().contains("this release reads form 1"), "{fault}");
}

fn any_input() -> impl Strategy<Value = Input> {
    let who = (1i64..6).prop_map(AttemptId);
    let answer = prop_oneof![
        Just(Yes),
        Just(NotNow),
        Just(NotToday),
        Just(StopAsked),
        Just(Stop),
        Just(Pause),
        Just(Answer::Desk),
        Just(WrongKey),
        Just(Silence),
    ];
    let ending = prop_oneof![
        Just(JOINED),
        Just(NOT_JOINED),
        Just(COMPLETED),
        Just(Ending::NoAnswer),
        Just(Ending::Busy),
        Just(Ending::Failed),
        Just(Ending::Canceled),
    ];
    let told_by = prop_oneof![Just(Source::Caller), Just(Source::Candidate)];
    prop_oneof![
        Just(Opened),
        Just(CallerLeft),
        Just(TryAgain),
        Just(CallerStopped),
        Just(Settled),
        Just(Due(Timer::Budget)),
        Just(Input::Desk(DeskOrder::Skip)),
        who.clone().prop_map(PickedUp),
        who.clone().prop_map(|w| Due(Timer::Lease(w))),
        (who.clone(), answer).prop_map(|(attempt, answer)| Answered { attempt, answer }),
        (who, ending, told_by).prop_map(|(attempt, ending, told_by)| LegEnded {
            attempt,
            ending,
            told_by
        }),
    ]
}

#[test]
fn a_dropped_ring_that_is_called_no_answer_does_not_count_against_the_neighbour() {
    let mut story = Story::of(&[BOS, VISSER]);
    let out = story.candidate_reports(BOS, Ending::NoAnswer);
    assert_eq!(
        (decided(&out, BOS), rung(&out)),
        (None, Vec::new()),
        "whose doing is not known yet"
    );
    assert!(out.contains(&Output::Release(BOS)), "but their telephone is free");
    let out = story.hears(CallerLeft);
    assert_eq!(decided(&out, BOS), Some(Result_::CallerEnded));
    assert_eq!(story.caller_reports(BOS, Ending::NoAnswer), [], "the dial's own word comes last");
}

#[test]
fn a_ring_in_vain_counts_as_soon_as_the_callers_leg_says_so_or_the_search_is_over() {
    let mut story = Story::of(&[BOS, VISSER]);
    story.candidate_reports(BOS, Ending::NoAnswer);
    let out = story.caller_reports(BOS, Ending::NoAnswer);
    assert_eq!(decided(&out, BOS), Some(Result_::NoAnswer));
    assert_eq!(rung(&out), [VISSER]);
    story.candidate_reports(VISSER, Ending::NoAnswer);
    story.later(200);
    let out = story.hears(Due(Timer::Budget));
    assert_eq!(decided(&out, VISSER), Some(Result_::NoAnswer), "the caller's report was lost");
    assert!(out.contains(&Output::Finish(Outcome::UsedUp)));
}

#[test]
fn two_who_talk_go_on_when_it_is_settled_at_the_desk() {
    let mut story = Story::of(&[BOS, VISSER]);
    story.answers(BOS, Yes);
    assert_eq!(story.hears(Settled), []);
    let out = story.caller_reports(BOS, JOINED);
    assert_eq!(decided(&out, BOS), Some(Result_::Connected));
    assert!(out.contains(&Output::Finish(Outcome::Connected)));
}

#[test]
fn r3_whoever_rings_when_it_is_settled_is_free_when_their_telephone_is() {
    let mut story = Story::of(&[BOS, VISSER]);
    let out = story.hears(Settled);
    assert!(out.contains(&Output::HangUp(BOS)) && out.contains(&Output::Finish(Outcome::Stopped)));
    assert!(!out.contains(&Output::Release(BOS)), "it may ring for a moment yet");
    let out = story.caller_reports(BOS, Ending::Canceled);
    assert!(out.contains(&Output::Release(BOS)));
    assert_eq!(rung(&out), []);
}

proptest! {
    /// Whatever comes, in whatever order, twice or never: the rules hold after every step.
    #[test]
    fn r2_r6_r10_hold_in_any_order(
        inputs in prop::collection::vec((any_input(), 0u64..40), 0..60),
        ring_at_once in 1u8..4,
    ) {
        let all: Vec<AttemptId> = (1..6).map(AttemptId).collect();
        let mut story = Story::with(Limits { ring_at_once, ..limits() }, &all);
        story.hears(Opened);
        let mut released = Vec::new();
        let mut finishes = 0u32;
        let mut finished = None;
        let mut seen = 0;
        for (input, pause) in inputs {
            story.later(pause);
            let over = story.search().outcome().is_some();
            let out = story.hears(input.clone());
            let live = all.iter().filter(|a| story.search().is_live(**a)).count();
            prop_assert!(live <= usize::from(ring_at_once), "R2");
            prop_assert!(!over || input == TryAgain || rung(&out).is_empty(), "rings after its end");
            let again = story.hears(input.clone());
            prop_assert!(
                rung(&again).is_empty() || ring_at_once > 1 || matches!(input, TryAgain),
                "a repeat of {input:?} rings {again:?}"
            );
            for output in &story.said[seen..] {
                match output {
                    Output::Release(id) => {
                        prop_assert!(!released.contains(id), "released twice");
                        released.push(*id);
                    }
                    Output::Finish(outcome) => {
                        // Joined as far as was known, and then it turns out that they never were.
                        let corrects = (finished, *outcome)
                            == (Some(Outcome::Connected), Outcome::CallerLeft);
                        finishes += u32::from(!corrects);
                        finished = Some(*outcome);
                    }
                    _ => {}
                }
            }
            seen = story.said.len();
            prop_assert!(finishes <= story.search().round(), "finished twice in a round");
        }
        story.hears(CallerLeft);
        for id in &all {
            story.candidate_reports(*id, COMPLETED);
        }
        prop_assert!(story.search().outcome().is_some(), "every search reaches its end");
        prop_assert!(all.iter().all(|a| !story.search().is_live(*a)), "everybody is free");
        for id in rung(&story.said) {
            let n = story.said.iter().filter(|o| **o == Output::Release(id)).count();
            prop_assert_eq!(n, 1, "released exactly once");
        }
    }
}
