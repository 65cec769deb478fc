//! The board of the neighbourhood in a real browser, with the demo's telephones answering: somebody
//! takes a request up, and somebody an offer; both are rung, and joined.

use burenhulp::commands::demo::Desk;

use super::Scene;
use super::driver::Browser;

/// Mevrouw Jansen-Vos and Hassan take part for a chat or a walk; whoever asks does not.
const JANSEN: &str = "+31700010001";
const HASSAN: &str = "+31700010038";
const ASKER: &str = "06 0100 0010";

impl Scene {
    /// Somebody in Scheveningen asks for company on Friday, for the board, too, and confirms it.
    async fn asks_for_the_board(&self) -> Browser {
        let asker = Browser::open(360, 800).await;
        asker.goes_to(&self.address("/vragen/nummer?dienst=company&postcode=2586&wanneer=moment&dag=2026-11-27&tijd=10:00")).await;
        asker.fills("#telefoon", ASKER).await;
        asker.clicks("input[name=prikbord]").await;
        asker.picture("vragen-3-prikbord-360").await;
        asker.clicks("main button.go").await;
        asker.reads("#stand", "Wij bellen u nu").await;
        self.picks_up("vraag met dit nummer").await;
        self.browser.sees("article.over").await;
        asker
    }

    /// The telephone that rings is picked up, and 1 is pressed at these words.
    async fn picks_up(&self, words: &str) {
        let telephones = &self.browser;
        let rings = telephones.sees("article.ringing").await.attr("id").await;
        let rings = rings.expect("an article").expect("with an id");
        telephones.clicks(&format!("#{rings} .go")).await;
        telephones.reads(&format!("#{rings} .captions"), words).await;
        telephones.clicks(&format!("#{rings} button[value='1']")).await;
    }

    /// They talk, and one of them hangs up.
    async fn they_talk(&self) {
        self.browser.sees("article.talking").await;
        self.browser.clicks("article.talking .stop").await;
        self.demo.network().quiet().await.expect("a network");
    }
}

/// The page as it is wide and narrow, and whether everybody can use it.
async fn looked_at(browser: &Browser, name: &str) {
    for width in [1280, 360] {
        browser.size(width, 900).await;
        browser.fits().await;
        browser.picture(&format!("prikbord-{name}-{width}")).await;
        browser.is_accessible(&format!("{name} at {width}")).await;
    }
    browser.size(1280, 900).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_is_taken_up_an_offer_is_answered_and_both_times_two_neighbours_talk() {
    let scene = Scene::set("nl", Desk::OfficeHours).await;
    let asker = scene.asks_for_the_board().await;
    let jansen = Browser::open(1280, 900).await;
    scene.logs_in(&jansen, JANSEN).await;
    jansen.clicks("nav a[href='/mijn/prikbord']").await;
    jansen.reads("#vragen ~ ul", "vr 27 nov 10:00").await;
    jansen.reads("#vragen ~ ul", "vlak bij u").await;
    looked_at(&jansen, "vraag").await;

    jansen.clicks("#vragen ~ ul button.go").await;
    jansen.reads("[role=status]", "Uw telefoon gaat zo over").await;
    scene.standing_still(looked_at(&jansen, "ik-doe-het")).await;
    scene.picks_up("Schikt het?").await;
    scene.picks_up("Er is iemand gevonden").await;
    scene.they_talk().await;
    asker.clicks("main a.button").await;
    asker.reads("#stand", "Gelukt").await;
    asker.close().await;
    jansen.goes_to(&scene.address("/mijn/prikbord")).await;
    jansen.reads("#vragen ~ p", "Op dit moment vraagt niemand").await;

    // The other way round: she offers, somebody would like it. First an offer for a day too far away.
    jansen.run("document.querySelector('#dag').value = '2027-11-27'", Vec::new()).await;
    jansen.clicks("form[action='/mijn/prikbord/aanbod'] button.go").await;
    jansen.reads("#fout-dag", "binnen een maand").await;
    looked_at(&jansen, "aanbod-fout").await;
    jansen.run("document.querySelector('#dag').value = '2026-11-24'", Vec::new()).await;
    jansen.clicks("form[action='/mijn/prikbord/aanbod'] button.go").await;
    jansen.reads("[role=status]", "Het staat op het prikbord").await;
    looked_at(&jansen, "eigen-aanbod").await;
    let desk = scene.at_the_desk("Kees").await;
    desk.goes_to(&scene.address("/loket/prikbord")).await;
    desk.reads("#aanbod ~ div", "vandaag").await;
    looked_at(&desk, "loket").await;
    desk.close().await;

    let hassan = Browser::open(1280, 900).await;
    scene.logs_in(&hassan, HASSAN).await;
    hassan.goes_to(&scene.address("/mijn/prikbord")).await;
    hassan.reads("#aanbod ~ ul li:first-child", "vandaag").await;
    looked_at(&hassan, "aanbod").await;
    hassan.clicks("#aanbod ~ ul button.go").await;
    hassan.reads("[role=status]", "Wij bellen nu uw buurtgenoot").await;
    scene.picks_up("Schikt het?").await;
    scene.picks_up("Er is iemand gevonden").await;
    scene.they_talk().await;
    jansen.goes_to(&scene.address("/mijn/prikbord")).await;
    jansen.reads("main", "iemand wil graag").await;
    looked_at(&jansen, "aanbod-klaar").await;
    hassan.close().await;
    jansen.close().await;
    scene.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_desk_puts_a_request_on_the_board_and_takes_down_what_a_neighbour_reports() {
    let scene = Scene::set("nl", Desk::OfficeHours).await;
    let desk = scene.at_the_desk("Kees").await;
    desk.clicks("nav a[href='/loket/vragen']").await;
    desk.clicks("a[href='/loket/prikbord']").await;
    desk.reads("#aanbod ~ div", "vr 27 nov").await;
    desk.clicks("a[href='/loket/vragen/nieuw']").await;
    desk.fills("#naam", "Greet").await;
    desk.fills("#telefoon", ASKER).await;
    desk.clicks("#dienst option[value=company]").await;
    desk.fills("#postcode", "2586").await;
    desk.clicks("input[value=moment]").await;
    let moment = "document.querySelector('#moment').value = '2026-11-27T10:00'";
    desk.run(moment, Vec::new()).await;
    desk.clicks("input[name=prikbord]").await;
    looked_at(&desk, "loket-nieuwe-vraag").await;
    desk.clicks("main button.go").await;
    desk.reads("#prikbord ~ p", "Buren zien deze vraag").await;
    desk.reads("#prikbord ~ ul", "wordt het eerst gevraagd").await;
    looked_at(&desk, "loket-vraag-erop").await;
    desk.clicks("form[action$='/prikbord'] button").await;
    desk.reads("main .notice", "van het prikbord").await;
    desk.clicks("form[action$='/prikbord'] button").await;
    desk.reads("#fout-akkoord", "Alleen als de persoon het goed vindt").await;
    looked_at(&desk, "loket-vraag-zonder-akkoord").await;
    desk.clicks("input[name=akkoord][aria-invalid]").await;
    desk.clicks("form[action$='/prikbord'] button").await;
    desk.reads("main .notice", "De vraag staat op het prikbord").await;
    desk.goes_to(&scene.address("/loket/prikbord")).await;
    desk.reads("#vragen ~ div", "vr 27 nov 10:00").await;

    // A neighbour finds that it does not belong there. First without a reason.
    let jansen = Browser::open(1280, 900).await;
    scene.logs_in(&jansen, JANSEN).await;
    jansen.goes_to(&scene.address("/mijn/prikbord")).await;
    jansen.reads("#vragen ~ ul", "vr 27 nov 10:00").await;
    jansen.clicks("#vragen ~ ul summary").await;
    looked_at(&jansen, "melden").await;
    jansen.clicks("form[action$='/melden'] button").await;
    jansen.reads("#fout-waarom", "Kies waarom").await;
    looked_at(&jansen, "melden-fout").await;
    jansen.clicks("details[open] input[value=commercial]").await;
    jansen.clicks("details[open] button").await;
    jansen.reads("[role=status]", "Het loket kijkt ernaar").await;
    jansen.reads("#vragen ~ p", "Op dit moment vraagt niemand").await;
    looked_at(&jansen, "gemeld").await;

    // The desk looks at it, and takes it down; also her own offer, about which somebody rang.
    jansen.run("document.querySelector('#dag').value = '2026-11-25'", Vec::new()).await;
    jansen.clicks("form[action='/mijn/prikbord/aanbod'] button.go").await;
    jansen.reads("[role=status]", "Het staat op het prikbord").await;
    desk.clicks("#vragen ~ div a.row").await;
    desk.clicks("section[aria-labelledby=beloofd] a").await;
    desk.reads("#wat ~ dl", "1 keer: om geld te verdienen").await;
    looked_at(&desk, "loket-melding").await;
    desk.clicks("form[action$='/prikbord'] button.stop").await;
    desk.reads("main .notice", "Het is van het prikbord gehaald").await;
    looked_at(&desk, "loket-melding-klaar").await;
    desk.goes_to(&scene.address("/loket/prikbord")).await;
    desk.reads("#vragen", "(0)").await;
    desk.reads("#aanbod ~ div tbody tr:nth-child(2)", "Jansen").await;
    desk.clicks("#aanbod ~ div tbody tr:nth-child(2) summary").await;
    looked_at(&desk, "loket-haal-eraf").await;
    desk.clicks("#aanbod ~ div tbody tr:nth-child(2) button.stop").await;
    desk.reads("main .notice", "Het is van het prikbord gehaald").await;
    desk.close().await;
    jansen.goes_to(&scene.address("/mijn/prikbord")).await;
    jansen.reads("#eigen ~ ul", "Het loket heeft dit eraf gehaald").await;
    looked_at(&jansen, "eraf-gehaald").await;
    jansen.close().await;
    scene.ends().await;
}
