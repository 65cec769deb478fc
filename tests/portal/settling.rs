//! What somebody settles for themselves.

use burenhulp::domain::Phone;
use rusqlite::Connection;

use super::{BOS, codes_heard, minutes_go_by, quiet_morning, rings};
use crate::house::House;
use crate::house::desk::{Page, Visitor};

const FATIMA: &str = "+31700010002";
const NOOR: &str = "+31602000001";

/// Sends a form, and gives the page that it leads to.
async fn sets(house: &House, who: &mut Visitor, path: &str, form: &[(&str, &str)]) -> Page {
    let page = house.post(who, path, form).await;
    who.keeps(&page);
    match page.location.clone() {
        Some(on) => house.get(who, &on).await,
        None => page,
    }
}

fn one(books: &Connection, sql: &str) -> String {
    books.query_row(sql, [], |row| row.get(0)).unwrap()
}

#[tokio::test]
async fn a_week_that_is_ticked_is_stored_as_hours_and_read_back_as_a_sentence() {
    let house = quiet_morning().await;
    let mut bos = house.at_home(BOS).await;
    let form = [
        ("tijd", "0-ochtend"),
        ("tijd", "0-middag"),
        ("tijd", "5-avond"),
        ("feestdagen", "niet"),
        ("dag", "1"),
        ("week", "3"),
    ];
    let page = sets(&house, &mut bos, "/mijn/tijden", &form).await;
    let told = "op maandag, van negen tot vijf uur; op zaterdag, van vijf uur &#39;s middags tot negen uur &#39;s avonds; niet op feestdagen";
    assert!(page.body.contains(told), "{}", page.body);
    assert!(page.body.contains("value=\"0-ochtend\" checked"), "{}", page.body);
    assert!(!page.body.contains("value=\"1-ochtend\" checked"), "{}", page.body);
    let chosen = |page: &str, field: &str| -> String {
        let select = page.split(&format!("name=\"{field}\">")).nth(1).unwrap();
        let before = select.split(" selected").next().unwrap();
        before.rsplit("value=\"").next().unwrap().trim_end_matches('"').to_owned()
    };
    let again = house.get(&bos, "/mijn/tijden").await.body;
    assert_eq!(
        (chosen(&again, "dag"), chosen(&again, "week")),
        ("1".into(), "3".into()),
        "{again}"
    );
    let sql = "SELECT hours || ' | ' || max_per_day || ' ' || max_per_week FROM participant
               WHERE phone = '+31700010001'";
    assert_eq!(one(&house.books_now(), sql), "Mo 09:00-17:00; Sa 17:00-21:00; PH off | 1 3");
}

#[tokio::test]
async fn hours_that_never_open_are_refused_with_a_way_to_a_pause() {
    let house = quiet_morning().await;
    let mut bos = house.at_home(BOS).await;
    let ticked = [("tijd", "0-ochtend"), ("dag", "2"), ("week", "4")];
    sets(&house, &mut bos, "/mijn/tijden", &ticked).await;
    let sql = "SELECT hours FROM participant WHERE phone = '+31700010001'";
    let before = one(&house.books_now(), sql);
    for form in
        [vec![("dag", "2"), ("week", "4")], vec![("tijd", "7-ochtend"), ("tijd", "0-nacht")]]
    {
        let page = sets(&house, &mut bos, "/mijn/tijden", &form).await;
        assert_eq!(page.status, 422);
        assert!(page.body.contains("Zo kunnen wij u nooit bellen"), "{}", page.body);
        assert!(page.body.contains("href=\"/mijn/pauze\""), "{}", page.body);
    }
    let more = [("tijd", "0-ochtend"), ("dag", "5"), ("week", "1")];
    let page = sets(&house, &mut bos, "/mijn/tijden", &more).await;
    assert!(page.status == 422 && page.body.contains("minstens zo vaak"), "{}", page.body);
    assert_eq!(one(&house.books_now(), sql), before, "nothing was changed");
}

#[tokio::test]
async fn hours_that_were_written_by_hand_stay_until_something_is_ticked() {
    let house = quiet_morning().await;
    let mut bos = house.at_home(BOS).await;
    let by_hand = "Mo 10:30-11:15";
    house.books_now().execute("UPDATE participant SET hours = ?1", [by_hand]).unwrap();
    let page = house.get(&bos, "/mijn/tijden").await;
    assert!(page.body.contains("passen niet in de vakjes"), "{}", page.body);
    sets(&house, &mut bos, "/mijn/tijden", &[("dag", "1"), ("week", "2")]).await;
    let sql = "SELECT hours || max_per_day FROM participant WHERE phone = '+31700010001'";
    assert_eq!(one(&house.books_now(), sql), format!("{by_hand}1"));
}

#[tokio::test]
async fn a_service_has_its_own_limits_beside_the_general_ones() {
    let house = quiet_morning().await;
    let mut bos = house.at_home(BOS).await;
    let form = [
        ("dichtbij", "500"),
        ("ver", "5000"),
        ("dienst", "dog"),
        ("dienst", "transport"),
        ("ver-transport", "20000"),
        ("dienst", "flying"),
    ];
    let page = sets(&house, &mut bos, "/mijn/aanbod", &form).await;
    assert!(page.body.contains("Bewaard."), "{}", page.body);
    let sql = "SELECT group_concat(o.service || coalesce(o.min_m, '-') || coalesce(o.max_m, '-'), ' ')
                 || ' ' || p.min_m || ' ' || p.max_m
               FROM (SELECT * FROM offer ORDER BY service) o JOIN participant p ON p.id = o.participant
               WHERE p.phone = '+31700010001'";
    assert_eq!(one(&house.books_now(), sql), "dog-- transport-20000 500 5000");
    let odd = [("dichtbij", "500"), ("ver", "5000"), ("dienst", "dog"), ("dichtbij-dog", "20000")];
    let page = sets(&house, &mut bos, "/mijn/aanbod", &odd).await;
    assert!(
        page.status == 422 && page.body.contains("het uitlaten van de hond: de grootste"),
        "{}",
        page.body
    );
    assert_eq!(one(&house.books_now(), sql), "dog-- transport-20000 500 5000");
}

#[tokio::test]
async fn what_they_would_like_to_ask_is_changed_beside_what_they_do() {
    let house = quiet_morning().await;
    let mut bos = house.at_home(BOS).await;
    let form = [
        ("dichtbij", "0"),
        ("ver", "5000"),
        ("dienst", "dog"),
        ("vraag", "odd-job"),
        ("vraag", "digital"),
        ("vraag", "flying"),
    ];
    let page = sets(&house, &mut bos, "/mijn/aanbod", &form).await;
    for ticked in ["name=\"vraag\" value=\"odd-job\" checked", "value=\"digital\" checked"] {
        assert!(page.body.contains(ticked), "{ticked}: {}", page.body);
    }
    let sql = "SELECT coalesce(group_concat(service, ' '), '-') FROM would_like";
    assert_eq!(one(&house.books_now(), sql), "digital odd-job");
    let page = house.get(&bos, "/mijn").await;
    assert!(page.body.contains("een klusje thuis"), "{}", page.body);
    // What is not ticked any more is over; what they do is another matter.
    sets(&house, &mut bos, "/mijn/aanbod", &form[..4]).await;
    assert_eq!(one(&house.books_now(), sql), "odd-job");
    sets(&house, &mut bos, "/mijn/aanbod", &form[..3]).await;
    assert_eq!(one(&house.books_now(), sql), "-");
    assert_eq!(
        one(
            &house.books_now(),
            "SELECT group_concat(service) FROM offer o
        JOIN participant p ON p.id = o.participant WHERE p.phone = '+31700010001'"
        ),
        "dog"
    );
}

/// What Bos does where.
fn offers_of_bos(house: &House) -> String {
    let sql = "SELECT coalesce(group_concat(service || '@' || postcode || coalesce('<' || max_m, ''), ' '), '-')
               FROM (SELECT o.* FROM offer o JOIN participant p ON p.id = o.participant
                     WHERE p.phone = '+31700010001' ORDER BY o.postcode, o.service)";
    one(&house.books_now(), sql)
}

#[tokio::test]
async fn what_somebody_does_at_home_they_may_do_near_their_work_too() {
    let house = quiet_morning().await;
    let mut bos = house.at_home(BOS).await;
    let form = [
        ("dichtbij", "0"),
        ("ver", "5000"),
        ("dienst", "dog"),
        ("dienst", "company"),
        ("ver-dog", "1000"),
    ];
    sets(&house, &mut bos, "/mijn/aanbod", &form).await;
    let page = sets(&house, &mut bos, "/mijn/plekken/erbij", &[("postcode", "2516 AB")]).await;
    assert!(page.body.contains("Deze plek staat erbij"), "{}", page.body);
    let everywhere = "company@2516 dog@2516<1000 company@2584 dog@2584<1000";
    assert_eq!(offers_of_bos(&house), everywhere);
    // At work the dog only, at home company only; sent twice is once.
    let form =
        [("plek", "2584"), ("plek", "2516"), ("dienst-2516", "dog"), ("dienst-2584", "company")];
    for _ in 0..2 {
        sets(&house, &mut bos, "/mijn/plekken", &form).await;
        assert_eq!(offers_of_bos(&house), "dog@2516<1000 company@2584");
    }
    // A new address is one of home; work stays. What is new is done at home.
    let moved = [("naam", "Bos"), ("postcode", "2586"), ("taal", "nl")];
    sets(&house, &mut bos, "/mijn/mij", &moved).await;
    assert_eq!(offers_of_bos(&house), "dog@2516<1000 company@2586");
    let form = [("dienst", "dog"), ("dienst", "transport"), ("ver-dog", "1000"), ("ver", "5000")];
    sets(&house, &mut bos, "/mijn/aanbod", &form).await;
    assert_eq!(offers_of_bos(&house), "dog@2516<1000 transport@2586");
    let page = house.get(&bos, "/mijn").await;
    assert!(page.body.contains("(2516)") && page.body.contains("het uitlaten"), "{}", page.body);
    let page = house.get(&bos, "/mijn/gegevens").await;
    assert!(page.body.contains(">2516<") && page.body.contains(">2586<"), "{}", page.body);
    let data = house.get(&bos, "/mijn/gegevens.json").await.body;
    let data: serde_json::Value = serde_json::from_str(&data).unwrap();
    let postcodes: Vec<_> =
        data["data"]["offers"].as_array().unwrap().iter().map(|it| &it["postcode"]).collect();
    assert_eq!(postcodes, [2516, 2586]);
    let page = sets(&house, &mut bos, "/mijn/plekken/2516/weg", &[]).await;
    assert!(page.body.contains("Deze plek is weg"), "{}", page.body);
    assert_eq!(offers_of_bos(&house), "transport@2586");
    assert_eq!(house.post(&bos, "/mijn/plekken/2586/weg", &[]).await.status, 404, "home stays");
}

#[tokio::test]
async fn a_place_that_cannot_be_added_gets_a_word_beside_it() {
    let house = quiet_morning().await;
    let mut bos = house.at_home(BOS).await;
    let adds = |postcode: &'static str| [("postcode", postcode)];
    for (postcode, word) in
        [("25", "vier cijfers"), ("1000", "kennen wij niet"), ("2584", "staat er al")]
    {
        let page = sets(&house, &mut bos, "/mijn/plekken/erbij", &adds(postcode)).await;
        assert!(page.status == 422 && page.body.contains(word), "{postcode}: {}", page.body);
    }
    for postcode in ["2516", "2586"] {
        sets(&house, &mut bos, "/mijn/plekken/erbij", &adds(postcode)).await;
    }
    let page = house.get(&bos, "/mijn/plekken").await;
    assert!(page.body.contains("Drie plekken is het meeste"), "{}", page.body);
    let page = sets(&house, &mut bos, "/mijn/plekken/erbij", &adds("2581")).await;
    assert!(page.status == 422, "three at most: {}", page.body);
    assert_eq!(offers_of_bos(&house), "company@2516 company@2584 company@2586");
    // A form that was open since before a place was added leaves that place alone.
    let form = [("plek", "2584"), ("plek", "2516"), ("dienst-2584", "company")];
    sets(&house, &mut bos, "/mijn/plekken", &form).await;
    assert_eq!(offers_of_bos(&house), "company@2584 company@2586");
}

#[tokio::test]
async fn a_name_a_place_and_languages_are_taken_or_get_a_word_beside_them() {
    let house = quiet_morning().await;
    let mut bos = house.at_home(BOS).await;
    let form = [("naam", "Jan"), ("postcode", "2586 AB"), ("taal", "nl"), ("taal", "en")];
    let page = sets(&house, &mut bos, "/mijn/mij", &form).await;
    assert!(
        page.body.contains("value=\"Jan\"") && page.body.contains("value=\"2586\""),
        "{}",
        page.body
    );
    let sql = "SELECT p.languages || ' ' || o.postcode FROM participant p
               JOIN offer o ON o.participant = p.id WHERE p.phone = '+31700010001' LIMIT 1";
    assert_eq!(one(&house.books_now(), sql), "nl;en 2586", "what they do moves along");
    let mut away = form;
    away[1].1 = "9101";
    let page = sets(&house, &mut bos, "/mijn/mij", &away).await;
    assert!(page.body.contains("Op deze plek werken wij nog niet"), "{}", page.body);
    for (name, value, word) in [
        ("naam", "<script>", "alleen letters"),
        ("naam", "😀", "alleen letters"),
        ("naam", &"a".repeat(500), "te lang"),
        ("postcode", "25", "vier cijfers"),
        ("postcode", "1000", "kennen wij niet"),
        ("taal", "fr", "minstens één"),
    ] {
        let mut odd: Vec<_> = form.into_iter().filter(|(field, _)| *field != name).collect();
        odd.push((name, value));
        let page = sets(&house, &mut bos, "/mijn/mij", &odd).await;
        assert!(page.status == 422 && page.body.contains(word), "{value}: {}", page.body);
        assert!(!page.body.contains("<script>"), "nothing typed is markup");
    }
}

#[tokio::test]
async fn a_pause_until_a_day_begins_and_ends_at_their_wish() {
    let house = quiet_morning().await;
    let mut bos = house.at_home(BOS).await;
    let form = [("hoe-lang", "tot"), ("dag", "2026-12-24")];
    let page = sets(&house, &mut bos, "/mijn/pauze", &form).await;
    assert!(page.body.contains("24 december"), "{}", page.body);
    for odd in [
        vec![("hoe-lang", "tot"), ("dag", "2026-11-23")],
        vec![("hoe-lang", "tot"), ("dag", "morgen")],
        vec![("hoe-lang", "eeuwig")],
        vec![],
    ] {
        let page = sets(&house, &mut bos, "/mijn/pauze", &odd).await;
        assert!(page.status == 422 && page.body.contains("Kies hoe lang"), "{}", page.body);
    }
    let form = house.get(&bos, "/mijn/pauze").await.body;
    let page = sets(&house, &mut bos, "/mijn/pauze", &[("hoe-lang", "zelf")]).await;
    for told in [&form, &page.body] {
        assert!(told.contains("Horen wij dertien maanden niets van u, dan wissen wij"), "{told}");
    }
    let page = sets(&house, &mut bos, "/mijn/pauze/einde", &[]).await;
    assert!(page.body.contains("u doet weer mee"), "{}", page.body);
    let sql = "SELECT count(*) || '' FROM participant WHERE pause_kind IS NOT NULL";
    assert_eq!(one(&house.books_now(), sql), "0");
}

#[tokio::test]
async fn whoever_never_answered_says_here_that_they_still_take_part() {
    let house = quiet_morning().await;
    let mut bos = house.at_home(BOS).await;
    house.books_now().execute("UPDATE participant SET unanswered = 5", []).unwrap();
    let page = house.get(&bos, "/mijn").await;
    assert!(page.body.contains("Doet u nog graag mee?"), "{}", page.body);
    sets(&house, &mut bos, "/mijn/pauze/einde", &[]).await;
    let sql = "SELECT unanswered || '' FROM participant WHERE phone = '+31700010001'";
    assert_eq!(one(&house.books_now(), sql), "0");
}

#[tokio::test]
async fn whoever_was_silent_for_a_year_is_asked_here_and_answers_with_one_of_two_buttons() {
    let house = quiet_morning().await;
    let books = house.books_now();
    let silent = "INSERT INTO still_there (participant, line, why, since, rings_at)
                  SELECT id, '+31700002586', 'silent', 1795510800000, 1795597200000
                  FROM participant WHERE phone = '+31700010001'";
    books.execute(silent, []).unwrap();
    let mut bos = house.at_home(BOS).await;
    let page = house.get(&bos, "/mijn").await;
    assert!(page.body.contains("Wij hoorden een jaar niets van u."), "{}", page.body);
    assert!(page.body.contains("Ja, ik doe nog mee"), "{}", page.body);
    assert!(page.body.contains("href=\"/mijn/stoppen\">Nee, ik stop"), "{}", page.body);
    let data = house.get(&bos, "/mijn/gegevens").await;
    assert!(data.body.contains("Of u nog meedoet"), "{}", data.body);
    // Logging in is a word from them, and no answer.
    let heard =
        "SELECT count(*) || '' FROM participant p JOIN still_there s ON s.participant = p.id
                 WHERE p.in_touch_at >= s.since";
    assert_eq!(one(&books, heard), "1");
    sets(&house, &mut bos, "/mijn/pauze/einde", &[]).await;
    assert!(!house.get(&bos, "/mijn").await.body.contains("Doet u nog graag mee?"));
    assert_eq!(one(&books, "SELECT count(*) || '' FROM still_there"), "0");
}

/// Bos helped Fatima with the shopping.
fn they_met(house: &House) -> i64 {
    let books = house.books_now();
    let at = house.app().0.exchange.now().0;
    books
        .execute_batch(&format!(
            "INSERT INTO request (line, kind, service, postcode, language, participant, opened_at, closed_at, outcome)
               SELECT '+31700002586', 'neighbour', 'groceries', 2584, 'nl', id, {at}, {at}, 'connected'
               FROM participant WHERE phone = '{FATIMA}';
             INSERT INTO attempt (request, participant, phone, day_part, reserved_at, accepted_at, ended_at, result)
               SELECT last_insert_rowid(), id, phone, 0, {at}, {at}, {at}, 'connected'
               FROM participant WHERE phone = '{BOS}';
             UPDATE request SET accepted = (SELECT max(id) FROM attempt);
             INSERT INTO klik (asker, helper) SELECT r.participant, a.participant
               FROM attempt a JOIN request r ON r.id = a.request;"
        ))
        .unwrap();
    books.query_row("SELECT max(id) FROM attempt", [], |row| row.get(0)).unwrap()
}

#[tokio::test]
async fn r8_two_are_kept_apart_silently_by_day_and_service_and_never_by_name() {
    let house = quiet_morning().await;
    let (mut bos, mut fatima) = (house.at_home(BOS).await, house.at_home(FATIMA).await);
    let ring = they_met(&house);
    let page = house.get(&bos, "/mijn/geschiedenis").await;
    assert!(page.body.contains("di 24 nov") && page.body.contains("boodschappen"), "{}", page.body);
    assert!(!page.body.contains("Fatima"), "{}", page.body);
    let before = house.get(&fatima, "/mijn/geschiedenis").await.body;
    assert!(before.contains("een buur hielp") && !before.contains("Bos"), "{before}");

    let apart = format!("/mijn/geschiedenis/{ring}/niet-meer");
    let page = sets(&house, &mut bos, &apart, &[]).await;
    assert!(page.body.contains("De ander merkt daar niets van"), "{}", page.body);
    assert_eq!((house.count("block"), house.count("klik")), (1, 0));
    // Fatima's page is just as before: it tells her nothing.
    assert_eq!(house.get(&fatima, "/mijn/geschiedenis").await.body, before);
    let strip = |known: String| known.replace(&fatima.key, "");
    let data = strip(house.get(&fatima, "/mijn/gegevens").await.body);
    assert!(!data.contains("block") && !data.contains("Bos"), "{data}");

    // She may say the same, and each takes back only their own word.
    sets(&house, &mut fatima, &apart, &[]).await;
    assert_eq!(house.count("block"), 2);
    let again = format!("/mijn/geschiedenis/{ring}/toch-weer");
    sets(&house, &mut bos, &again, &[]).await;
    assert_eq!(house.count("block"), 1);
    for odd in [ring + 1, 0, -1] {
        let path = format!("/mijn/geschiedenis/{odd}/niet-meer");
        assert_eq!(house.post(&bos, &path, &[]).await.status, 404, "no ring of theirs");
    }
}

#[tokio::test]
async fn r8_whoever_only_called_is_kept_apart_by_a_hash_of_their_number() {
    let house = quiet_morning().await;
    let mut bos = house.at_home(BOS).await;
    let ring = they_met(&house);
    // It was Noor, who takes no part and called from her own telephone.
    house
        .books_now()
        .execute_batch(&format!(
            "DELETE FROM klik;
             INSERT INTO call (sid, direction, role, line, caller, started_at, heard_at, ended_at)
               VALUES ('CA9', 'incoming', 'caller', '+31700002586', '{{\"known\":\"{NOOR}\"}}', 0, 0, 1);
             UPDATE request SET participant = NULL, call = (SELECT max(id) FROM call);"
        ))
        .unwrap();
    let apart = format!("/mijn/geschiedenis/{ring}/niet-meer");
    let page = house.get(&bos, "/mijn/geschiedenis").await;
    assert!(page.body.contains(&apart), "{}", page.body);
    let page = sets(&house, &mut bos, &apart, &[]).await;
    assert!(page.body.contains("De ander merkt daar niets van"), "{}", page.body);
    assert!(page.body.contains("Niet meer met elkaar"), "{}", page.body);
    assert_eq!((house.count("apart"), house.count("block")), (1, 0));
    let page = house.get(&bos, "/mijn/gegevens").await;
    assert!(page.body.contains("Met hoeveel mensen liever niet meer"), "{}", page.body);
    assert!(!page.body.contains(NOOR), "{}", page.body);
    let again = format!("/mijn/geschiedenis/{ring}/toch-weer");
    sets(&house, &mut bos, &again, &[]).await;
    assert_eq!(house.count("apart"), 0);
}

#[tokio::test]
async fn a_ring_of_others_is_none_of_theirs() {
    let mut house = quiet_morning().await;
    let ring = they_met(&house);
    let form = [
        ("nummer", "0602 000 001"),
        ("postcode", "2584"),
        ("doe", "dog"),
        ("tijd", "week-ochtend"),
        ("akkoord", "ja"),
    ];
    house.post(&Visitor::default(), "/meedoen", &form).await;
    minutes_go_by(&mut house, 5).await;
    let noor = house.at_home(NOOR).await;
    let path = format!("/mijn/geschiedenis/{ring}/niet-meer");
    assert_eq!(house.post(&noor, &path, &[]).await.status, 404);
    assert_eq!(house.count("block"), 0);
}

#[tokio::test]
async fn everything_about_oneself_is_a_page_and_a_file() {
    let house = quiet_morning().await;
    let bos = house.at_home(BOS).await;
    they_met(&house);
    let page = house.get(&bos, "/mijn/gegevens").await;
    let told = ["Zo doet u mee", "Uw toestemming", "Wanneer u bent gebeld", "+31700010001"];
    for told in
        told.into_iter().chain(["boodschappen", "een praatje of een wandeling", "verbonden"])
    {
        assert!(page.body.contains(told), "{told}: {}", page.body);
    }
    for id in ["groceries", "company", "24/7", "connected"] {
        assert!(!page.body.contains(id), "{id} is no word: {}", page.body);
    }
    let file = house.get(&bos, "/mijn/gegevens.json").await;
    assert_eq!(file.headers["content-type"], "application/json; charset=utf-8");
    assert!(file.headers["content-disposition"].to_str().unwrap().contains("attachment"));
    let data: serde_json::Value = serde_json::from_str(&file.body).unwrap();
    assert_eq!(data["number"], BOS);
    assert_eq!(data["data"]["rings"][0]["service"], "groceries");
    assert!(!file.body.contains(FATIMA) && !file.body.contains("Fatima"), "nobody else is in it");
}

#[tokio::test]
async fn another_number_is_theirs_once_a_code_was_heard_on_it() {
    let mut house = quiet_morning().await;
    let mut bos = house.at_home(BOS).await;
    let page = sets(&house, &mut bos, "/mijn/nummer", &[("nummer", "06 0200 0001")]).await;
    assert!(page.body.contains("Wij bellen uw nieuwe nummer"), "{}", page.body);
    minutes_go_by(&mut house, 2).await;
    let code = codes_heard(&house, NOOR)[0].clone();
    // It proves a number; it opens nobody's page.
    let mut stranger = Visitor { key: String::new(), ..bos.clone() };
    stranger.cookies = stranger.cookies.replace("__Host-mijn=", "__Host-x=");
    let page = house.post(&stranger, "/mijn/inloggen/code", &[("code", "000000")]).await;
    assert_eq!(page.status, 422);
    let page = sets(&house, &mut bos, "/mijn/nummer/code", &[("code", &code)]).await;
    assert!(page.body.contains("Vanaf nu bellen wij uw nieuwe nummer"), "{}", page.body);
    let sql = "SELECT phone FROM participant WHERE name = 'Bos'";
    assert_eq!(one(&house.books_now(), sql), NOOR);
    let sql = "SELECT count(*) || '' FROM consent c JOIN participant p ON p.id = c.participant
               WHERE p.name = 'Bos' AND c.channel = 'web' AND c.verified_at IS NOT NULL";
    assert_eq!(one(&house.books_now(), sql), "1", "a new opt-in");
    let old = Phone::from_stored(BOS).unwrap();
    let stopped = house.store().write(move |tx| tx.stopped_at(&old)).await.unwrap();
    assert!(stopped.is_some(), "R9: whoever has the old number next is not rung");
}

#[tokio::test]
async fn a_number_that_somebody_else_has_is_not_rung_and_not_told_of() {
    let mut house = quiet_morning().await;
    let mut bos = house.at_home(BOS).await;
    let stopped = Phone::from_stored("+31602000005").unwrap();
    let now = house.app().0.exchange.now();
    house.store().write(move |tx| tx.stop_number(&stopped, "phone", now)).await.unwrap();
    let mut told = Vec::new();
    for number in [FATIMA, "0602000005", "0602000001"] {
        told.push(sets(&house, &mut bos, "/mijn/nummer", &[("nummer", number)]).await.body);
    }
    assert!(told[0] == told[1] && told[1] == told[2], "the same words");
    minutes_go_by(&mut house, 3).await;
    assert_eq!((rings(&house, FATIMA), rings(&house, "+31602000005")), (0, 0));
    assert_eq!(rings(&house, NOOR), 1);
    for (number, word) in [("112", "kunnen wij niet bellen"), ("070 000 25 86", "ons eigen nummer")]
    {
        let page = sets(&house, &mut bos, "/mijn/nummer", &[("nummer", number)]).await;
        assert!(page.status == 422 && page.body.contains(word), "{}", page.body);
    }
}

/// Changes to this number, and proves it by the code that was heard there last.
async fn changes_to(house: &mut House, who: &mut Visitor, number: &str) -> Page {
    sets(house, who, "/mijn/nummer", &[("nummer", number)]).await;
    minutes_go_by(house, 2).await;
    let code = codes_heard(house, number).pop().unwrap();
    sets(house, who, "/mijn/nummer/code", &[("code", &code)]).await
}

#[tokio::test]
async fn back_on_a_former_number_they_are_rung_there_and_on_the_other_no_more() {
    let mut house = quiet_morning().await;
    let mut bos = house.at_home(BOS).await;
    for (to, from) in [(NOOR, BOS), (BOS, NOOR), (NOOR, BOS)] {
        let page = changes_to(&mut house, &mut bos, to).await;
        assert!(page.body.contains("Vanaf nu bellen wij uw nieuwe nummer"), "{}", page.body);
        let sql = "SELECT phone FROM participant WHERE name = 'Bos'";
        assert_eq!(one(&house.books_now(), sql), to);
        let (now, then) = (Phone::from_stored(to).unwrap(), Phone::from_stored(from).unwrap());
        let stops = house.store().write(move |tx| {
            let stops = (tx.stopped_at(&now)?.is_some(), tx.stopped_at(&then)?.is_some());
            Ok::<_, burenhulp::store::StoreError>(stops)
        });
        assert_eq!(
            stops.await.unwrap(),
            (false, true),
            "R9: {from} is somebody else's from now on"
        );
        assert_eq!(house.get(&bos, "/mijn").await.status, 200, "and this browser goes on");
    }
    assert_eq!(house.count("participant"), 2, "nobody was doubled");
}

#[tokio::test]
async fn a_number_that_is_being_rung_or_waits_for_a_sign_up_is_not_told_of_either() {
    let mut house = quiet_morning().await;
    let mut bos = house.at_home(BOS).await;
    // Noor is rung at this moment, about her sign-up.
    let form = [
        ("nummer", "0602 000 001"),
        ("postcode", "2584"),
        ("doe", "dog"),
        ("tijd", "week-ochtend"),
        ("akkoord", "ja"),
    ];
    house.post(&Visitor::default(), "/meedoen", &form).await;
    assert_eq!(house.app().0.exchange.ring_newcomers().await.unwrap(), 1);
    // And somebody else, who is nobody here, about a question on the web.
    let question =
        [("dienst", "dog"), ("postcode", "2584"), ("wanneer", "nu"), ("telefoon", "0602000007")];
    let page = house.post(&Visitor::default(), "/vragen", &question).await;
    assert_eq!(page.status, 303, "{}", page.body);
    assert_eq!(house.app().0.exchange.ring_about_questions().await.unwrap(), 1);
    let mut told = Vec::new();
    for number in [NOOR, "0602000007", "0602000009"] {
        let page = sets(&house, &mut bos, "/mijn/nummer", &[("nummer", number)]).await;
        let guessed = sets(&house, &mut bos, "/mijn/nummer/code", &[("code", "000000")]).await;
        told.push((page.status, page.body, guessed.status, guessed.body));
    }
    assert!(told[0] == told[2] && told[1] == told[2], "the same words: {told:#?}");
    minutes_go_by(&mut house, 3).await;
    assert_eq!(rings(&house, NOOR), 1, "no second ring");
    let sql = "SELECT group_concat(phone) FROM placed WHERE purpose LIKE '{\"for\":\"code\"%'";
    assert_eq!(one(&house.books_now(), sql), "+31602000009");
    assert_eq!(codes_heard(&house, NOOR), Vec::<String>::new());
    let sql = "SELECT phone FROM participant WHERE name = 'Bos'";
    assert_eq!(one(&house.books_now(), sql), BOS);
}

#[tokio::test]
async fn r9_stop_erases_everything_at_once_and_logs_out() {
    let house = quiet_morning().await;
    let bos = house.at_home(BOS).await;
    they_met(&house);
    let page = house.get(&bos, "/mijn/stoppen").await;
    assert!(page.body.contains("Wilt u stoppen"), "{}", page.body);
    let page = house.post(&bos, "/mijn/stoppen", &[]).await;
    assert!(page.status == 200 && page.body.contains("Uw gegevens zijn gewist"), "{}", page.body);
    assert!(!page.body.contains("Uitloggen"), "{}", page.body);
    let found = crate::privacy::people_in(&house.books_now(), &["Bos".to_owned()]);
    let left: Vec<_> = found.into_iter().filter(|(_, what)| what == BOS || what == "Bos").collect();
    assert_eq!(left, [], "nothing holds them");
    assert_eq!(house.get(&bos, "/mijn").await.status, 401);
    let sql = "SELECT count(*) || withdrawn_by FROM consent WHERE person IS NOT NULL";
    assert_eq!(one(&house.books_now(), sql), "1web", "the proof stays");
    assert_eq!(house.count("stop_list"), 1);
}
