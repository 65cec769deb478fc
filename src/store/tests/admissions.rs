//! Services with special conditions, limits of one offer, and people who never answer.

use super::*;
use crate::dispatch::choose::PassedOver;
use crate::domain::{CertificateKind, Conditions, OperatorId, ParticipantId, Role};

const BY: OperatorId = OperatorId(1);
const LICENCE: Conditions = Conditions { approval: true, certificate: true, min_age: 18 };

fn who(town: &Town, number: &str) -> ParticipantId {
    let number = phone(number);
    town.does(move |tx| tx.participant_by_phone(&number)).expect("known").id
}

fn vog(expires: Option<Timestamp>) -> NewCertificate {
    NewCertificate { kind: CertificateKind::Conduct, seen_at: NOW, expires }
}

/// Bos, and an operator who may decide about him.
fn town() -> (Town, ParticipantId) {
    let town = Town::with(vec![somebody(BOS, 2584)]);
    let anneke = NewOperator {
        name: "anneke".into(),
        role: Role::Operator,
        password: "no hash".into(),
        password_given: false,
        lines: vec![],
        areas: vec![],
    };
    let added = town.does(move |tx| Ok(tx.add_operator(&anneke, NOW).ok()));
    assert!(added.is_some_and(|id| id == BY));
    let bos = who(&town, BOS);
    (town, bos)
}

/// Why Bos is not rung for the service under these conditions; `None`: he is.
fn why_not(town: &Town, conditions: Conditions, at: Timestamp) -> Option<PassedOver> {
    let (line, service) = (town.line.clone(), company());
    let explained = town.looks(move |tx| {
        tx.explain(&Asked {
            inside: false,
            line: &line,
            service: &service,
            conditions,
            postcode: postcode(2584),
            language: Language::Nl,
            from: None,
            round: 1,
            numbering: Numbering::NlFixtures,
            at,
        })
    });
    explained.ranking.passed_over.first().map(|(_, why)| *why)
}

#[test]
fn approval_certificate_and_age_are_asked_for_one_after_another() {
    let (town, bos) = town();
    assert_eq!(why_not(&town, Conditions::default(), NOW), None);
    assert_eq!(why_not(&town, LICENCE, NOW), Some(PassedOver::NotApproved));
    town.does(move |tx| tx.approve(bos, &company(), true, BY, NOW));
    assert_eq!(why_not(&town, LICENCE, NOW), Some(PassedOver::NoCertificate));
    let expires = NOW + 24 * HOUR;
    town.does(move |tx| tx.certificate_seen(bos, &company(), vog(Some(expires)), BY));
    assert_eq!(why_not(&town, LICENCE, NOW), Some(PassedOver::AgeNotKnown(18)));
    town.does(move |tx| tx.age_known(bos, 18, AgeKnownBy::Said, NOW));
    assert_eq!(why_not(&town, LICENCE, NOW), None);
    assert_eq!(why_not(&town, LICENCE, expires), Some(PassedOver::CertificateExpired(expires)));
    town.does(move |tx| tx.approve(bos, &company(), false, BY, NOW));
    assert_eq!(why_not(&town, LICENCE, NOW), Some(PassedOver::NotApproved));
}

#[test]
fn r1_whoever_does_not_meet_the_conditions_is_not_rung() {
    let (town, bos) = town();
    let ring = |request: Request| {
        let line = town.line.clone();
        rung(town.does(move |tx| {
            tx.reserve_next(&NextAsk {
                conditions: LICENCE,
                request: &request,
                line: &line,
                round: 1,
                ringing_hours_open: true,
                numbering: Numbering::NlFixtures,
                now: NOW,
            })
        }))
    };
    assert_eq!(ring(town.request("CA1")), None);
    town.does(move |tx| {
        tx.approve(bos, &company(), true, BY, NOW)?;
        tx.certificate_seen(bos, &company(), vog(None), BY)?;
        tx.age_known(bos, 21, AgeKnownBy::Seen, NOW)
    });
    assert_eq!(ring(town.request("CA2")).as_deref(), Some(BOS));
}

#[test]
fn an_age_that_was_seen_is_not_made_less_by_what_is_said() {
    let (town, bos) = town();
    town.does(move |tx| {
        tx.age_known(bos, 21, AgeKnownBy::Seen, NOW)?;
        tx.age_known(bos, 18, AgeKnownBy::Said, NOW)
    });
    let at = |min_age| Conditions { min_age, ..Conditions::default() };
    assert_eq!(why_not(&town, at(21), NOW), None);
    assert_eq!(why_not(&town, at(22), NOW), Some(PassedOver::AgeNotKnown(22)));
}

#[test]
fn the_limits_of_an_offer_go_before_the_persons_own_and_outlive_a_change_of_address() {
    let (town, bos) = town();
    town.does(move |tx| tx.limit_offer(bos, &company(), Some(500), Some(3_000)));
    assert_eq!(why_not(&town, Conditions::default(), NOW), Some(PassedOver::TooNear));
    assert_eq!(rung(town.next(&town.request("CA1"), NOW)), None);
    // The next postcode is more than half a kilometre on.
    town.does(|tx| tx.put_participant(&somebody(BOS, 2586), NOW).map(|_| ()));
    assert_eq!(why_not(&town, Conditions::default(), NOW), None);
    town.does(move |tx| tx.limit_offer(bos, &company(), None, Some(100)));
    assert_eq!(why_not(&town, Conditions::default(), NOW), Some(PassedOver::TooFar));
}

#[test]
fn after_five_unanswered_rings_in_a_row_somebody_rests_until_they_are_in_touch() {
    let (town, bos) = town();
    let mut at = NOW;
    let mut ring = |n: u32, result| {
        at = at + 48 * HOUR;
        let held = town.next(&town.request(&format!("CA{n}")), at);
        let rang = held.is_some();
        if let Some(held) = held {
            town.ends(&held, result, at);
        }
        (rang, at)
    };
    for n in 0..4 {
        assert!(ring(n, AttemptResult::NoAnswer).0, "ring {n}");
    }
    assert!(ring(4, AttemptResult::Declined).0, "a no is an answer: counted from nothing again");
    for n in 5..10 {
        assert!(ring(n, AttemptResult::Voicemail).0, "ring {n}");
    }
    let (rang, then) = ring(10, AttemptResult::NoAnswer);
    assert!(!rang, "five in a row");
    let later = then + 24 * 365 * HOUR;
    assert_eq!(why_not(&town, Conditions::default(), later), Some(PassedOver::NeverAnswers));
    town.does(move |tx| tx.in_touch(bos, later));
    assert!(town.next(&town.request("CA11"), later).is_some(), "in touch, and still taking part");
}

#[test]
fn what_was_seen_reads_back_and_is_withdrawn() {
    let (town, bos) = town();
    let read = |town: &Town| town.looks(move |tx| tx.admissions(bos));
    assert_eq!(read(&town), Admissions::default());
    town.does(move |tx| {
        tx.approve(bos, &company(), true, BY, NOW)?;
        tx.certificate_seen(bos, &company(), vog(None), BY)?;
        tx.age_known(bos, 18, AgeKnownBy::Said, NOW)
    });
    let seen = read(&town);
    let company_seen = seen.seen(&company()).expect("written down");
    assert_eq!(company_seen.approved, Some((NOW, "anneke".into())));
    let certificate = company_seen.certificate.as_ref().expect("seen");
    assert_eq!((certificate.kind, certificate.by.as_str()), (CertificateKind::Conduct, "anneke"));
    assert_eq!(seen.of(&company()).lacks(LICENCE, NOW).count(), 0);
    town.does(move |tx| {
        tx.approve(bos, &company(), false, BY, NOW)?;
        tx.certificate_withdrawn(bos, &company())?;
        tx.age_withdrawn(bos)
    });
    let why: Vec<PassedOver> = read(&town).of(&company()).lacks(LICENCE, NOW).collect();
    let all = [PassedOver::NotApproved, PassedOver::NoCertificate, PassedOver::AgeNotKnown(18)];
    assert_eq!(why, all);
}
