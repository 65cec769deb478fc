//! Every address, held against nobody and against somebody who takes part.

use burenhulp::domain::Phone;
use burenhulp::web::portal::{Access, known_routes};

use super::{BOS, quiet_morning};
use crate::house::House;
use crate::house::desk::{Page, Visitor};

/// A path with something in the place of what varies.
fn filled(path: &str) -> String {
    let part = |part: &str| if part.starts_with('{') { "1".to_owned() } else { part.to_owned() };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

#[tokio::test]
async fn what_is_for_those_who_take_part_is_refused_to_everybody_else() {
    let house = quiet_morning().await;
    let (nobody, bos) = (Visitor::default(), house.at_home(BOS).await);
    let mut looked = 0;
    for (method, path, access) in known_routes() {
        if *access != Access::Participant {
            continue;
        }
        let path = filled(path);
        looked += 1;
        match method.as_str() {
            "GET" => {
                let page = house.get(&nobody, &path).await;
                assert_eq!(page.status, 303, "{path} is shown to nobody");
                assert!(page.location.unwrap().starts_with("/mijn/inloggen"), "{path}");
                let page = house.get(&bos, &path).await;
                assert!(page.status < 500 && page.status != 401, "{path}: {}", page.status);
            }
            _ => {
                let page = house.post(&nobody, &path, &[]).await;
                assert_eq!(page.status, 401, "{method} {path} is done for nobody");
                assert!(page.body.contains("niet meer ingelogd"), "{path}: {}", page.body);
                // Without the session's key.
                let keyless = Visitor { key: String::new(), ..bos.clone() };
                let page = house.post(&keyless, &path, &[]).await;
                assert_eq!(page.status, 403, "{method} {path} without the key");
                assert!(page.body.contains("verlopen"), "{path}: {}", page.body);
            }
        }
    }
    assert!(looked > 0);
}

#[tokio::test]
async fn no_form_is_taken_from_another_site() {
    let house = quiet_morning().await;
    let bos = house.at_home(BOS).await;
    for (method, path, _) in known_routes() {
        if method.as_str() != "POST" {
            continue;
        }
        for sign in [("sec-fetch-site", "cross-site"), ("origin", "https://elsewhere.example")] {
            let asked = axum::http::Request::post(filled(path)).header(sign.0, sign.1);
            let page = house.send(asked, &bos, &[("csrf", &bos.key)]).await;
            assert_eq!(page.status, 403, "{path}");
            assert!(page.body.contains("van een andere website"), "{path}: {}", page.body);
        }
    }
}

#[tokio::test]
async fn every_answer_says_how_it_is_to_be_handled() {
    let house = quiet_morning().await;
    let (nobody, bos) = (Visitor::default(), house.at_home(BOS).await);
    for page in [
        house.get(&nobody, "/").await,
        house.get(&bos, "/mijn").await,
        house.get(&nobody, "/mijn/nergens").await,
        house.post(&nobody, "/mijn/uitloggen", &[]).await,
    ] {
        let header = |name| page.headers.get(name).map(|value| value.to_str().unwrap());
        let policy = header("content-security-policy").unwrap();
        assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
        assert_eq!(header("cache-control"), Some("no-store"));
        assert_eq!(header("x-content-type-options"), Some("nosniff"));
        assert_eq!(header("referrer-policy"), Some("same-origin"));
        for inline in ["<style", "style=", "onclick", "<script>"] {
            assert!(!page.body.contains(inline), "{inline} in {}", page.body);
        }
        // Help stands in the same place on every page (WCAG 3.2.6).
        assert!(page.body.contains(r#"<a href="tel:+31700002586">070 000 25 86</a>"#));
    }
    assert_eq!(house.get(&nobody, "/mijn/nergens").await.status, 404);
    assert_eq!(house.get(&nobody, "/mijn/").await.location.as_deref(), Some("/mijn"));
}

#[tokio::test]
async fn the_first_page_tells_anybody_the_number_and_what_it_is_for() {
    let house = quiet_morning().await;
    let page = house.get(&Visitor::default(), "/").await;
    assert_eq!(page.status, 200);
    for told in
        ["070 000 25 86", "boodschappen", "Scheveningen", "Toets 0.", "van negen tot vijf uur"]
    {
        assert!(page.body.contains(told), "{told} in {}", page.body);
    }
    assert!(!page.body.contains("/demo"), "only the demo leads to its telephones");
}

#[tokio::test]
async fn a_language_is_chosen_once_for_all_pages() {
    let house = quiet_morning().await;
    let mut anybody = Visitor::default();
    assert!(house.get(&anybody, "/").await.body.contains("<html lang=\"nl\">"));
    let page = house.get(&anybody, "/taal/en?van=/mijn/nergens").await;
    assert_eq!(page.location.as_deref(), Some("/mijn/nergens"));
    anybody.keeps(&page);
    for path in ["/", "/mijn/nergens", "/loket/inloggen"] {
        assert!(house.get(&anybody, path).await.body.contains("<html lang=\"en\">"), "{path}");
    }
    let page = house.get(&anybody, "/taal/fr").await;
    assert_eq!(page.status, 404);
}

#[tokio::test]
async fn whoever_logs_out_is_out() {
    let house = quiet_morning().await;
    let bos = house.at_home(BOS).await;
    assert_eq!(house.get(&bos, "/mijn").await.status, 200);
    let page = house.post(&bos, "/mijn/uitloggen", &[]).await;
    assert_eq!((page.status, page.location.as_deref()), (303, Some("/")));
    let page = house.get(&bos, "/mijn").await;
    assert_eq!(page.status, 401);
    assert!(page.body.contains("U bent niet meer ingelogd"), "{}", page.body);
}

#[tokio::test]
async fn a_session_is_over_after_an_hour_without_a_click_and_after_twelve_hours() {
    let house = quiet_morning().await;
    let minute = std::time::Duration::from_secs(60);
    let began = house.app().0.exchange.now();
    let (idle, busy) = (house.at_home(BOS).await, house.at_home(BOS).await);
    for minutes in (50..12 * 60).step_by(50) {
        house.set_clock(began + minute * minutes);
        assert_eq!(house.get(&busy, "/mijn").await.status, 200, "after {minutes} minutes");
    }
    assert_eq!(house.get(&idle, "/mijn").await.status, 401);
    house.set_clock(began + minute * 12 * 60);
    assert_eq!(house.get(&busy, "/mijn").await.status, 401, "a whole half day");
}

#[tokio::test]
async fn r9_whoever_stops_is_logged_out_in_the_same_transaction() {
    let house = quiet_morning().await;
    let bos = house.at_home(BOS).await;
    let now = house.app().0.exchange.now();
    let phone = Phone::from_stored(BOS).unwrap();
    house.store().write(move |tx| tx.stop_number(&phone, "phone", now)).await.unwrap();
    assert_eq!(house.get(&bos, "/mijn").await.status, 401);
    assert_eq!(house.count("own_session"), 0);
}

/// Presses the language switch of a page; the page that it leads to.
async fn in_english(house: &House, who: &Visitor, page: &Page) -> Page {
    let switch = page.body.split("href=\"/taal/en").nth(1).unwrap().split('"').next().unwrap();
    let sent = house.get(who, &format!("/taal/en{}", switch.replace("&#38;", "&"))).await;
    let mut turned = who.clone();
    turned.keeps(&sent);
    house.get(&turned, &sent.location.unwrap()).await
}

#[tokio::test]
async fn the_language_switch_on_a_form_that_was_refused_leads_to_its_page_and_says_that_it_is_empty()
 {
    let house = quiet_morning().await;
    let bos = house.at_home(BOS).await;
    let anybody = Visitor::default();
    for (who, to, title) in [
        (&anybody, "/meedoen", "Take part"),
        (&anybody, "/mijn/inloggen", "To your own page"),
        (&anybody, "/mijn/inloggen/code", "We are ringing you now"),
        (&bos, "/mijn/plekken/erbij", "Where you do something"),
        (&bos, "/mijn/tijden", "When we ring you"),
        (&bos, "/mijn/mij", "About you"),
        (&bos, "/mijn/pauze", "A pause"),
        (&bos, "/mijn/nummer", "Another number"),
        (&bos, "/mijn/nummer/code", "We are ringing your new number"),
        (&bos, "/mijn/prikbord/aanbod", "The board of the neighbourhood"),
    ] {
        let refused = house.post(who, to, &[("postcode", "25"), ("dag", "5"), ("week", "1")]).await;
        assert_eq!(refused.status, 422, "{to}: {}", refused.body);
        let page = in_english(&house, who, &refused).await;
        assert_eq!(page.status, 200, "{to}");
        assert!(page.body.contains(&format!("<h1>{title}")), "{to}: {}", page.body);
        assert!(page.body.contains("What you filled in was not kept"), "{to}: {}", page.body);
    }
    // Without a form nothing was filled in; nor is there anything left of one that was taken.
    let page = in_english(&house, &bos, &house.get(&bos, "/mijn/pauze").await).await;
    assert!(page.body.contains("<h1>A pause") && !page.body.contains("not kept"), "{}", page.body);
    let stopped = house.post(&bos, "/mijn/stoppen", &[]).await;
    let page = in_english(&house, &anybody, &stopped).await;
    assert!(page.status == 200 && !page.body.contains("not kept"), "{}", page.body);
}

#[tokio::test]
async fn whoever_logs_in_in_the_other_language_still_comes_to_the_page_that_they_wanted() {
    let house = quiet_morning().await;
    let anybody = Visitor::default();
    for to in ["/mijn/inloggen", "/mijn/inloggen/code"] {
        let refused = house.post(&anybody, to, &[("naar", "/mijn/tijden")]).await;
        let page = in_english(&house, &anybody, &refused).await;
        let kept = "name=\"naar\" value=\"/mijn/tijden\"";
        assert!(page.status == 200 && page.body.contains(kept), "{to}: {}", page.body);
    }
}
