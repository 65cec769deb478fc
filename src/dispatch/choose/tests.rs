//! Choosing as stories: each filter, each rule of the order, and the reasons as they are read.

use proptest::prelude::*;

use super::*;

const NOW: Timestamp = Timestamp(1_795_510_800_000); // Tuesday 2026-11-24, 10:00 in the Netherlands
const HOUR: std::time::Duration = std::time::Duration::from_secs(3600);

/// Somebody in the next street who may be rung and has no history.
fn somebody(id: i64) -> Facts {
    Facts {
        participant: ParticipantId(id),
        consented: true,
        verified: true,
        offers: true,
        goes_inside: false,
        admission: Admission::default(),
        number_fits: true,
        pause: None,
        hours_open: true,
        distance_m: Some(800),
        same_postcode: false,
        min_m: 0,
        max_m: 5_000,
        languages: vec![Language::Nl],
        asks_today: 0,
        asks_this_week: 0,
        max_per_day: 2,
        max_per_week: 4,
        asks_28_days: 0,
        last_asked: None,
        rest_until: None,
        blocked: false,
        asked_for_this: false,
        in_a_call: false,
        is_caller: false,
        klik: false,
        offered: false,
        unanswered: 0,
        silent: false,
        rings: 0,
        picked_up: 0,
        answered: 0,
        yeses: 0,
    }
}

fn ask() -> Ask {
    Ask {
        now: NOW,
        day_part: DayPart::of(NOW),
        ringing_hours_open: true,
        language: Language::Nl,
        conditions: Conditions::default(),
        inside: false,
        reach_m: reach_m(1),
        mean_pick_up: 0.5,
        mean_yes: 0.5,
        seed: 7,
    }
}

#[test]
fn where_company_inside_is_asked_only_who_goes_inside_is_rung_and_the_reason_says_so() {
    let inside = Ask { inside: true, ..ask() };
    let people = [somebody(1), Facts { goes_inside: true, ..somebody(2) }];
    let ranking = rank(&people, &inside);
    assert_eq!(ranking.passed_over, [(ParticipantId(1), PassedOver::NotInside)]);
    let reason = ranking.order[0].in_words(Language::Nl);
    assert!(reason.contains("gaat mee naar binnen"), "{reason}");
    // Whoever goes inside goes to the door as well, and nothing is said of it.
    assert_eq!(order(&people).len(), 2);
    let reasons = rank(&people, &ask()).order;
    assert!(reasons.iter().all(|it| !it.in_words(Language::En).contains("inside")));
}

fn order(people: &[Facts]) -> Vec<i64> {
    rank(people, &ask()).order.iter().map(|r| r.participant.0).collect()
}

#[test]
fn r1_r3_r4_r13_each_filter_passes_somebody_over_with_its_reason() {
    type Change = fn(&mut Facts);
    let cases: Vec<(Change, PassedOver)> = vec![
        (|f| f.is_caller = true, PassedOver::IsCaller),
        (|f| f.consented = false, PassedOver::NotConsented),
        (|f| f.verified = false, PassedOver::NotVerified),
        (|f| f.offers = false, PassedOver::DoesNotOffer),
        (|f| f.unanswered = 5, PassedOver::NeverAnswers),
        (|f| f.silent = true, PassedOver::Silent),
        (|f| f.number_fits = false, PassedOver::NumberRefused),
        (|f| f.blocked = true, PassedOver::Blocked),
        (|f| f.asked_for_this = true, PassedOver::AskedBefore),
        (|f| f.distance_m = None, PassedOver::PostcodeUnknown),
        (|f| f.distance_m = Some(5_001), PassedOver::TooFar),
        (|f| f.min_m = 801, PassedOver::TooNear),
        (|f| (f.distance_m, f.max_m) = (Some(10_001), 99_000), PassedOver::BeyondReach),
        (|f| f.languages = vec![Language::En], PassedOver::OtherLanguage),
        (|f| f.hours_open = false, PassedOver::OutsideOwnHours),
        (|f| f.asks_today = 2, PassedOver::CapDay),
        (|f| f.asks_this_week = 4, PassedOver::CapWeek),
        (|f| f.in_a_call = true, PassedOver::InACall),
        (|f| f.pause = Some(Pause::UntilTheyCall), PassedOver::Paused(Pause::UntilTheyCall)),
        (|f| f.rest_until = Some(NOW + HOUR), PassedOver::Resting(NOW + HOUR)),
    ];
    for (change, why) in cases {
        let mut facts = somebody(1);
        assert!(assess(&facts, &ask()).is_ok());
        change(&mut facts);
        assert_eq!(assess(&facts, &ask()), Err(why));
        assert_eq!(best(&[facts], &ask()), None);
    }
    let closed = Ask { ringing_hours_open: false, ..ask() };
    assert_eq!(assess(&somebody(1), &closed), Err(PassedOver::OutsideRingingHours));
}

#[test]
fn a_service_with_conditions_asks_only_those_who_meet_them() {
    let licence = Conditions { approval: true, certificate: true, min_age: 18 };
    let careful = Ask { conditions: licence, ..ask() };
    let seen = |expires| Some(Certificate { expires });
    let fit = Admission { approved: true, certificate: seen(None), age_at_least: 18 };
    let told = |admission| assess(&Facts { admission, ..somebody(1) }, &careful).map(|_| ());
    assert_eq!(told(fit), Ok(()));
    assert_eq!(told(Admission { approved: false, ..fit }), Err(PassedOver::NotApproved));
    assert_eq!(told(Admission { certificate: None, ..fit }), Err(PassedOver::NoCertificate));
    assert_eq!(told(Admission { age_at_least: 17, ..fit }), Err(PassedOver::AgeNotKnown(18)));
    let until = |expires| Admission { certificate: seen(Some(expires)), ..fit };
    assert_eq!(told(until(NOW + HOUR)), Ok(()));
    assert_eq!(told(until(NOW)), Err(PassedOver::CertificateExpired(NOW)));
    let simple = assess(&somebody(1), &ask());
    assert!(simple.is_ok(), "a service without conditions asks for nothing of the kind");
}

#[test]
fn four_unanswered_rings_are_not_five() {
    assert!(assess(&Facts { unanswered: 4, ..somebody(1) }, &ask()).is_ok());
}

#[test]
fn a_pause_or_a_rest_that_is_over_no_longer_counts() {
    let mut facts = somebody(1);
    facts.pause = Some(Pause::Until(NOW));
    facts.rest_until = Some(NOW);
    assert!(assess(&facts, &ask()).is_ok());
}

#[test]
fn klik_first_then_who_offers_it_then_the_same_postcode_then_nearer_bands() {
    let far = Facts { distance_m: Some(4_000), ..somebody(1) };
    let near = Facts { distance_m: Some(900), ..somebody(2) };
    let same = Facts { same_postcode: true, distance_m: Some(0), ..somebody(3) };
    let klik = Facts { klik: true, distance_m: Some(4_900), ..somebody(4) };
    let offers = Facts { offered: true, distance_m: Some(3_000), ..somebody(5) };
    let both = Facts { klik: true, ..offers.clone() };
    assert_eq!(order(&[far.clone(), near, same, klik, offers]), [4, 5, 3, 2, 1]);
    assert_eq!(rank(&[both], &ask()).order[0].standing.band, Band::Klik);
}

#[test]
fn within_a_band_whoever_is_likelier_to_say_yes_and_was_asked_less() {
    let seldom = Facts { rings: 10, picked_up: 1, ..somebody(1) };
    let often = Facts { rings: 10, picked_up: 9, ..somebody(2) };
    assert_eq!(order(&[seldom, often.clone()]), [2, 1]);
    let asked_much = Facts { asks_28_days: 6, ..often };
    assert_eq!(order(&[asked_much, somebody(3)]), [3, 2]);
}

#[test]
fn one_no_does_not_decide_about_anybody() {
    let once_no = Facts { answered: 1, yeses: 0, ..somebody(1) };
    let standing = assess(&once_no, &ask()).expect("may be rung");
    assert!(standing.score > 0.1, "{standing:?}");
}

#[test]
fn among_equals_whoever_was_not_asked_for_longest() {
    let lately = Facts { last_asked: Some(NOW - HOUR), ..somebody(1) };
    let long_ago = Facts { last_asked: Some(NOW - 90 * HOUR), ..somebody(2) };
    assert_eq!(order(&[lately, long_ago, somebody(3)]), [3, 2, 1]);
}

#[test]
fn a_second_round_reaches_one_band_further() {
    assert_eq!([reach_m(0), reach_m(1), reach_m(2), reach_m(9)], [10_000, 10_000, 20_000, 20_000]);
}

#[test]
fn everybody_has_a_reason_that_can_be_read_out() {
    let same = Facts {
        same_postcode: true,
        rings: 5,
        picked_up: 4,
        asks_28_days: 2,
        last_asked: Some(NOW - 90 * HOUR),
        ..somebody(1)
    };
    let paused = Facts { pause: Some(Pause::StopNotConfirmed), ..somebody(2) };
    let ranking = rank(&[same, somebody(3), paused], &ask());
    let words = |language| -> Vec<String> {
        (ranking.order.iter().map(|r| r.in_words(language)))
            .chain(ranking.passed_over.iter().map(|(_, why)| why.in_words(language)))
            .collect()
    };
    assert_eq!(
        words(Language::En),
        [
            "same postcode; often picks up on weekday mornings; asked 2 times in four weeks",
            "within 1 km; not asked in the last four weeks",
            "asked to stop, not confirmed",
        ]
    );
    assert_eq!(
        words(Language::Nl),
        [
            "zelfde postcode; neemt op doordeweekse ochtenden vaak op; 2 keer gevraagd in vier weken",
            "binnen 1 km; de laatste vier weken niet gevraagd",
            "vroeg om te stoppen, niet bevestigd",
        ]
    );
}

fn anybody() -> impl Strategy<Value = Facts> {
    let figures = (0u32..12_000, 0u32..4, 0u32..8, 0u32..6, 0u32..6, 0i64..3);
    (figures, any::<[bool; 4]>()).prop_map(|(n, b)| Facts {
        distance_m: Some(n.0),
        same_postcode: b[0],
        klik: b[1] && b[2],
        offered: b[0] && b[3],
        asks_today: n.1,
        asks_28_days: n.2,
        rings: n.3 + n.4,
        picked_up: n.3,
        answered: n.3,
        yeses: n.3.min(n.1),
        last_asked: b[3].then(|| NOW - HOUR * u32::try_from(n.5).unwrap_or(0)),
        max_m: 10_000,
        ..somebody(0)
    })
}

proptest! {
    #[test]
    fn the_order_is_total_and_does_not_depend_on_who_is_looked_at_first(
        mut people in prop::collection::vec(anybody(), 0..30),
        seed in any::<u64>(),
        turn in 0usize..30,
    ) {
        for (id, facts) in people.iter_mut().enumerate() {
            facts.participant = ParticipantId(i64::try_from(id).unwrap_or(0) + 1);
        }
        let ask = Ask { seed, ..ask() };
        let there = rank(&people, &ask);
        if !people.is_empty() {
            let turn = turn % people.len();
            people.rotate_left(turn);
        }
        let back = rank(&people, &ask);
        let ids = |r: &Ranking| r.order.iter().map(|r| r.participant).collect::<Vec<_>>();
        prop_assert_eq!(ids(&there), ids(&back));
        prop_assert_eq!(best(&people, &ask), ids(&back).first().copied());
        prop_assert_eq!(back.order.len() + back.passed_over.len(), people.len());
    }
}
