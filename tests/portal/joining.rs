//! Signing up on the web.

use super::{BOS, minutes_go_by, quiet_morning, rings};
use crate::house::House;
use crate::house::desk::{Page, Visitor};

const NOOR: &str = "+31602000001";

/// A form that is filled in well.
const WELL: [(&str, &str); 7] = [
    ("nummer", "0602 000 001"),
    ("postcode", "2584"),
    ("doe", "dog"),
    ("doe", "company"),
    ("vraag", "groceries"),
    ("tijd", "week-ochtend"),
    ("akkoord", "ja"),
];

async fn signs_up(house: &House, form: &[(&str, &str)]) -> Page {
    house.post(&Visitor::default(), "/meedoen", form).await
}

/// The form with one field otherwise.
fn but(name: &'static str, value: &'static str) -> Vec<(&'static str, &'static str)> {
    let mut form: Vec<_> = WELL.into_iter().filter(|(field, _)| *field != name).collect();
    if !value.is_empty() {
        form.push((name, value));
    }
    form
}

#[tokio::test]
async fn somebody_signs_up_is_rung_presses_1_and_takes_part() {
    let mut house = quiet_morning().await;
    let page = signs_up(&house, &WELL).await;
    assert!(page.status == 200 && page.body.contains("Wij bellen u nu"), "{}", page.body);
    minutes_go_by(&mut house, 5).await;
    assert_eq!(rings(&house, NOOR), 1);
    let noor = house.at_home(NOOR).await;
    let page = house.get(&noor, "/mijn").await;
    assert_eq!(page.status, 200, "verified: they are let in");
    for told in ["uitlaten van de hond", "van maandag tot en met vrijdag, van negen tot twaalf uur"]
    {
        assert!(page.body.contains(told), "{told}: {}", page.body);
    }
}

#[tokio::test]
async fn a_number_that_takes_part_already_gets_the_same_answer_and_is_not_changed() {
    let mut house = quiet_morning().await;
    let known = but("nummer", "0700010001");
    let (new, known) = (signs_up(&house, &WELL).await, signs_up(&house, &known).await);
    assert_eq!((new.status, new.body), (known.status, known.body));
    minutes_go_by(&mut house, 5).await;
    assert_eq!(rings(&house, BOS), 0);
    let bos = house.at_home(BOS).await;
    let page = house.get(&bos, "/mijn").await;
    assert!(!page.body.contains("twaalf uur"), "their hours are as before: {}", page.body);
}

#[tokio::test]
async fn what_is_wrong_stands_beside_the_field_and_what_was_typed_is_kept() {
    let house = quiet_morning().await;
    for (form, word) in [
        (but("nummer", "112"), "gewoon vast of mobiel"),
        (but("nummer", "+44 7700 900000"), "alleen Nederlandse"),
        (but("nummer", "070 000 25 86"), "ons eigen nummer"),
        (but("postcode", "25"), "vier cijfers van uw postcode"),
        (but("postcode", "9999"), "Op deze plek werken wij nog niet"),
        (but("tijd", ""), "Zo kunnen wij u nooit bellen"),
        (but("tijd", "altijd"), "Zo kunnen wij u nooit bellen"),
        (but("akkoord", ""), "Zet hier een vinkje"),
    ] {
        let page = signs_up(&house, &form).await;
        assert_eq!(page.status, 422, "{word}");
        assert!(page.body.contains(word), "{word}: {}", page.body);
        assert!(page.body.contains("value=\"dog\" checked"), "kept: {}", page.body);
    }
    let nothing: Vec<_> =
        WELL.into_iter().filter(|(field, _)| !["doe", "vraag"].contains(field)).collect();
    let page = signs_up(&house, &nothing).await;
    assert!(page.body.contains("Kies iets wat u graag doet"), "{}", page.body);
    let page = signs_up(&house, &[]).await;
    for word in [
        "Vul uw telefoonnummer in",
        "vier cijfers van uw postcode",
        "Kies iets wat u graag doet",
        "Zo kunnen wij u nooit bellen",
        "Zet hier een vinkje",
    ] {
        assert!(page.body.contains(word), "all at once: {word}");
    }
    assert!(page.body.contains("aria-describedby=\"fout-nummer\" autofocus"), "{}", page.body);
    assert_eq!(house.count("sign_up"), 0);
}

#[tokio::test]
async fn the_same_form_again_is_one_sign_up() {
    let mut house = quiet_morning().await;
    for _ in 0..3 {
        assert_eq!(signs_up(&house, &WELL).await.status, 200);
    }
    let slowed = signs_up(&house, &WELL).await;
    assert_eq!(slowed.status, 429, "and slowed down");
    assert!(slowed.body.contains("value=\"0602 000 001\""), "kept: {}", slowed.body);
    assert_eq!(house.count("sign_up"), 1);
    minutes_go_by(&mut house, 5).await;
    assert_eq!(rings(&house, NOOR), 1);
}

#[tokio::test]
async fn signing_up_asks_six_things_at_the_most() {
    let house = quiet_morning().await;
    let page = house.get(&Visitor::default(), "/meedoen").await.body;
    let form = page.split("action=\"/meedoen\"").nth(1).unwrap().split("</form>").next().unwrap();
    let names = form.split(" name=\"").skip(1).map(|rest| rest.split('"').next().unwrap());
    let asked: std::collections::BTreeSet<&str> = names.collect();
    let six = ["akkoord", "doe", "nummer", "postcode", "tijd", "vraag"];
    assert_eq!(asked.into_iter().collect::<Vec<_>>(), six);
}
