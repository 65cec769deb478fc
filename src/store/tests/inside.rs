//! Company beyond the door: who is chosen when it is asked for.

use super::*;
use crate::dispatch::choose::PassedOver;
use crate::domain::{OtherPlace, ParticipantId};

impl Town {
    fn known(&self, number: &str) -> ParticipantId {
        let number = phone(number);
        self.does(move |tx| tx.participant_by_phone(&number)).expect("takes part").id
    }

    /// Whoever does company also goes inside, or not.
    fn goes_inside(&self, number: &str, inside: bool) {
        let who = self.known(number);
        let offer = OwnOffer { service: company(), min_m: None, max_m: None, inside };
        self.does(move |tx| tx.limit_offers(who, &[offer]));
    }

    /// Somebody asks for company inside, on the web.
    fn asks_inside(&self) -> Request {
        let line = self.line.number.clone();
        self.does(move |tx| {
            let request = tx.enter_web_request(&NewWebRequest {
                line,
                source: Source::Web,
                phone: phone("+31602000001"),
                service: company(),
                postcode: postcode(2584),
                language: Language::Nl,
                inside: true,
                wanted_at: None,
                starts_at: None,
                now: NOW,
            })?;
            Ok(tx.request(request)?.expect("it was entered"))
        })
    }
}

#[test]
fn only_who_goes_inside_is_chosen_and_everybody_else_is_told_apart() {
    let town = Town::with(vec![somebody(BOS, 2584), somebody(VISSER, 2586)]);
    town.goes_inside(VISSER, true);
    let request = town.asks_inside();
    let (id, line) = (request.id, town.line.clone());
    let explained = town.looks(move |tx| {
        let conditions = |_: &ServiceId| Conditions::default();
        tx.explain_request(id, &line, 1, Numbering::NlFixtures, NOW, &conditions)
    });
    let ranking = explained.expect("a request").ranking;
    assert_eq!(ranking.passed_over, [(town.known(BOS), PassedOver::NotInside)]);
    assert!(ranking.order[0].in_words(Language::Nl).contains("gaat mee naar binnen"));
    assert_eq!(rung(town.next(&request, NOW)).as_deref(), Some(VISSER));
    assert_eq!(rung(town.next(&request, NOW)), None);
}

#[test]
fn whoever_goes_inside_does_so_at_every_place_and_after_moving_house() {
    let work = OtherPlace { postcode: postcode(2586), services: vec![company()] };
    let at_work = || NewParticipant { elsewhere: vec![work.clone()], ..somebody(BOS, 9101) };
    let town = Town::with(vec![somebody(BOS, 2586)]);
    town.goes_inside(BOS, true);
    let moved = at_work();
    town.does(move |tx| tx.put_participant(&moved, NOW).map(|_| ()));
    let bos = town.known(BOS);
    let offers = town.looks(move |tx| tx.offers_with_limits(bos));
    assert!(offers[0].inside, "an import says nothing of it, and it stays");
    assert_eq!(rung(town.next(&town.asks_inside(), NOW)).as_deref(), Some(BOS));
    town.goes_inside(BOS, false);
    assert_eq!(rung(town.next(&town.asks_inside(), NOW + 48 * HOUR)), None);
}

#[test]
fn somebody_who_may_be_rung_once_more_is_found_where_they_do_it() {
    let work = OtherPlace { postcode: postcode(2584), services: vec![company()] };
    let town = Town::with(vec![NewParticipant {
        elsewhere: vec![work],
        services: Vec::new(),
        ..somebody(BOS, 9101)
    }]);
    let request = town.request("CA1");
    let first = town.next(&request, NOW).expect("near work");
    town.ends(&first, AttemptResult::NotJoined, NOW);
    let (line, asked) = (town.line.clone(), request.clone());
    let again = town.does(move |tx| {
        let next = NextAsk {
            conditions: Conditions::default(),
            request: &asked,
            line: &line,
            round: 1,
            ringing_hours_open: true,
            numbering: Numbering::NlFixtures,
            now: NOW,
        };
        tx.reserve_again(&next, first.attempt)
    });
    assert_eq!(rung(again).as_deref(), Some(BOS));
}
