//! Who is asked whether they still take part, and how that ends.

use super::*;
use crate::dispatch::choose::PassedOver;
use crate::dispatch::still_there::{WhyAsked, at_another_hour};
use crate::domain::ParticipantId;

const A_DAY: Duration = Duration::from_secs(24 * 3600);

fn town() -> (Town, ParticipantId) {
    let town = Town::with(vec![somebody(BOS, 2584), somebody(VISSER, 2586)]);
    let bos = town.does(|tx| tx.participant_by_phone(&phone(BOS))).expect("known").id;
    (town, bos)
}

fn asked(town: &Town, who: ParticipantId) -> Option<StillThere> {
    town.does(move |tx| tx.still_there(who))
}

/// Why Bos is passed over then; none: he is not.
fn why_not(town: &Town, who: ParticipantId, at: Timestamp) -> Option<PassedOver> {
    let line = town.line.clone();
    let explained = town.looks(move |tx| {
        tx.explain(&Asked {
            line: &line,
            service: &company(),
            conditions: Conditions::default(),
            inside: false,
            postcode: postcode(2584),
            language: Language::Nl,
            from: None,
            round: 1,
            numbering: Numbering::NlFixtures,
            at,
        })
    });
    let over = explained.ranking.passed_over;
    over.iter().find(|(passed, _)| *passed == who).map(|(_, why)| *why)
}

/// Bos is rung so often, two days apart, and each ring ends like this.
fn rings(town: &Town, from: Timestamp, results: &[AttemptResult]) -> Timestamp {
    let mut at = from;
    for (nth, result) in results.iter().enumerate() {
        let held = town.next(&town.request(&format!("CA-{}-{nth}", from.0)), at).expect("Bos");
        assert_eq!(held.phone.e164(), BOS);
        town.ends(&held, *result, at);
        at = at + 2 * A_DAY;
    }
    at - 2 * A_DAY
}

#[test]
fn the_fifth_ring_in_vain_is_followed_by_one_call_at_another_hour_of_the_next_day() {
    use AttemptResult::{Declined, NoAnswer, Voicemail};
    let (town, bos) = town();
    let last = rings(&town, NOW, &[NoAnswer, Voicemail, NoAnswer, NoAnswer]);
    assert_eq!(asked(&town, bos), None);
    let last = rings(&town, last + 2 * A_DAY, &[NoAnswer]);
    let one = asked(&town, bos).expect("to be asked");
    assert_eq!((one.why, one.tries, one.since), (WhyAsked::Unanswered, 0, last));
    assert_eq!(one.rings_at, Some(at_another_hour(last)));
    assert!(one.stands && !one.on_the_telephone && !one.heard_since);
    assert!(!town.looks(move |tx| tx.still_there_due_by(last + A_DAY / 2)));
    assert!(town.looks(move |tx| tx.still_there_due_by(last + 2 * A_DAY)));
    // A no to a request of the board that they came forward for: they are there.
    town.does(move |tx| tx.in_touch(bos, last));
    let last = rings(&town, last + 2 * A_DAY, &[NoAnswer, Declined]);
    assert_eq!(asked(&town, bos), None);
    rings(&town, last + 2 * A_DAY, &[NoAnswer; 5]);
    assert!(asked(&town, bos).expect("asked anew").rings_at.is_some());
}

#[test]
fn whoever_was_silent_for_a_year_rests_until_they_answer_and_only_calling_does_not_end_it() {
    let (town, bos) = town();
    let line = phone("+31700002586");
    let silent = |at| town.looks(move |tx| tx.silent_for_a_year(at));
    assert!(silent(NOW + 363 * A_DAY).is_empty());
    let a_year = NOW + 364 * A_DAY;
    assert_eq!(silent(a_year).len(), 2, "written down then, and never heard of since");
    town.does(move |tx| tx.ask_whether_still_there(bos, &line, WhyAsked::Silent, a_year, a_year));
    assert_eq!(silent(a_year + A_DAY).len(), 1, "nobody is asked anew");
    assert_eq!(why_not(&town, bos, a_year), Some(PassedOver::Silent));
    assert_eq!(rung(town.next(&town.request("CA1"), a_year)).as_deref(), Some(VISSER));
    town.does(move |tx| tx.heard_from(bos, a_year + A_DAY));
    assert!(asked(&town, bos).is_some_and(|one| one.heard_since));
    assert_eq!(why_not(&town, bos, a_year + A_DAY), Some(PassedOver::Silent));
    // They never answered: a year after that call they are asked again.
    assert_eq!(silent(a_year + 366 * A_DAY).len(), 2);
    town.does(move |tx| tx.in_touch(bos, a_year + 2 * A_DAY));
    assert_eq!(asked(&town, bos), None);
    assert_eq!(why_not(&town, bos, a_year + 2 * A_DAY), None);
}

#[test]
fn r9_a_stop_ends_it_and_a_pause_with_an_end_is_no_silence() {
    let (town, bos) = town();
    let visser = town.does(|tx| tx.participant_by_phone(&phone(VISSER))).expect("known").id;
    town.does(move |tx| tx.pause(visser, Pause::Until(NOW + 200 * A_DAY)));
    let silent = town.looks(move |tx| tx.silent_for_a_year(NOW + 400 * A_DAY));
    assert_eq!(silent, [(bos, postcode(2584))]);
    let line = phone("+31700002586");
    town.does(move |tx| tx.ask_whether_still_there(bos, &line, WhyAsked::Silent, NOW, NOW));
    town.does(move |tx| tx.withdraw_consent(bos, "phone", NOW));
    assert_eq!(asked(&town, bos), None);
}

#[test]
fn an_answer_of_any_kind_is_a_word_from_them() {
    let (town, bos) = town();
    let answered = NOW + 100 * A_DAY;
    rings(&town, answered, &[AttemptResult::Declined]);
    let silent = |at| town.looks(move |tx| tx.silent_for_a_year(at));
    assert!(silent(NOW + 400 * A_DAY).iter().all(|(who, _)| *who != bos));
    assert!(silent(answered + 364 * A_DAY).iter().any(|(who, _)| *who == bos));
}

#[test]
fn how_many_rest_is_counted_by_why_and_by_place() {
    let (town, bos) = town();
    rings(&town, NOW, &[AttemptResult::NoAnswer; 5]);
    let (line, visser) = town.does(|tx| {
        let visser = tx.participant_by_phone(&phone(VISSER))?.expect("known").id;
        Ok((phone("+31700002586"), visser))
    });
    town.does(move |tx| tx.ask_whether_still_there(visser, &line, WhyAsked::Silent, NOW, NOW));
    let counted = |area: &[u16]| {
        let area: Vec<Postcode> = area.iter().map(|place| postcode(*place)).collect();
        town.looks(move |tx| tx.resting(&area))
    };
    assert_eq!(counted(&[2584, 2586]), Resting { unanswered: 1, silent: 1 });
    assert_eq!(counted(&[2584]), Resting { unanswered: 1, silent: 0 });
    assert_eq!(counted(&[9101]), Resting::default());
    // Silence goes before rings that nobody answered; whoever is both is counted once.
    let line = phone("+31700002586");
    town.does(move |tx| tx.ask_whether_still_there(bos, &line, WhyAsked::Silent, NOW, NOW));
    assert_eq!(counted(&[2584, 2586]), Resting { unanswered: 0, silent: 2 });
}
