//! A request that somebody enters at the desk, in a real browser: mended, searched for in the
//! background, and seen to end.

use burenhulp::commands::demo::Desk;

use super::Scene;

#[tokio::test(flavor = "multi_thread")]
async fn a_request_is_entered_searched_for_in_the_background_and_both_are_joined() {
    let scene = Scene::set("nl", Desk::OfficeHours).await;
    let desk = scene.at_the_desk("Kees").await;
    desk.clicks("nav a[href='/loket/vragen']").await;
    desk.clicks("a[href='/loket/vragen/nieuw']").await;
    // What belongs to an organisation, or to another moment, is there once it is chosen.
    let there = "return ['#organisatie', '#moment']
        .map((css) => document.querySelector(css).getClientRects().length > 0)";
    assert_eq!(desk.run(there, Vec::new()).await, serde_json::json!([false, false]));
    desk.clicks("input[value=organisatie]").await;
    desk.clicks("input[value=moment]").await;
    assert_eq!(desk.run(there, Vec::new()).await, serde_json::json!([true, true]));
    desk.clicks("input[value=telefoon]").await;
    desk.clicks("input[name=wanneer][value=nu]").await;

    desk.fills("#naam", "Mevrouw De Vries").await;
    desk.fills("#telefoon", "112").await;
    desk.clicks("#dienst option[value=company]").await;
    desk.fills("#postcode", "2584").await;
    desk.clicks("main button.go").await;
    // The same page, with the cursor where something is wrong and all the rest as it was typed.
    desk.reads("#fout-telefoon", "Nederlands nummer").await;
    desk.is_accessible("a form that was refused").await;
    desk.picture("desk-1280-refused").await;
    let kept = "return [document.activeElement.id, document.querySelector('#naam').value,
        document.querySelector('#dienst').value, document.querySelector('#postcode').value]";
    let as_typed = serde_json::json!(["telefoon", "Mevrouw De Vries", "company", "2584"]);
    assert_eq!(desk.run(kept, Vec::new()).await, as_typed);
    desk.fills("#telefoon", "070 001 00 02").await;
    desk.clicks("main button.go").await;
    desk.reads("main .notice", "De vraag staat erin. De centrale zoekt").await;
    let request = desk.page.current_url().await.expect("an address");

    // A neighbour says yes; then whoever asked is rung, and the two are joined.
    scene.the_neighbour_answers('1').await;
    scene.browser.reads("article.ringing h3", "Mevrouw De Vries").await;
    scene.browser.clicks("article.ringing .go").await;
    // The telephone on top is hers; a key before she is asked would be lost.
    scene.browser.reads("article:first-of-type .captions", "Er is iemand gevonden. Toets 1").await;
    scene.browser.clicks("article:first-of-type button[value='1']").await;
    scene.browser.sees("article.talking").await;
    desk.goes_to(&scene.address("/loket")).await;
    desk.reads("#rows h3", "Mevrouw De Vries").await;
    desk.reads("#rows .label", "praat met een buur").await;
    desk.picture("desk-1280-background").await;
    desk.goes_to(request.as_str()).await;
    desk.reads("main .label", "er is iemand gevonden").await;
    desk.reads("#gebeld ~ div", "ja, verbonden").await;
    scene.browser.clicks("article.talking .stop").await;
    scene.demo.network().quiet().await.expect("a network");
    desk.goes_to(request.as_str()).await;
    desk.reads("main .label", "doorverbonden").await;
    desk.is_accessible("a request that ended well").await;
    desk.picture("desk-1280-request").await;
    desk.size(360, 740).await;
    desk.fits().await;
    desk.picture("desk-360-request").await;

    // The next time, whoever helped can be asked first, for a day and a time.
    desk.goes_to(&scene.address("/loket/vragen/nieuw")).await;
    desk.fills("#telefoon", "070 001 00 02").await;
    desk.clicks("button[name=kijk]").await;
    desk.reads("#eerder-hielp", "hielp met een praatje").await;
    desk.clicks("#eerder-hielp label:last-of-type input").await;
    desk.clicks("#dienst option[value=dog]").await;
    desk.fills("#postcode", "2584").await;
    desk.clicks("input[value=moment]").await;
    desk.clicks("main button.go").await;
    desk.reads("#fout-moment", "komende drie maanden").await;
    let chosen = "return document.querySelector('#eerder-hielp label:last-of-type input').checked";
    assert_eq!(desk.run(chosen, Vec::new()).await, serde_json::json!(true), "the choice is kept");
    desk.puts("#moment", "2026-12-01T14:30").await;
    desk.is_well("desk-request-planned").await;
    desk.clicks("main button.go").await;
    desk.reads("main .notice", "De centrale zoekt vanaf").await;
    desk.reads("dl.facts", "14:30").await;
    desk.is_well("desk-request-is-planned").await;
    desk.goes_to(&scene.address("/loket/vragen")).await;
    desk.reads("tbody tr:first-child", "gepland").await;
    desk.is_well("desk-requests").await;

    // Looked for by the number: it is found, and stands neither in the address nor in the way back.
    desk.fills("#zoek", "070 001 00 02").await;
    desk.clicks("form[role=search] button.go").await;
    desk.reads("tbody tr:first-child", "Mevrouw De Vries").await;
    let found = desk.page.current_url().await.expect("an address");
    assert!(found.query().is_some_and(|query| query.starts_with("gezocht=")), "{found}");
    assert!(!found.as_str().contains("0002") && !found.as_str().contains("00%2002"), "{found}");
    desk.is_well("desk-requests-found").await;
    desk.clicks("tbody tr:first-child a.row").await;
    desk.reads("h1", "Vraag").await;
    desk.page.back().await.expect("the page before");
    desk.reads("tbody tr:first-child", "Mevrouw De Vries").await;
    let kept = "return document.querySelector('#zoek').value";
    assert_eq!(desk.run(kept, Vec::new()).await, serde_json::json!("070 001 00 02"));
    desk.clicks("a[hreflang=en]").await;
    desk.reads("h1", "Requests").await;
    desk.reads("tbody tr:first-child", "Mevrouw De Vries").await;
    desk.fills("#zoek", "nobody").await;
    desk.clicks("form[role=search] button.go").await;
    desk.reads("main", "There are no requests that fit").await;
    desk.close().await;
    scene.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_organisation_asks_goes_to_the_coordinator_and_is_referred_with_agreement() {
    let scene = Scene::set("nl", Desk::OfficeHours).await;
    let desk = scene.at_the_desk("Anneke").await;
    desk.goes_to(&scene.address("/loket/werklijst")).await;
    desk.fills("#plaatsen", "2584").await;
    desk.clicks("form[action='/loket/werklijst/plaatsen'] button").await;
    desk.reads("#geen-coordinator", "2584").await;
    desk.is_well("desk-worklist-without-coordinator").await;
    desk.clicks("#geen-coordinator a[href='/loket/beheer']").await;
    desk.clicks("tbody tr:last-child a.row").await;
    desk.reads("h1", "Piet").await;
    desk.fills("#gebied", "2584 9101").await;
    desk.clicks("form[action$='/collega/3'] button.go").await;
    desk.goes_to(&scene.address("/loket/werklijst")).await;
    desk.reads("#open", "Te doen (0)").await;
    assert!(!desk.text().await.contains("geen coördinator"));

    desk.goes_to(&scene.address("/loket/vragen/nieuw")).await;
    desk.clicks("input[value=organisatie]").await;
    desk.fills("#naam", "Greet").await;
    desk.fills("#telefoon", "06 01 00 00 09").await;
    desk.clicks("#dienst option[value=company]").await;
    desk.fills("#postcode", "2584").await;
    desk.fills("#organisatie", "Thuiszorg Zeezicht").await;
    desk.clicks("main p.buttons button.go").await;
    // Without an agreement it is not taken.
    desk.reads("#fout-akkoord_bij", "akkoord").await;
    desk.is_well("desk-request-of-an-organisation").await;
    desk.fills("#akkoord_bij", "Zuster Ans").await;
    desk.puts("#akkoord_op", "2026-11-23").await;
    desk.clicks("input[name=akkoord_hoe][value=gesprek]").await;
    desk.clicks("main p.buttons button.go").await;
    desk.reads("main .notice", "De vraag ligt bij de coördinator").await;
    desk.reads("dl.facts", "gezegd tegen Zuster Ans, ma 23 nov, in een gesprek").await;
    desk.is_well("desk-request-for-the-coordinator").await;
    let request = desk.page.current_url().await.expect("an address");

    let piet = scene.at_the_desk("Piet").await;
    piet.goes_to(&scene.address("/loket/werklijst")).await;
    piet.reads("#open", "Te doen (1)").await;
    piet.is_well("desk-worklist").await;
    piet.clicks("form[action$='/nemen'] button").await;
    piet.reads("main .notice", "U hebt deze vraag op u genomen").await;
    piet.goes_to(request.as_str()).await;
    piet.clicks("input[name=hoe][value=referred]").await;
    piet.clicks("#verwijzing option:nth-of-type(2)").await;
    piet.clicks("form[action$='/afronden'] button.go").await;
    piet.reads("#fout-akkoord", "akkoord").await;
    piet.is_well("desk-referral").await;
    piet.clicks("input[name=akkoord]").await;
    piet.clicks("form[action$='/afronden'] button.go").await;
    piet.reads("main .label", "doorverwezen: Buurthuis De Golf").await;
    piet.is_well("desk-referred").await;
    piet.close().await;
    desk.close().await;
    scene.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_speaks_with_the_desk_waits_on_that_very_call_for_a_neighbour() {
    let scene = Scene::set("nl", Desk::OfficeHours).await;
    let desk = scene.at_the_desk("Kees").await;
    scene.browser.clicks("#dial-button").await;
    scene.browser.reads("#captions", "Liever een medewerker? Toets 0.").await;
    scene.clicks_keys("0").await;
    scene.the_neighbour_answers('1').await;
    desk.reads("#rows .label", "praat met het loket").await;
    desk.is_well("desk-talks-with-the-desk").await;
    desk.clicks("[id$='-enter']").await;
    desk.reads("#nummer-bekend", "van het gesprek dat nu loopt").await;
    desk.clicks("#dienst option[value=company]").await;
    desk.fills("#postcode", "2584").await;
    desk.is_well("desk-request-from-a-call").await;
    desk.clicks("main button.go").await;
    desk.reads("main .notice", "wacht nu aan de lijn").await;
    scene.browser.sees("article.ringing").await;
    desk.goes_to(&scene.address("/loket")).await;
    desk.reads("#rows .label", "een buur wordt gebeld").await;
    desk.close().await;
    scene.ends().await;
}
