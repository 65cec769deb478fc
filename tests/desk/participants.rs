//! People who take part, in the hands of the desk: found, looked at, corrected; each noted.

use burenhulp::domain::{Phone, Postcode, Role};
use burenhulp::sim::delivery::Delivery;
use burenhulp::sim::scenario::Scenario;

use crate::house::House;
use crate::house::desk::Visitor;

const TWO_PEOPLE: &str = r#"
title = "Two people, one of them far away"
at = "2026-11-24T10:00:00+01:00"
[[neighbour]]
name = "bos"
postcode = 2584
does = "picks up after 6, presses 1, talks 30"
[[neighbour]]
name = "sjoerd"
postcode = 9101
does = "picks up after 6, presses 1, talks 30"
"#;

async fn two_people() -> House {
    let scenario = Scenario::read("two people", TWO_PEOPLE).unwrap();
    House::of(&scenario, Delivery::default()).await
}

async fn kees(house: &House) -> Visitor {
    let line = Phone::from_stored("+31700002586").unwrap();
    house.operator("Kees", Role::Operator, &[line], &[]).await
}

/// What was written in the audit trail, the oldest first, without logging in.
fn trail(house: &House) -> Vec<String> {
    let books = house.books_now();
    let mut select = books
        .prepare("SELECT what || ' ' || about FROM audit WHERE what <> 'logged-in' ORDER BY id")
        .unwrap();
    let rows = select.query_map([], |row| row.get(0)).unwrap();
    rows.map(Result::unwrap).collect()
}

fn number_of(house: &House, id: i64) -> String {
    let sql = "SELECT phone FROM participant WHERE id = ?1";
    house.books_now().query_row(sql, [id], |row| row.get(0)).unwrap()
}

#[tokio::test]
async fn a_number_is_shown_once_to_whoever_asks_and_that_is_written_down() {
    let house = two_people().await;
    let kees = kees(&house).await;
    let number = Phone::from_stored(&number_of(&house, 1)).unwrap();
    let forms = [number.e164()[3..].to_owned(), number.in_full()];
    for path in ["/loket/deelnemers", "/loket/deelnemers/1", "/loket/deelnemers/1/verbeter"] {
        let page = house.get(&kees, path).await;
        assert_eq!(page.status, 200, "{path}");
        assert!(page.body.contains("••"), "{path}: {}", page.body);
        assert!(!forms.iter().any(|form| page.body.contains(form)), "{path}: {}", page.body);
    }
    let seen = "participant-seen participant:1";
    assert_eq!(trail(&house), [seen, seen], "a list is no look at anybody");
    let page = house.post(&kees, "/loket/deelnemers/1/nummer", &[]).await;
    assert!(page.status == 200 && page.body.contains(&number.in_full()), "{}", page.body);
    assert_eq!(trail(&house).last().unwrap(), "number-shown participant:1");
    assert!(house.get(&kees, "/loket/deelnemers/1").await.body.contains("••"), "only once");
}

#[tokio::test]
async fn an_operator_of_another_line_and_a_coordinator_of_another_village_see_nobody_here() {
    let house = two_people().await;
    let kees = kees(&house).await;
    let other = Phone::from_stored("+31519002586").unwrap();
    let strangers = [
        house.operator("Ans", Role::Operator, &[other], &[]).await,
        house.operator("Piet", Role::Coordinator, &[], &[Postcode::parse("9102").unwrap()]).await,
    ];
    assert_eq!(house.get(&kees, "/loket/deelnemers/1").await.status, 200);
    assert_eq!(house.get(&kees, "/loket/deelnemers/2").await.status, 404, "another village");
    for stranger in &strangers {
        assert!(!house.get(stranger, "/loket/deelnemers").await.body.contains("deelnemers/1"));
        for path in ["/loket/deelnemers/1", "/loket/deelnemers/1/stop"] {
            assert_eq!(house.get(stranger, path).await.status, 404, "{path}");
        }
        for action in ["nummer", "pauze", "hervat", "stop", "verbeter"] {
            let path = format!("/loket/deelnemers/1/{action}");
            let page = house.post(stranger, &path, &[("tot", "week")]).await;
            assert_eq!(page.status, 404, "{path}");
        }
    }
    assert_eq!(trail(&house), ["participant-seen participant:1"]);
    let coordinator = house
        .operator("Sietske", Role::Coordinator, &[], &[Postcode::parse("9101").unwrap()])
        .await;
    assert_eq!(house.get(&coordinator, "/loket/deelnemers/2").await.status, 200);
    assert_eq!(house.get(&coordinator, "/loket/deelnemers/1").await.status, 404);
}

#[tokio::test]
async fn a_pause_begins_and_ends_at_their_wish() {
    let house = two_people().await;
    let mut kees = kees(&house).await;
    let page = house.post(&kees, "/loket/deelnemers/1/pauze", &[("tot", "week")]).await;
    assert_eq!((page.status, page.location.as_deref()), (303, Some("/loket/deelnemers/1")));
    kees.keeps(&page);
    let page = house.get(&kees, "/loket/deelnemers/1").await;
    assert!(page.body.contains("De pauze is ingegaan."), "{}", page.body);
    assert!(page.body.contains("tot 2 december 2026, 00:00"), "{}", page.body);
    kees.keeps(&page);
    assert!(!house.get(&kees, "/loket/deelnemers/1").await.body.contains("De pauze is ingegaan."));
    assert_eq!(house.post(&kees, "/loket/deelnemers/1/hervat", &[]).await.status, 303);
    // A colleague was quicker: said so, and not written down again.
    let page = house.post(&kees, "/loket/deelnemers/1/hervat", &[]).await;
    kees.keeps(&page);
    assert!(house.get(&kees, "/loket/deelnemers/1").await.body.contains("Dit was al zo"));
    let odd = house.post(&kees, "/loket/deelnemers/1/pauze", &[("tot", "ooit")]).await;
    assert_eq!(odd.status, 422);
    assert!(odd.body.contains("id=\"fout-tot\">Kies hoe lang"), "{}", odd.body);
    assert!(odd.body.contains("Doet graag"), "the same page: {}", odd.body);
    let changes: Vec<String> =
        trail(&house).into_iter().filter(|line| !line.starts_with("participant-seen")).collect();
    assert_eq!(changes, ["participant-paused participant:1", "participant-resumed participant:1"]);
}

#[tokio::test]
async fn r9_a_stop_at_the_desk_is_final_and_closes_every_way_back() {
    let house = two_people().await;
    let kees = kees(&house).await;
    let page = house.get(&kees, "/loket/deelnemers/1/stop").await;
    assert!(page.body.contains("belt de centrale dit nummer niet meer"), "{}", page.body);
    assert_eq!(house.post(&kees, "/loket/deelnemers/1/stop", &[]).await.status, 303);
    let books = house.books_now();
    let consented: bool = books
        .query_row("SELECT consented FROM participant WHERE id = 1", [], |row| row.get(0))
        .unwrap();
    assert!(!consented && house.count("stop_list") == 1);
    let page = house.get(&kees, "/loket/deelnemers/1").await;
    assert!(page.body.contains("gestopt") && page.body.contains("ingetrokken op 24 november 2026"));
    assert_eq!(house.get(&kees, "/loket/deelnemers/1/verbeter").await.status, 404);
    for action in ["pauze", "hervat", "stop"] {
        let path = format!("/loket/deelnemers/1/{action}");
        house.post(&kees, &path, &[("tot", "week")]).await;
    }
    let changes: Vec<String> =
        trail(&house).into_iter().filter(|line| !line.starts_with("participant-seen")).collect();
    assert_eq!(changes, ["participant-stopped participant:1"], "and nothing after it");
}

#[tokio::test]
async fn details_are_corrected_and_everything_wrong_is_told_at_once() {
    let house = two_people().await;
    let kees = kees(&house).await;
    let good = [
        ("naam", "mw. Bos-Smit"),
        ("postcode", "2586 AB"),
        ("dienst", "dog"),
        ("dienst", "company"),
        ("tijden", "Mo-Fr 13:00-17:00; PH off"),
        ("min-km", "0,5"),
        ("max-km", "3"),
        ("per-dag", "1"),
        ("per-week", "2"),
        ("taal", "nl"),
    ];
    let bad = [
        ("naam", "<b>Bos</b>"),
        ("postcode", "25"),
        ("tijden", "altijd"),
        ("min-km", "5"),
        ("max-km", "3"),
        ("per-dag", "9"),
        ("per-week", "2"),
    ];
    let page = house.post(&kees, "/loket/deelnemers/1/verbeter", &bad).await;
    assert_eq!(page.status, 422);
    for field in ["naam", "postcode", "tijden", "min-km", "per-dag", "taal"] {
        let beside = format!("<p class=\"wrong\" id=\"fout-{field}\">");
        assert!(page.body.contains(&beside), "{field}: {}", page.body);
    }
    assert!(page.body.contains("&#60;b&#62;Bos"), "what was typed stays, harmless: {}", page.body);
    assert!(trail(&house).is_empty());
    let page = house.get(&kees, "/loket/deelnemers/1/verbeter").await;
    let was = page.body.split("name=\"was\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let good: Vec<(&str, &str)> = good.into_iter().chain([("was", was)]).collect();
    // Two colleagues with the same form open: the first is kept, the other is told.
    let ans = house.operator("Ans", Role::Administrator, &[], &[]).await;
    let page = house.post(&kees, "/loket/deelnemers/1/verbeter", &good).await;
    assert_eq!((page.status, page.location.as_deref()), (303, Some("/loket/deelnemers/1")));
    let mut late = good.clone();
    late[0].1 = "mw. Bos";
    let page = house.post(&ans, "/loket/deelnemers/1/verbeter", &late).await;
    assert_eq!(page.location.as_deref(), Some("/loket/deelnemers/1/verbeter"));
    let mut ans = ans;
    ans.keeps(&page);
    let page = house.get(&ans, "/loket/deelnemers/1/verbeter").await;
    assert!(page.body.contains("Een collega heeft dit intussen veranderd"), "{}", page.body);
    assert!(page.body.contains("value=\"mw. Bos-Smit\""), "{}", page.body);
    let page = house.get(&kees, "/loket/deelnemers/1").await;
    for told in ["mw. Bos-Smit", "2586", "van 500 m tot 3 km", "van één tot vijf uur", "doet mee"]
    {
        assert!(page.body.contains(told), "{told}: {}", page.body);
    }
    let changes = trail(&house).into_iter().filter(|line| line.starts_with("participant-changed"));
    assert_eq!(changes.count(), 1, "what was not kept is not written down");
    assert_eq!(
        house
            .looks_up(&kees, "/loket/deelnemers", &[("zoek", "smit")])
            .await
            .0
            .body
            .matches("/loket/deelnemers/1\"")
            .count(),
        1
    );
}

/// What somebody does where, and `+` where they also go inside.
fn offers_of(house: &House, id: i64) -> String {
    let sql = "SELECT coalesce(group_concat(service || '@' || postcode || iif(inside, '+', ''), ' '), '-')
               FROM (SELECT * FROM offer WHERE participant = ?1 ORDER BY postcode, service)";
    house.books_now().query_row(sql, [id], |row| row.get(0)).unwrap()
}

#[tokio::test]
async fn other_places_and_company_inside_are_settled_at_the_desk_as_on_their_own_page() {
    let house = two_people().await;
    let kees = kees(&house).await;
    const PATH: &str = "/loket/deelnemers/1/verbeter";
    /// Sends the form as it stands, with these fields on top.
    async fn sends(
        house: &House,
        who: &Visitor,
        more: &[(&str, &str)],
    ) -> crate::house::desk::Page {
        let page = house.get(who, PATH).await;
        let was = page.body.split("name=\"was\" value=\"").nth(1).unwrap();
        let was = was.split('"').next().unwrap().to_owned();
        let mut form = vec![
            ("naam", "Bos"),
            ("postcode", "2584"),
            ("dienst", "transport"),
            ("dienst", "company"),
            ("tijden", "24/7"),
            ("min-km", "0"),
            ("max-km", "5"),
            ("per-dag", "2"),
            ("per-week", "4"),
            ("taal", "nl"),
            ("was", &was),
        ];
        form.extend(more);
        house.post(who, PATH, &form).await
    }
    let work = [("plek-1", "2516 AB"), ("doet-1", "transport"), ("doet-1", "dog")];
    let inside = [("binnen-transport", "ja")];
    let page = sends(&house, &kees, &[&work[..], &inside[..], &[("plek-2", "")]].concat()).await;
    assert_eq!((page.status, page.location.as_deref()), (303, Some("/loket/deelnemers/1")));
    assert_eq!(offers_of(&house, 1), "dog@2516 transport@2516+ company@2584 transport@2584+");
    let page = house.get(&kees, PATH).await.body;
    for told in [
        "name=\"plek-1\" class=\"short\" value=\"2516\"",
        "name=\"doet-1\" value=\"dog\" checked",
        "name=\"binnen-transport\" value=\"ja\" checked",
    ] {
        assert!(page.contains(told), "{told}: {page}");
    }
    assert!(!page.contains("name=\"dienst\" value=\"dog\" checked"), "at work only: {page}");
    // Everything that is wrong with a place, and what was typed stays.
    for (second, why) in [
        ([("plek-2", "25"), ("doet-2", "dog")], "Vier cijfers"),
        ([("plek-2", "1000"), ("doet-2", "dog")], "kennen wij niet"),
        ([("plek-2", "2584"), ("doet-2", "dog")], "staat er al"),
        ([("plek-2", "2516"), ("doet-2", "dog")], "staat er al"),
        ([("plek-2", "2586"), ("doet-2", "flying")], "Kies wat zij daar doen"),
    ] {
        let page = sends(&house, &kees, &[&work[..], &inside[..], &second[..]].concat()).await;
        let told = page.body.split("id=\"fout-plek-2\">").nth(1).unwrap_or_default();
        assert!(page.status == 422 && told.contains(why), "{second:?}: {}", page.body);
        let kept = format!("name=\"plek-2\" class=\"short\" value=\"{}\"", second[0].1);
        assert!(page.body.contains(&kept), "{second:?}: {}", page.body);
        assert!(page.body.contains("name=\"doet-1\" value=\"dog\" checked"), "{}", page.body);
        let still = "name=\"binnen-transport\" value=\"ja\" checked";
        assert!(page.body.contains(still), "{}", page.body);
    }
    assert_eq!(offers_of(&house, 1), "dog@2516 transport@2516+ company@2584 transport@2584+");
    // To the door only: that alone is a change, once. And the place is taken away again.
    for _ in 0..2 {
        sends(&house, &kees, &work).await;
        assert_eq!(offers_of(&house, 1), "dog@2516 transport@2516 company@2584 transport@2584");
    }
    sends(&house, &kees, &[("plek-1", "")]).await;
    assert_eq!(offers_of(&house, 1), "company@2584 transport@2584");
    let changes = trail(&house).into_iter().filter(|line| line.starts_with("participant-changed"));
    assert_eq!(changes.count(), 3);
}

/// What somebody at the counter filled in, but for these fields.
async fn signed_up(
    house: &House,
    who: &Visitor,
    changes: &[(&str, &str)],
) -> crate::house::desk::Page {
    let mut fields = vec![
        ("via", "gesprek"),
        ("naam", "Noor"),
        ("telefoon", "06 0200 0001"),
        ("postcode", "2584"),
        ("taal", "nl"),
        ("doet", "company"),
        ("doet", "dog"),
        ("vraagt", "groceries"),
        ("wanneer", "evening"),
        ("akkoord", "ja"),
        ("achttien", "ja"),
    ];
    for (name, value) in changes {
        fields.retain(|(known, _)| known != name);
        fields.push((name, value));
    }
    house.post(who, "/loket/deelnemers/nieuw", &fields).await
}

#[tokio::test]
async fn somebody_at_the_counter_signs_up_and_counts_for_nothing_until_they_are_rung() {
    let house = two_people().await;
    let kees = kees(&house).await;
    let form = house.get(&kees, "/loket/deelnemers/nieuw").await;
    assert_eq!(form.status, 200);
    assert!(form.body.contains("U kunt altijd stoppen"), "the text is read out: {}", form.body);
    let done = signed_up(&house, &kees, &[]).await;
    assert_eq!((done.status, done.location.as_deref()), (303, Some("/loket/deelnemers/3")));
    let person = house.get(&kees, "/loket/deelnemers/3").await.body;
    assert!(person.contains("Noor") && person.contains("nog niet"), "{person}");
    let row: (String, Option<i64>, String, i64) = house
        .books_now()
        .query_row(
            "SELECT p.hours, p.verified_at, c.channel, s.rings_at FROM participant p
             JOIN consent c ON c.participant = p.id JOIN sign_up s ON s.participant = p.id
             WHERE p.id = 3",
            [],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)),
        )
        .unwrap();
    assert_eq!((row.0.as_str(), row.1, row.2.as_str()), ("Mo-Su 17:00-21:00", None, "desk"));
    assert!(row.3 > 0, "they are rung");
    assert_eq!([house.count("would_like"), house.count("age")], [1, 1]);
    assert!(trail(&house).contains(&"participant-signed-up participant:3".to_owned()));
    let again = signed_up(&house, &kees, &[]).await;
    assert_eq!(again.location.as_deref(), Some("/loket/deelnemers/3"), "the form twice is once");
    assert_eq!(house.count("participant"), 3);
}

#[tokio::test]
async fn what_is_missing_at_the_counter_is_told_at_its_field_and_nothing_is_lost() {
    let house = two_people().await;
    let kees = kees(&house).await;
    for (field, value) in [
        ("telefoon", "0900 8844"),
        ("postcode", "258"),
        ("postcode", "9999"),
        ("naam", "<b>Noor</b>"),
        ("akkoord", ""),
        ("achttien", ""),
        ("wanneer", "nooit"),
        ("via", ""),
    ] {
        let page = signed_up(&house, &kees, &[(field, value)]).await;
        assert_eq!(page.status, 422, "{field} {value}");
        assert!(page.body.contains(&format!("id=\"fout-{field}\"")), "{field}: {}", page.body);
        assert!(page.body.contains("value=\"dog\" checked"), "{field}: {}", page.body);
        assert!(!page.body.contains("<b>Noor</b>"));
    }
    let nothing = signed_up(&house, &kees, &[("doet", ""), ("vraagt", "")]).await;
    assert!(nothing.body.contains("id=\"fout-doet\""), "{}", nothing.body);
    assert_eq!([house.count("participant"), house.count("sign_up")], [2, 0]);
}

#[tokio::test]
async fn r9_the_desk_hears_that_a_number_takes_part_or_said_stop_and_changes_nothing() {
    let house = two_people().await;
    let kees = kees(&house).await;
    let known = number_of(&house, 1);
    let page = signed_up(&house, &kees, &[("telefoon", &known)]).await;
    assert_eq!((page.status, page.location.as_deref()), (303, Some("/loket/deelnemers/1")));
    let phone = Phone::from_stored(&known).unwrap();
    let now = house.app().0.exchange.now();
    let stopped = house.store().write(move |tx| tx.stop_number(&phone, "phone", now)).await;
    stopped.unwrap();
    let page = signed_up(&house, &kees, &[("telefoon", &known)]).await;
    assert_eq!(page.location.as_deref(), Some("/loket/deelnemers/nieuw"), "{}", page.body);
    assert_eq!(house.count("sign_up"), 0);
}
