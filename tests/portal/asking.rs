//! Asking on the web: three steps, one call, and a page that says how it stands.

use burenhulp::domain::Phone;

use super::{BOS, House, minutes_go_by, quiet_morning, rings};
use crate::house::desk::{Page, Visitor};

/// A telephone that answers, presses 1, and stays on the line.
const NOOR: &str = "+31602000001";
/// One that nobody takes part with and nobody picks up.
const NOBODYS: &str = "+31601000077";

fn asked(phone: &str) -> Vec<(&str, &str)> {
    vec![("dienst", "company"), ("postcode", "2584"), ("wanneer", "nu"), ("telefoon", phone)]
}

async fn sends(house: &House, fields: &[(&str, &str)]) -> Page {
    house.post(&Visitor::default(), "/vragen", fields).await
}

#[tokio::test]
async fn a_question_takes_three_steps_and_each_shows_what_was_said_before() {
    let house = quiet_morning().await;
    let anybody = Visitor::default();
    let page = house.get(&anybody, "/vragen").await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains("value=\"company\"") && page.body.contains("een praatje"));
    let page = house.get(&anybody, "/vragen/waar?dienst=company").await;
    assert!(page.body.contains("een praatje of een wandeling</strong>"), "{}", page.body);
    let path =
        "/vragen/nummer?dienst=company&postcode=2584&wanneer=moment&dag=2026-11-27&tijd=10:00";
    let page = house.get(&anybody, path).await;
    assert!(page.body.contains("Scheveningen-Dorp (2584)"), "{}", page.body);
    assert!(page.body.contains("vr 27 nov 10:00"), "{}", page.body);
    // Going back loses nothing.
    let back = "/vragen/waar?dienst=company&amp;postcode=2584&amp;wanneer=moment";
    assert!(page.body.replace("&#38;", "&amp;").contains(back), "{}", page.body);
}

#[tokio::test]
async fn the_telephone_is_rung_and_the_page_says_how_it_goes_until_the_two_have_spoken() {
    let mut house = quiet_morning().await;
    let sent = sends(&house, &asked("06 0200 0001")).await;
    assert_eq!(sent.status, 303, "{}", sent.body);
    let path = sent.location.unwrap();
    let anybody = Visitor::default();
    let page = house.get(&anybody, &path).await;
    assert!(page.body.contains("Wij bellen u nu"), "{}", page.body);
    assert!(!page.body.contains("0200 0001"), "the page shows no number");
    minutes_go_by(&mut house, 5).await;
    let page = house.get(&anybody, &path).await;
    assert!(page.body.contains("Gelukt: u hebt elkaar gesproken"), "{}", page.body);
    assert_eq!((rings(&house, NOOR), rings(&house, BOS)), (2, 1));
    let page = house.get(&anybody, &format!("{path}x")).await;
    assert_eq!(page.status, 404, "an address that somebody guessed");
}

#[tokio::test]
async fn whoever_no_longer_needs_it_says_so_and_nobody_is_rung() {
    let mut house = quiet_morning().await;
    let path = sends(&house, &asked(NOOR)).await.location.unwrap();
    let anybody = Visitor::default();
    let done = house.post(&anybody, &format!("{path}/niet-meer-nodig"), &[]).await;
    assert_eq!(done.location.as_deref(), Some(path.as_str()));
    minutes_go_by(&mut house, 5).await;
    assert_eq!(rings(&house, NOOR) + rings(&house, BOS), 0);
    assert!(house.get(&anybody, &path).await.body.contains("Ingetrokken"));
}

#[tokio::test]
async fn whatever_is_filled_in_wrong_has_a_word_and_nothing_is_lost() {
    let house = quiet_morning().await;
    let long = "9".repeat(500);
    for (field, value, word) in [
        ("dienst", "", "Kies wat u graag wilt."),
        ("dienst", "nonsense", "Kies wat u graag wilt."),
        ("postcode", "25", "vier cijfers"),
        ("postcode", "<script>", "vier cijfers"),
        ("postcode", "9101", "Op deze plek werken wij nog niet"),
        ("telefoon", "", "Vul uw telefoonnummer in"),
        ("telefoon", "112", "kunnen wij niet bellen"),
        ("telefoon", "0900-8844", "kunnen wij niet bellen"),
        ("telefoon", "+44 113 496 0001", "alleen Nederlandse nummers"),
        ("telefoon", "070 000 25 86", "ons eigen nummer"),
        ("telefoon", "\u{1f600}", "Dit nummer klopt niet"),
        ("telefoon", &long, "Dit nummer klopt niet"),
    ] {
        let mut fields = asked(NOOR);
        fields.retain(|(name, _)| *name != field);
        fields.push((field, value));
        let page = sends(&house, &fields).await;
        assert_eq!(page.status, 422, "{field}={value}: {}", page.body);
        assert!(page.body.contains(word), "{field}={value}: {}", page.body);
        assert!(!page.body.contains("<script>"), "{}", page.body);
        assert!(page.body.contains("company"), "{field}: what was filled in stands there still");
    }
    for (day, time, word) in [
        ("2026-11-24", "09:00", "al voorbij"),
        ("2026-11-24", "10:30", "al voorbij"),
        ("2026-11-25", "03:00", "Dan vragen wij niemand"),
        ("2029-01-01", "10:00", "twee maanden"),
        ("", "", "Kies een dag en een tijd"),
        ("2026-02-31", "10:00", "Kies een dag en een tijd"),
    ] {
        let mut fields = asked(NOOR);
        fields.retain(|(name, _)| *name != "wanneer");
        fields.extend([("wanneer", "moment"), ("dag", day), ("tijd", time)]);
        let page = sends(&house, &fields).await;
        assert!(page.status == 422 && page.body.contains(word), "{day} {time}: {}", page.body);
    }
    assert_eq!(house.count("web_question"), 0);
}

#[tokio::test]
async fn r12_a_number_is_asked_with_a_few_times_and_no_more_whoevers_it_is() {
    let mut house = quiet_morning().await;
    let mut told = Vec::new();
    for _ in 0..4 {
        told.push(sends(&house, &asked(NOBODYS)).await.status);
    }
    assert_eq!(told, [303, 303, 303, 422], "one that waits is enough, and that is told to nobody");
    minutes_go_by(&mut house, 60).await;
    assert_eq!(rings(&house, NOBODYS), 3, "three times at most");
    assert_eq!(rings(&house, BOS), 0);
}

#[tokio::test]
async fn r9_whoever_stops_after_it_was_sent_and_before_it_rings_is_not_rung() {
    let mut house = quiet_morning().await;
    let path = sends(&house, &asked(NOOR)).await.location.unwrap();
    let phone = Phone::from_stored(NOOR).unwrap();
    let now = house.app().0.exchange.now();
    let stopped = house.store().write(move |tx| tx.stop_number(&phone, "desk", now)).await;
    let stopped: Result<_, burenhulp::store::StoreError> = stopped;
    stopped.unwrap();
    minutes_go_by(&mut house, 60).await;
    assert_eq!(rings(&house, NOOR) + rings(&house, BOS), 0);
    assert_eq!(house.get(&Visitor::default(), &path).await.status, 200, "its page goes on");
}

#[tokio::test]
async fn r9_nobody_is_rung_for_the_web_who_stopped_and_a_stranger_is_told_the_same_as_of_any() {
    let mut house = quiet_morning().await;
    let phone = Phone::from_stored(BOS).unwrap();
    let now = house.app().0.exchange.now();
    let stopped = house.store().write(move |tx| tx.stop_number(&phone, "desk", now)).await;
    let stopped: Result<_, burenhulp::store::StoreError> = stopped;
    stopped.unwrap();
    // Bos stopped; at the other nobody picks up, and with the same number something is asked twice.
    let mut pages = Vec::new();
    for number in [BOS, NOBODYS, NOBODYS] {
        let sent = sends(&house, &asked(number)).await;
        assert_eq!(sent.status, 303, "{}", sent.body);
        pages.push(sent.location.unwrap());
    }
    let nothing_of_it = "SELECT count(*) FROM web_question WHERE phone = '+31700010001'";
    let kept = house.books_now().query_row(nothing_of_it, [], |row| row.get::<_, i64>(0));
    assert_eq!(kept, Ok(0), "a number that is not rung is not kept either");
    let anybody = Visitor::default();
    for (minutes, words) in
        [(0, "Wij bellen u nu"), (2, "U nam niet op"), (8, "U nam niet op"), (50, "te pakken")]
    {
        minutes_go_by(&mut house, minutes).await;
        let mut read = Vec::new();
        for path in &pages {
            let link = path.rsplit('/').next().unwrap();
            let page = house.get(&anybody, path).await;
            // When it rings again depends on how long it rang.
            read.push(page.body.replace(link, "").replace(|at: char| at.is_ascii_digit(), ""));
        }
        assert!(read[0].contains(words), "after {minutes}: {}", read[0]);
        assert!(read[0] == read[1] && read[1] == read[2], "after {minutes} they look alike");
    }
    assert_eq!((rings(&house, BOS), rings(&house, NOBODYS)), (0, 3));
}

#[tokio::test]
async fn the_desk_sees_a_question_once_it_is_confirmed_and_not_before() {
    let mut house = quiet_morning().await;
    let anneke = house.operator("Anneke", burenhulp::domain::Role::Administrator, &[], &[]).await;
    let mut fields = asked(NOOR);
    fields.retain(|(name, _)| *name != "wanneer");
    fields.extend([("wanneer", "moment"), ("dag", "2026-11-30"), ("tijd", "10:00")]);
    assert_eq!(sends(&house, &fields).await.status, 303);
    let seen = |page: Page| page.body.contains("/loket/vragen/1\"");
    assert!(!seen(house.get(&anneke, "/loket/vragen").await));
    minutes_go_by(&mut house, 5).await;
    assert!(seen(house.get(&anneke, "/loket/vragen").await));
    let page = house.get(&anneke, "/loket/vragen/1").await;
    assert!(page.body.contains("op de website"), "{}", page.body);
}

#[tokio::test]
async fn r13_in_the_evening_the_third_step_and_the_page_say_when_it_really_rings() {
    let mut house = quiet_morning().await;
    let anybody = Visitor::default();
    let path = "/vragen/nummer?dienst=company&postcode=2584&wanneer=nu";
    let by_day = house.get(&anybody, path).await;
    assert!(by_day.body.contains("Wij bellen dit nummer meteen"), "{}", by_day.body);
    let now = house.app().0.exchange.now();
    house.set_clock(now + std::time::Duration::from_secs(12 * 3600));
    let page = house.get(&anybody, path).await;
    assert!(page.body.contains("Op dit uur bellen wij niemand"), "{}", page.body);
    assert!(page.body.contains("morgen 9:00") && !page.body.contains("meteen"), "{}", page.body);
    let path = sends(&house, &asked(NOOR)).await.location.unwrap();
    let page = house.get(&anybody, &path).await;
    assert!(page.body.contains("Wij bellen u morgen 9:00"), "{}", page.body);
    minutes_go_by(&mut house, 30).await;
    assert_eq!(rings(&house, NOOR), 0);
}

#[tokio::test]
async fn r13_a_search_that_rests_for_the_night_says_from_when_it_goes_on() {
    let mut house = quiet_morning().await;
    for number in [BOS, "+31700010002"] {
        house
            .books_now()
            .execute(
                "UPDATE participant SET hours = 'Mo-Fr 09:00-09:30' WHERE phone = ?1",
                [number],
            )
            .unwrap();
    }
    let path = sends(&house, &asked(NOOR)).await.location.unwrap();
    minutes_go_by(&mut house, 5).await;
    let anybody = Visitor::default();
    let page = house.get(&anybody, &path).await;
    assert!(page.body.contains("Wij zoeken iemand bij u in de buurt"), "{}", page.body);
    minutes_go_by(&mut house, 12 * 60).await;
    let page = house.get(&anybody, &path).await;
    assert!(page.body.contains("Wij zoeken iemand vanaf morgen 9:00"), "{}", page.body);
}

#[tokio::test]
async fn whoever_is_logged_in_finds_their_postcode_and_number_filled_in_and_nobody_else_does() {
    let house = quiet_morning().await;
    let bos = house.at_home(BOS).await;
    let page = house.get(&bos, "/vragen/waar?dienst=company").await;
    assert!(page.body.contains("value=\"2584\""), "{}", page.body);
    let page = house.get(&bos, "/vragen/waar?dienst=company&postcode=2586").await;
    assert!(page.body.contains("value=\"2586\""), "what was filled in counts: {}", page.body);
    let third = "/vragen/nummer?dienst=company&postcode=2584&wanneer=nu";
    let page = house.get(&bos, third).await;
    assert!(page.body.contains("value=\"070 001 00 01\""), "{}", page.body);
    let page = house.get(&Visitor::default(), third).await;
    assert!(!page.body.contains("070 001 00 01"), "{}", page.body);
}

#[tokio::test]
async fn the_language_switch_on_a_refused_step_leads_back_to_it_with_what_was_filled_in() {
    let house = quiet_morning().await;
    let page = sends(&house, &asked("112")).await;
    assert_eq!(page.status, 422);
    let switch = page.body.split("href=\"/taal/en?van=").nth(1).unwrap().split('"').next().unwrap();
    let sent = house.get(&Visitor::default(), &format!("/taal/en?van={switch}")).await;
    let back = sent.location.unwrap();
    assert!(back.starts_with("/vragen/nummer?") && back.contains("postcode=2584"), "{back}");
    assert_eq!(house.get(&Visitor::default(), &back).await.status, 200);
}
