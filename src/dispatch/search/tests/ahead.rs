//! Searches before their moment, and people who come forward by themselves.

use super::*;
use crate::dispatch::CallerAnswer;

const A_DAY: Duration = Duration::from_secs(24 * 3600);

fn ahead(neighbours: &[AttemptId]) -> Story {
    let limits = Limits { budget: A_DAY, max_attempts: 25, ..limits() };
    let mut story = Story::on(&Search::ahead(limits, NOON + A_DAY), neighbours);
    story.hears(Opened);
    story
}

fn comes_forward(story: &mut Story, who: AttemptId) -> Vec<Output> {
    story.forward = Some(who);
    story.hears(CameForward)
}

#[test]
fn before_its_moment_a_search_rings_nobody_and_then_it_begins_by_itself() {
    let mut story = ahead(&[BOS, VISSER]);
    assert_eq!(rung(&story.said), []);
    let look = story.said.iter().rev().find_map(|output| match output {
        Output::SetTimer(Timer::Look, at) => Some(*at),
        _ => None,
    });
    assert_eq!(look, Some(NOON + A_DAY));
    story.now = NOON + A_DAY;
    assert_eq!(rung(&story.hears(Due(Timer::Look))), [BOS]);
    let budget = story.said.iter().find_map(|output| match output {
        Output::SetTimer(Timer::Budget, at) => Some(*at),
        _ => None,
    });
    assert_eq!(budget, Some(NOON + A_DAY + A_DAY), "its time counts from then");
}

#[test]
fn whoever_comes_forward_is_rung_at_once_and_a_no_disturbs_nobody_else() {
    let mut story = ahead(&[BOS]);
    let out = comes_forward(&mut story, FATIMA);
    assert_eq!(rung(&out), [FATIMA]);
    story.answers(FATIMA, NotNow);
    let out = story.candidate_reports(FATIMA, Ending::Completed { bridged: None });
    assert_eq!(rung(&out), [], "the others are asked when its moment has come");
    assert!(out.contains(&Output::SetTimer(Timer::Look, NOON + A_DAY)), "{out:?}");
}

#[test]
fn r2_two_who_come_forward_are_rung_one_after_another() {
    let mut story = ahead(&[]);
    assert_eq!(rung(&comes_forward(&mut story, BOS)), [BOS]);
    assert_eq!(rung(&comes_forward(&mut story, VISSER)), [], "the first still rings");
    story.answers(BOS, NotNow);
    let out = story.candidate_reports(BOS, Ending::Completed { bridged: None });
    assert_eq!(rung(&out), [VISSER]);
    let out = story.answers(VISSER, Yes);
    assert!(out.contains(&Output::Connect(VISSER)), "{out:?}");
    assert_eq!(rung(&comes_forward(&mut story, FATIMA)), [], "R6: the first yes");
}

#[test]
fn whoever_came_forward_and_may_not_be_rung_changes_nothing() {
    let mut story = ahead(&[BOS]);
    let out = story.hears(CameForward);
    assert!(out.contains(&Output::ReserveForward));
    assert_eq!(rung(&out), []);
    assert_eq!(story.search().outcome(), None);
    assert!(out.contains(&Output::SetTimer(Timer::Look, NOON + A_DAY)), "{out:?}");
}

#[test]
fn in_a_search_that_goes_on_whoever_comes_forward_is_simply_the_next() {
    let limits = Limits { budget: A_DAY, max_attempts: 25, ..limits() };
    let mut story = Story::on(&Search::in_background(limits, false), &[]);
    story.hears(Opened);
    assert_eq!(rung(&story.said), [], "nobody is free");
    story.next = vec![FATIMA];
    let out = story.hears(CameForward);
    assert_eq!(rung(&out), [FATIMA], "and not in ten minutes");
    assert!(!out.contains(&Output::ReserveForward));
    story.answers(FATIMA, Yes);
    story.caller_rings += 1;
    let ring = CallbackId(story.caller_rings);
    story.hears(CallerRung(ring));
    story.hears(CallerPickedUp(ring));
    let out = story.hears(CallerAnswered { ring, answer: CallerAnswer::Yes });
    assert_eq!(out, [Output::JoinCaller(ring)]);
}

#[test]
fn a_search_that_is_over_or_has_its_yes_rings_nobody_who_comes_forward() {
    let mut story = ahead(&[]);
    assert!(story.hears(CallerStopped).iter().any(|o| matches!(o, Output::Finish(_))));
    assert_eq!(rung(&comes_forward(&mut story, BOS)), []);
    let mut live = Story::of(&[BOS]);
    assert_eq!(rung(&comes_forward(&mut live, VISSER)), [], "a caller waits on the line");
}
