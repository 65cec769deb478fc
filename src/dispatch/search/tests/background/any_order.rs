//! Whatever comes, in whatever order.

use super::offer::with_an_offer;
use super::*;

fn any_background_input() -> impl Strategy<Value = Input> {
    let ring = || (1i64..4).prop_map(CallbackId);
    let answer =
        prop_oneof![Just(CallerAnswer::Yes), Just(CallerAnswer::No), Just(CallerAnswer::Desk)];
    let ending = prop_oneof![
        Just(JOINED),
        Just(NOT_JOINED),
        Just(COMPLETED),
        Just(Ending::NoAnswer),
        Just(Ending::Canceled)
    ];
    let told_by = prop_oneof![Just(Source::Caller), Just(Source::Candidate)];
    let timer = prop_oneof![Just(Timer::Look), Just(Timer::Caller), Just(Timer::CallerLease)];
    prop_oneof![
        8 => any_input(),
        1 => any::<bool>().prop_map(|confirm| CallBack { limits: background_limits(), confirm }),
        1 => Just(KeepWaiting),
        1 => ring().prop_map(CallerRung),
        1 => ring().prop_map(CallerPickedUp),
        1 => ring().prop_map(|ring| CallerOnTheLine { ring, limits: limits() }),
        1 => (1i64..6).prop_map(|who| NotPlaced(AttemptId(who))),
        1 => timer.prop_map(Due),
        2 => (ring(), answer).prop_map(|(ring, answer)| CallerAnswered { ring, answer }),
        2 => (ring(), ending, told_by).prop_map(|(ring, ending, told_by)| CallerRingEnded {
            ring,
            ending,
            told_by
        }),
    ]
}

/// The soonest timer that is set, as the driver keeps them.
fn soonest(story: &Story) -> Option<(Timestamp, Timer)> {
    let mut set = std::collections::BTreeMap::new();
    for output in &story.said {
        match output {
            Output::SetTimer(timer, at) => drop(set.insert(*timer, *at)),
            Output::CancelTimer(timer) => drop(set.remove(timer)),
            _ => {}
        }
    }
    set.into_iter().map(|(timer, at)| (at, timer)).min()
}

fn everybody() -> Vec<AttemptId> {
    (1..6).chain(101..106).map(AttemptId).collect()
}

proptest! {
    /// Whatever comes, in whatever order, twice or never: the rules hold after every step, and in
    /// the end there is an end, also when no report ever comes.
    #[test]
    fn r2_r4_r6_r10_hold_in_any_order(
        inputs in prop::collection::vec((any_background_input(), 0u64..400), 0..60),
        ring_at_once in 1u8..4,
        live_first in any::<bool>(),
        confirm in any::<bool>(),
        nobody_ever in any::<bool>(),
        opens in 0u64..7200,
    ) {
        let search = match live_first {
            true => Search::new(with_an_offer()),
            false => {
                Search::in_background(Limits { ring_at_once, ..background_limits() }, confirm)
            }
        };
        let mut story = Story::on(&search, &everybody()[..5]);
        (story.nobody_ever, story.opens) = (nobody_ever, NOON + Duration::from_secs(opens));
        story.hears(Opened);
        for (input, pause) in inputs {
            story.later(pause);
            let over = story.search().outcome().is_some();
            let accepted = story.search().accepted();
            let begins = matches!(input, TryAgain | CallBack { .. });
            let out = story.hears(input.clone());
            let live = everybody().iter().filter(|a| story.search().is_live(**a)).count();
            prop_assert!(live <= usize::from(ring_at_once), "R2");
            prop_assert!(!over || begins || rung(&out).is_empty(), "rings after its end: {input:?}");
            prop_assert!(
                accepted.is_none() || accepted != story.search().accepted() || rung(&out).is_empty(),
                "rings after a yes: {input:?}"
            );
        }
        // No report comes any more: only timers.
        for _ in 0..600 {
            let Some((at, timer)) = soonest(&story) else { break };
            story.now = story.now.max(at);
            story.said.push(Output::CancelTimer(timer));
            story.hears(Due(timer));
        }
        let search = story.search();
        prop_assert!(search.outcome().is_some(), "it never ends: {search:?}");
        for id in everybody() {
            prop_assert!(!search.is_live(id), "everybody is free");
            let times = rung(&story.said).iter().filter(|rung| **rung == id).count();
            let released = story.said.iter().filter(|o| **o == Output::Release(id)).count();
            prop_assert!(times <= 1, "R4: rung once");
            prop_assert!(released <= 1 && released >= times, "released exactly once");
        }
    }
}
