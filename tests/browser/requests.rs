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
    desk.reads("#gebeld ~ div", "ja, verbonden").await;
    desk.is_accessible("a request that ended well").await;
    desk.picture("desk-1280-request").await;
    desk.size(360, 740).await;
    desk.fits().await;
    desk.picture("desk-360-request").await;
    desk.close().await;
    scene.ends().await;
}
