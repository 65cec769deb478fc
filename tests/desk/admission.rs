//! Services with special conditions in the hands of the desk: approved, seen, withdrawn; and the list
//! of what waits.

use burenhulp::domain::{Phone, Role};
use burenhulp::flow::{Files, Flows};

use burenhulp::sim::delivery::Delivery;
use burenhulp::sim::scenario::Scenario;

use super::quiet_morning;
use crate::house::House;
use crate::house::desk::Visitor;

const BOS: &str = "/loket/deelnemers/1/toelating";
const LIFT: (&str, &str) = ("dienst", "transport");

const A_DRIVER: &str = r#"
title = "Somebody who likes to drive"
at = "2026-11-24T10:00:00+01:00"
[[neighbour]]
name = "bos"
services = ["transport"]
does = "picks up after 6, presses 1, talks 30"
"#;

/// A quiet morning on which a lift asks for everything that a service can ask for.
async fn lifts_ask_for_everything() -> (House, Visitor) {
    let scenario = Scenario::read("a driver", A_DRIVER).unwrap();
    let house = House::of(&scenario, Delivery::default()).await;
    let shelf = &house.app().0.exchange.context().flows;
    let mut files: Files = serde_json::from_str(shelf.current().files()).unwrap();
    let services = files.get_mut("services.toml").unwrap();
    let lift = "id = \"transport\"\n";
    assert!(services.contains(lift));
    let asks = format!("{lift}approval = true\ncertificate = true\nmin_age = 21\n");
    *services = services.replace(lift, &asks);
    shelf.replace(Flows::read(&files).unwrap());
    let line = Phone::from_stored("+31700002586").unwrap();
    let kees = house.operator("Kees", Role::Operator, &[line], &[]).await;
    (house, kees)
}

fn changes(house: &House) -> Vec<String> {
    let books = house.books_now();
    let sql =
        "SELECT what FROM audit WHERE what NOT IN ('logged-in', 'participant-seen') ORDER BY id";
    let mut select = books.prepare(sql).unwrap();
    let rows = select.query_map([], |row| row.get(0)).unwrap();
    rows.map(Result::unwrap).collect()
}

/// The list of what waits, and of what runs out, as one text each.
async fn worklist(house: &House, who: &Visitor) -> (String, String) {
    let page = house.get(who, "/loket/toelating").await;
    assert_eq!(page.status, 200);
    let (waits, runs_out) = page.body.split_once("id=\"verloopt\"").unwrap();
    (waits.to_owned(), runs_out.to_owned())
}

#[tokio::test]
async fn r1_a_lift_waits_for_the_desk_until_everything_was_seen() {
    let (house, kees) = lifts_ask_for_everything().await;
    let (waits, runs_out) = worklist(&house, &kees).await;
    assert!(waits.contains(BOS), "{waits}");
    for needed in [
        "nog niet toegelaten door het loket",
        "het bewijs hiervoor is niet gezien",
        "niet bekend of 21 jaar of ouder",
    ] {
        assert!(waits.contains(needed), "{needed}: {waits}");
    }
    assert!(!runs_out.contains(BOS));
    let page = house.get(&kees, "/loket/deelnemers/1").await;
    assert!(page.body.contains("nog niet</span> nog niet toegelaten"), "{}", page.body);

    assert_eq!(house.post(&kees, BOS, &[LIFT]).await.status, 303);
    let seen = [LIFT, ("soort", "conduct"), ("gezien", "2026-11-20"), ("verloopt", "2027-01-10")];
    assert_eq!(house.post(&kees, &format!("{BOS}/bewijs"), &seen).await.status, 303);
    let page = house.get(&kees, BOS).await;
    assert!(page.body.contains("wordt hiervoor niet gebeld"), "the age is still missing");
    let aged = [("leeftijd", "21")];
    assert_eq!(house.post(&kees, &format!("{BOS}/leeftijd"), &aged).await.status, 303);

    let page = house.get(&kees, BOS).await;
    for told in [
        "mag hiervoor gebeld worden",
        "Toegelaten op 24 november 2026 door Kees.",
        "gezien op 20 november 2026 door Kees; geldig tot en met 10 januari 2027.",
        "21 jaar of ouder, gezien door het loket op 24 november 2026.",
    ] {
        assert!(page.body.contains(told), "{told}: {}", page.body);
    }
    let (waits, runs_out) = worklist(&house, &kees).await;
    assert!(!waits.contains(BOS), "nothing is missing: {waits}");
    assert!(runs_out.contains(BOS) && runs_out.contains("10 januari 2027"), "{runs_out}");
    assert_eq!(changes(&house), ["approved", "certificate-seen", "age-seen"]);
}

#[tokio::test]
async fn what_was_decided_is_taken_back_and_each_change_is_written_down_once() {
    let (house, mut kees) = lifts_ask_for_everything().await;
    let certificate = [LIFT, ("soort", "driving"), ("gezien", "2026-11-24"), ("verloopt", "")];
    let deeds: [(&str, &[(&str, &str)]); 6] = [
        ("", &[LIFT]),
        ("/bewijs", &certificate),
        ("/leeftijd", &[("leeftijd", "18")]),
        ("/intrekken", &[LIFT]),
        ("/bewijs-weg", &[LIFT]),
        ("/leeftijd-weg", &[]),
    ];
    for (path, form) in deeds {
        house.post(&kees, &format!("{BOS}{path}"), form).await;
        // A colleague with the same page open: said so, and not written down again.
        let page = house.post(&kees, &format!("{BOS}{path}"), form).await;
        kees.keeps(&page);
        let page = house.get(&kees, BOS).await;
        assert!(page.body.contains("Dit was al zo"), "{path}: {}", page.body);
        kees.keeps(&page);
    }
    assert_eq!(
        changes(&house),
        [
            "approved",
            "certificate-seen",
            "age-seen",
            "approval-withdrawn",
            "certificate-withdrawn",
            "age-withdrawn"
        ]
    );
    let (waits, _) = worklist(&house, &kees).await;
    assert!(waits.contains("nog niet toegelaten door het loket"), "{waits}");
    assert_eq!(house.count("age"), 0);
}

#[tokio::test]
async fn a_certificate_that_cannot_be_keeps_what_was_typed_and_nothing_else() {
    let (house, kees) = lifts_ask_for_everything().await;
    let typed = [LIFT, ("soort", "driving"), ("gezien", "2026-11-25"), ("verloopt", "2020-01-01")];
    let page = house.post(&kees, &format!("{BOS}/bewijs"), &typed).await;
    assert_eq!(page.status, 422);
    for kept in [
        "value=\"driving\" selected",
        "value=\"2026-11-25\"",
        "value=\"2020-01-01\"",
        "id=\"fout-gezien\">Vandaag of een dag",
        "id=\"fout-verloopt\">Vandaag of later",
    ] {
        assert!(page.body.contains(kept), "{kept}: {}", page.body);
    }
    assert!(changes(&house).is_empty() && house.count("admission") == 0);
    // A service that they do not offer, an age that nobody asks for.
    let other = [("dienst", "no-such-thing")];
    house.post(&kees, BOS, &other).await;
    let page = house.post(&kees, &format!("{BOS}/leeftijd"), &[("leeftijd", "99")]).await;
    assert_eq!(page.status, 404);
    assert!(changes(&house).is_empty() && house.count("admission") == 0);
}

#[tokio::test]
async fn nothing_is_asked_where_no_service_asks_for_anything() {
    let house = quiet_morning().await;
    let anneke = house.operator("Anneke", Role::Administrator, &[], &[]).await;
    let page = house.get(&anneke, "/loket/toelating").await;
    assert!(page.body.contains("Geen enkele dienst vraagt iets bijzonders"), "{}", page.body);
    let page = house.get(&anneke, BOS).await;
    assert!(page.body.contains("is geen toelating nodig"), "{}", page.body);
}
