//! Offers of the board, when somebody asks for what they are.

use super::*;
use crate::dispatch::Outcome;
use crate::domain::ParticipantId;

impl Town {
    /// Whoever has this number offers company, on that day of November.
    pub(super) fn offers(&self, number: &'static str, day: u32) -> ParticipantId {
        let (line, day) =
            (self.line.number.clone(), chrono::NaiveDate::from_ymd_opt(2026, 11, day));
        self.does(move |tx| {
            let who = tx.participant_by_phone(&phone(number))?.expect("they take part").id;
            let day = day.expect("a day");
            let midnight = day.succ_opt().expect("a day").and_time(chrono::NaiveTime::MIN);
            tx.post_offer(&NewOffer {
                participant: who,
                line,
                service: company(),
                postcode: postcode(2586),
                day,
                expires_at: Timestamp::from_wall_clock(midnight),
                now: NOW,
            })?;
            Ok(who)
        })
    }

    /// Who would be asked for company in 2584, in which order, with the reason.
    pub(super) fn order(&self, from: Option<&'static str>) -> Vec<(ParticipantId, String)> {
        let line = self.line.clone();
        self.looks(move |tx| {
            let explained = tx.explain(&Asked {
                inside: false,
                line: &line,
                service: &company(),
                conditions: Conditions::default(),
                postcode: postcode(2584),
                language: Language::Nl,
                from: from.map(phone).as_ref(),
                round: 1,
                numbering: Numbering::NlFixtures,
                at: NOW,
            })?;
            let order = explained.ranking.order.iter();
            Ok(order.map(|one| (one.participant, one.in_words(Language::Nl))).collect())
        })
    }
}

#[test]
fn whoever_offers_it_today_is_asked_before_somebody_nearer_and_the_reason_says_so() {
    let town = Town::with(vec![somebody(BOS, 2584), somebody(VISSER, 2586)]);
    let visser = town.offers(VISSER, 24);
    let order = town.order(None);
    assert_eq!(order[0].0, visser);
    assert!(order[0].1.starts_with("biedt dit zelf aan op het prikbord; "), "{order:?}");
    assert!(order[1].1.starts_with("zelfde postcode; "), "{order:?}");
    let request = town.request("CA1");
    let first = town.next(&request, NOW);
    assert_eq!(rung(first).as_deref(), Some(VISSER));
    assert_eq!(rung(town.next(&request, NOW)).as_deref(), Some(BOS));
}

#[test]
fn r1_an_offer_for_another_day_or_outside_ones_own_limits_changes_nothing() {
    let town = Town::with(vec![
        somebody(BOS, 2584),
        somebody(VISSER, 2586),
        NewParticipant { max_m: 1_000, ..somebody(DIRK, 2586) },
    ]);
    town.offers(VISSER, 27);
    town.offers(DIRK, 24);
    let request = town.request("CA1");
    assert_eq!(rung(town.next(&request, NOW)).as_deref(), Some(BOS));
    assert_eq!(rung(town.next(&request, NOW)).as_deref(), Some(VISSER));
    assert_eq!(rung(town.next(&request, NOW)), None);
}

#[test]
fn for_a_request_of_friday_an_offer_of_friday_counts() {
    let town = Town::with(vec![somebody(BOS, 2584), somebody(VISSER, 2586)]);
    town.offers(VISSER, 27);
    let line = town.line.number.clone();
    let row = town.does(move |tx| {
        let request = tx.enter_web_request(&NewWebRequest {
            line,
            source: Source::Web,
            phone: phone("+31600000009"),
            service: company(),
            postcode: postcode(2584),
            language: Language::Nl,
            inside: false,
            wanted_at: Some(NOW + 72 * HOUR),
            starts_at: None,
            now: NOW,
        })?;
        tx.request(request)
    });
    assert_eq!(rung(town.next(&row.expect("a request"), NOW)).as_deref(), Some(VISSER));
}

#[test]
fn an_offer_that_was_met_by_a_call_is_taken_off_the_board() {
    let town = Town::with(vec![somebody(VISSER, 2586)]);
    let visser = town.offers(VISSER, 24);
    let request = town.request("CA1");
    let reserved = town.next(&request, NOW).expect("Visser");
    let id = request.id;
    town.does(move |tx| {
        tx.accept(id, reserved.attempt, NOW)?;
        tx.close_request(id, Outcome::Connected, NOW)?;
        tx.offer_was_met(id, NOW)
    });
    let own = town.looks(move |tx| tx.own_offers(visser, NOW));
    assert_eq!(own.iter().map(|offer| offer.answered_by).collect::<Vec<_>>(), [Some(id)]);
}
