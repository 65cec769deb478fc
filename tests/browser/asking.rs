//! Asking on the web in a real browser, with the demo's telephones answering.

use burenhulp::commands::demo::Desk;

use super::Scene;
use super::driver::Browser;

/// Somebody who lives in Scheveningen; her telephone is on the demo's page.
const DE_VRIES: &str = "070 001 00 02";

#[tokio::test(flavor = "multi_thread")]
async fn somebody_asks_in_three_steps_without_scripts_and_is_joined_with_a_neighbour() {
    let scene = Scene::set("nl", Desk::Closed).await;
    let asker = Browser::open(360, 800).await;
    asker.takes_scripts(false).await;
    asker.goes_to(&scene.demo.page().replace("/demo", "/vragen")).await;
    asker.reads("h1", "Wat wilt u vragen?").await;
    asker.is_accessible("what").await;
    asker.fits().await;
    asker.picture("vragen-1-360").await;
    asker.clicks("input[value=company]").await;
    asker.clicks("main button.go").await;

    asker.reads("h1", "Waar en wanneer?").await;
    asker.fills("#postcode", "99").await;
    asker.clicks("main button.go").await;
    asker.reads("#fout-postcode", "vier cijfers").await;
    asker.is_accessible("a postcode that is none").await;
    asker.picture("vragen-2-fout-360").await;
    asker.fills("#postcode", "2584").await;
    asker.clicks("main button.go").await;

    asker.reads("h1", "Waar bellen wij u?").await;
    asker.reads("dl", "Scheveningen").await;
    asker.is_accessible("which telephone").await;
    asker.fits().await;
    asker.picture("vragen-3-360").await;
    asker.fills("#telefoon", "112").await;
    asker.clicks("main button.go").await;
    asker.reads("#fout-telefoon", "kunnen wij niet bellen").await;
    asker.fills("#telefoon", DE_VRIES).await;
    asker.clicks("main button.go").await;
    asker.reads("#stand", "Wij bellen u nu").await;
    let look = async {
        asker.is_accessible("how it stands").await;
        asker.picture("vragen-4-360").await;
    };
    scene.standing_still(look).await;

    // First her own telephone, then a neighbour's, then hers again.
    for question in ["vraag met dit nummer", "Schikt het?", "Er is iemand gevonden"] {
        let telephones = &scene.browser;
        let rings = telephones.sees("article.ringing").await.attr("id").await;
        let rings = rings.expect("an article").expect("with an id");
        telephones.clicks(&format!("#{rings} .go")).await;
        telephones.reads(&format!("#{rings} .captions"), question).await;
        telephones.clicks(&format!("#{rings} button[value='1']")).await;
    }
    scene.browser.sees("article.talking").await;
    scene.browser.clicks("article.talking .stop").await;
    scene.demo.network().quiet().await.expect("a network");
    asker.clicks("main a.button").await;
    asker.reads("#stand", "Gelukt").await;
    asker.is_accessible("it worked").await;
    asker.size(1280, 900).await;
    asker.fits().await;
    asker.picture("vragen-5-1280").await;
    asker.close().await;
    scene.ends().await;
}
