//! The public pages and the pages of those who take part, in a real browser; the telephones ring on
//! the demo's own page.

use axum::http::Method;
use burenhulp::commands::demo::Desk;
use burenhulp::domain::Phone;
use burenhulp::sim::log::What;
use burenhulp::web::portal::known_routes;

use super::Scene;
use super::driver::Browser;
use crate::house::portal::codes_heard;

impl Browser {
    /// The page fits, can be used by everybody, and has its picture taken, wide and narrow.
    async fn is_seen_wide_and_narrow(&self, name: &str) {
        for width in [360, 1280] {
            self.size(width, 900).await;
            self.fits().await;
            self.picture(&format!("{name}-{width}")).await;
            self.is_accessible(&format!("{name} at {width}")).await;
        }
    }
}

/// Mevrouw De Vries takes part; Noor does not.
const DE_VRIES: &str = "+31700010002";

impl Scene {
    /// Another browser, on this page. It takes no scripts: nothing of these pages needs any.
    async fn visitor(&self, path: &str) -> Browser {
        let browser = Browser::open(1280, 900).await;
        browser.takes_scripts(false).await;
        browser.goes_to(&self.address(path)).await;
        browser.sees("h1").await;
        browser
    }

    /// The telephone that rings is picked up, 1 is pressed, the code is written down, and it is put
    /// down again.
    async fn a_code_is_heard(&self, number: &str) -> String {
        self.browser.clicks("article.ringing .go").await;
        self.browser.reads("article .captions", "toets 1").await;
        self.browser.clicks("article button[value='1']").await;
        self.browser.reads("article .captions", "Vul de code in").await;
        let (log, _) = self.demo.network().since(0).await.expect("a network");
        self.browser.clicks("article form[action='/demo/hang-up'] button").await;
        self.browser.sees("article.over").await;
        codes_heard(&log, number).pop().expect("a code")
    }

    pub(super) async fn logs_in(&self, browser: &Browser, number: &str) {
        browser.goes_to(&self.address("/mijn")).await;
        browser.fills("#nummer", number).await;
        browser.clicks("main button.go").await;
        browser.reads("h1", "Wij bellen u nu").await;
        let code = self.a_code_is_heard(number).await;
        browser.fills("#code", &code).await;
        browser.clicks("main button.go").await;
        browser.reads("h1", "Mijn pagina").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_logs_in_by_a_spoken_code_settles_their_week_takes_a_pause_and_stops() {
    let scene = Scene::set("nl", Desk::Closed).await;
    let visitor = scene.visitor("/").await;
    visitor.reads("main", "070 000 25 86").await;
    visitor.clicks("nav a[href='/mijn']").await;
    visitor.reads("h1", "Naar uw eigen pagina").await;
    scene.logs_in(&visitor, DE_VRIES).await;

    visitor.clicks("main a[href='/mijn/tijden']").await;
    visitor.clicks("input[value='0-ochtend']").await;
    visitor.clicks("main button.go").await;
    visitor.reads("[role=status]", "op maandag, van negen tot twaalf uur").await;
    // Every box away, then Monday and Wednesday in the morning.
    let empty =
        "document.querySelectorAll('input[name=tijd]').forEach((box) => box.checked = false)";
    visitor.run(empty, Vec::new()).await;
    visitor.clicks("main button.go").await;
    visitor.reads("#nooit", "nooit bellen").await;
    visitor.is_accessible("hours that never open").await;
    visitor.clicks("input[value='0-ochtend']").await;
    visitor.clicks("input[value='2-ochtend']").await;
    visitor.clicks("main button.go").await;
    visitor.reads("[role=status]", "op maandag en woensdag, van negen tot twaalf uur").await;

    visitor.goes_to(&scene.address("/mijn/aanbod")).await;
    visitor.clicks("input[name=dienst][value='dog']").await;
    visitor.clicks("input[name=dienst][value='transport']").await;
    visitor.clicks("input[name='binnen-transport'][value='ja']").await;
    visitor.clicks("input[name=vraag][value='odd-job']").await;
    visitor.clicks("#ver option[value='2000']").await;
    visitor.clicks("main button.go").await;
    visitor.reads("[role=status]", "Bewaard").await;
    visitor.is_seen_wide_and_narrow("mijn-aanbod-gekozen").await;

    // The dog also near her work.
    visitor.goes_to(&scene.address("/mijn/plekken")).await;
    visitor.fills("#postcode", "25").await;
    visitor.clicks("form[action='/mijn/plekken/erbij'] button").await;
    visitor.reads("#postcode-fout", "vier cijfers").await;
    visitor.is_accessible("a place that is none").await;
    visitor.fills("#postcode", "2516").await;
    visitor.clicks("form[action='/mijn/plekken/erbij'] button").await;
    visitor.reads("[role=status]", "staat erbij").await;
    visitor.clicks("input[name='dienst-2516'][value='transport']").await;
    visitor.clicks("main button.go").await;
    visitor.reads("[role=status]", "Bewaard").await;
    visitor.is_seen_wide_and_narrow("mijn-plekken-twee").await;
    visitor.goes_to(&scene.address("/mijn")).await;
    visitor.reads("main", "Binckhorst (2516)").await;
    visitor.reads("main", "een klusje thuis").await;
    visitor.is_seen_wide_and_narrow("mijn-ingevuld").await;
    visitor.goes_to(&scene.address("/mijn/gegevens")).await;
    visitor.is_seen_wide_and_narrow("mijn-gegevens-ingevuld").await;
    visitor.goes_to(&scene.address("/mijn/plekken")).await;
    visitor.clicks("button[formaction='/mijn/plekken/2516/weg']").await;
    visitor.reads("[role=status]", "Deze plek is weg").await;

    visitor.goes_to(&scene.address("/mijn/pauze")).await;
    visitor.clicks("input[value='maand']").await;
    visitor.clicks("main button.go").await;
    visitor.reads(".notice.warning", "U hebt pauze tot en met").await;
    visitor.is_accessible("a pause").await;
    visitor.clicks("form[action='/mijn/pauze/einde'] button").await;
    visitor.reads("[role=status]", "u doet weer mee").await;

    let de_vries = Phone::from_stored(DE_VRIES).unwrap();
    let known = scene.demo.exchange().store().write(move |tx| tx.participant_by_phone(&de_vries));
    scene.was_silent_for_a_year(known.await.unwrap().unwrap().id).await;
    visitor.goes_to(&scene.address("/mijn")).await;
    visitor.reads(".notice.warning", "Doet u nog graag mee?").await;
    for width in [1280, 360] {
        visitor.size(width, 900).await;
        visitor.fits().await;
        visitor.picture(&format!("mijn-nog-mee-{width}")).await;
        visitor.is_accessible(&format!("the question, at {width}")).await;
    }
    visitor.size(1280, 900).await;
    visitor.clicks(".notice.warning form button").await;
    visitor.reads("[role=status]", "u doet weer mee").await;

    visitor.goes_to(&scene.address("/mijn/stoppen")).await;
    visitor.clicks("main button.stop").await;
    visitor.reads("h1", "U bent gestopt").await;
    visitor.reads("main", "Uw gegevens zijn gewist").await;
    visitor.is_accessible("stopped").await;
    visitor.picture("mijn-gestopt-1280").await;
    visitor.goes_to(&scene.address("/mijn")).await;
    visitor.reads("h1", "Naar uw eigen pagina").await;
    visitor.close().await;
    scene.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_helped_a_caller_would_rather_not_again_and_nobody_is_told() {
    let scene = Scene::set("nl", Desk::Closed).await;
    scene.asks_for_a_chat().await;
    scene.the_neighbour_answers('1').await;
    scene.browser.sees("article.talking").await;
    let (log, _) = scene.demo.network().since(0).await.expect("a network");
    let helper = log.iter().rev().find_map(|entry| match &entry.what {
        What::Rung { number, .. } => Some(number.as_str().to_owned()),
        _ => None,
    });
    scene.browser.clicks("article.talking .stop").await;
    scene.browser.reads("#captions", "Is het gelukt").await;
    scene.browser.types("1").await;
    scene.browser.reads("#caller-state", "Het gesprek is klaar").await;

    let visitor = scene.visitor("/").await;
    scene.logs_in(&visitor, &helper.expect("somebody was rung")).await;
    visitor.clicks("main a[href='/mijn/geschiedenis']").await;
    visitor.is_seen_wide_and_narrow("mijn-geschiedenis-beller").await;
    visitor.clicks("form[action$='/niet-meer'] button").await;
    visitor.reads("[role=status]", "De ander merkt daar niets van").await;
    visitor.reads("main", "Niet meer met elkaar").await;
    visitor.is_seen_wide_and_narrow("mijn-geschiedenis-apart").await;
    visitor.clicks("form[action$='/toch-weer'] button").await;
    visitor.reads("[role=status]", "Dat mag voor u weer").await;
    visitor.close().await;
    scene.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_new_signs_up_answers_with_1_and_takes_part() {
    let scene = Scene::set("nl", Desk::Closed).await;
    let visitor = scene.visitor("/meedoen").await;
    visitor.clicks("main button.go").await;
    visitor.reads("#fout-nummer", "tien cijfers").await;
    visitor.reads("#fout-akkoord", "vinkje").await;
    visitor.is_accessible("a form with faults").await;
    visitor.picture("meedoen-fouten-1280").await;
    visitor.size(360, 900).await;
    visitor.fits().await;
    visitor.picture("meedoen-fouten-360").await;
    visitor.fills("#nummer", "06 0100 0010").await;
    visitor.fills("#postcode", "2584").await;
    visitor.clicks("input[name=doe][value=dog]").await;
    visitor.clicks("input[value='week-middag']").await;
    visitor.clicks("input[name=akkoord]").await;
    visitor.clicks("main button.go").await;
    visitor.reads("h1", "Dank u wel").await;
    let look = async {
        visitor.is_accessible("signed up").await;
        visitor.picture("meedoen-klaar-360").await;
    };
    scene.standing_still(look).await;
    scene.browser.clicks("article.ringing .go").await;
    scene.browser.reads("article .captions", "oets 1").await;
    scene.browser.clicks("article button[value='1']").await;
    scene.demo.network().quiet().await.expect("a network");
    scene.logs_in(&visitor, "+31601000010").await;
    visitor.reads("main", "het uitlaten van de hond").await;
    visitor.close().await;
    scene.ends().await;
}

/// Addresses that are pages by themselves.
fn pages() -> impl Iterator<Item = &'static str> {
    let is_page = |path: &&str| ![".css", ".json", "{"].iter().any(|odd| path.contains(odd));
    let gets = known_routes().iter().filter(|(method, _, _)| *method == Method::GET);
    gets.map(|(_, path, _)| *path).filter(is_page)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_can_be_used_by_everybody_wide_and_narrow_with_scripts_and_without() {
    let scene = Scene::set("nl", Desk::OfficeHours).await;
    let visitor = scene.visitor("/").await;
    for logged_in in [false, true] {
        if logged_in {
            scene.logs_in(&visitor, DE_VRIES).await;
        }
        // A page without scripts is the same page when none come through.
        let mut with_scripts = Vec::new();
        for scripts in [true, false] {
            visitor.takes_scripts(scripts).await;
            let again = std::mem::take(&mut with_scripts);
            for path in pages().filter(|path| scripts || again.contains(path)) {
                visitor.goes_to(&scene.address(path)).await;
                if visitor.has_scripts().await {
                    with_scripts.push(path);
                }
                for width in [1280, 360] {
                    visitor.size(width, 900).await;
                    visitor.fits().await;
                    if scripts {
                        let name = path.trim_start_matches('/').replace('/', "-");
                        let who = if logged_in { "in" } else { "uit" };
                        visitor.picture(&format!("portal-{who}-{name}-{width}")).await;
                    }
                    visitor.is_accessible(&format!("{path} at {width}, scripts: {scripts}")).await;
                }
            }
        }
    }
    visitor.close().await;
    scene.ends().await;
}
