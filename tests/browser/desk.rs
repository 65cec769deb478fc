//! The desk in a real browser: what operators do there, by clicks and keys, and whether everybody
//! can.

use std::time::Duration;

use burenhulp::commands::demo::Desk;
use burenhulp::domain::{Phone, Role};
use burenhulp::login::password;
use burenhulp::login::second_factor::Secret;
use burenhulp::store::NewOperator;

use super::Scene;
use super::driver::Browser;

const LINE: &str = "+31700002586";
const PASSWORD: &str = "fiets lamp regen boom";
/// Keys as a driver names them.
const TAB: &str = "\u{e004}";
const ENTER: &str = "\u{e007}";

/// A browser that counts the notes that it is to sound.
const NO_SOUND_CARD: &str = "
    window.notes = 0;
    window.AudioContext = class {
        currentTime = 0;
        createOscillator() {
            window.notes += 1;
            return { frequency: {}, connect: (to) => to, start() {}, stop() {} };
        }
        createGain() {
            const gain = { setValueAtTime() {}, exponentialRampToValueAtTime() {} };
            return { gain, connect() {} };
        }
    };";

/// A browser that writes down what it is to say.
const NO_VOICE: &str = "
    window.spoken = [];
    window.SpeechSynthesisUtterance = function (text) { this.text = text; };
    Object.defineProperty(window, 'speechSynthesis', { configurable: true, value: {
        speak: (words) => window.spoken.push(words.lang + ' ' + words.text),
        cancel() {},
    } });";

impl Scene {
    /// Another browser, at the desk, as this colleague.
    pub(super) async fn at_the_desk(&self, name: &str) -> Browser {
        let browser = Browser::open(1280, 900).await;
        browser.goes_to(&format!("{}?als={name}", self.demo.desk())).await;
        browser.sees("h1").await;
        browser
    }

    pub(super) fn address(&self, path: &str) -> String {
        self.demo.page().replace("/demo", path)
    }

    /// A colleague with a password, who has not set up a second step yet.
    async fn adds_a_colleague(&self, name: &str) {
        let line = Phone::from_stored(LINE).expect("a line");
        let new = NewOperator {
            name: name.into(),
            role: Role::Operator,
            password: password::hash(PASSWORD).expect("a hash"),
            password_given: false,
            lines: vec![line],
            areas: Vec::new(),
        };
        let (store, now) = (self.demo.exchange().store(), self.demo.exchange().now());
        store.write(move |tx| tx.add_operator(&new, now)).await.expect("a colleague");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_sets_up_a_second_step_and_logs_in_with_it() {
    let scene = Scene::set("nl", Desk::OfficeHours).await;
    scene.adds_a_colleague("Marijke").await;
    let browser = &scene.browser;
    browser.goes_to(&scene.address("/loket")).await;
    let logs_in = async || {
        browser.fills("#naam", "Marijke").await;
        browser.fills("#wachtwoord", PASSWORD).await;
        browser.clicks("main button.go").await;
    };
    logs_in().await;
    browser.reads("h1", "Nu bezig").await;
    browser.goes_to(&scene.address("/loket/ik/tweede-stap")).await;
    let secret = browser.sees("ol.steps code").await.text().await.expect("the secret");
    let secret = Secret::parse(&secret).expect("a secret as the app takes it");
    let code = |later| secret.code(scene.demo.exchange().now() + Duration::from_secs(later));
    browser.fills("#code", &code(0).expect("a code")).await;
    browser.fills("#huidig", PASSWORD).await;
    browser.clicks("main button.go").await;
    browser.sees("ul.codes code").await;
    browser.is_accessible("recovery codes").await;

    browser.clicks("form[action='/loket/uitloggen'] button").await;
    browser.goes_to(&scene.address("/loket")).await;
    logs_in().await;
    browser.sees("form[action='/loket/inloggen/code']").await;
    browser.is_accessible("the code").await;
    browser.fills("#code", "000000").await;
    browser.clicks("form[action='/loket/inloggen/code'] button.go").await;
    browser.reads("[role=alert]", "Deze code klopt niet").await;
    // A code is good once: the app's next one.
    browser.fills("#code", &code(30).expect("a code")).await;
    browser.clicks("form[action='/loket/inloggen/code'] button.go").await;
    browser.reads("h1", "Nu bezig").await;
    scene.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_moves_over_the_board_while_another_screen_has_the_telephone() {
    let scene = Scene::set("nl", Desk::OfficeHours).await;
    let desk = scene.at_the_desk("Kees").await;
    scene.browser.sees("a.button[href='/demo/loket']").await;
    desk.reads("#nobody", "Er belt nu niemand").await;
    desk.picture("desk-1280-empty").await;
    // By the keyboard alone: past the navigation, and a new call may make a sound.
    desk.types(TAB).await;
    desk.types(ENTER).await;
    assert_eq!(desk.focus().await, "main");
    desk.run(&format!("{NO_SOUND_CARD} document.getElementById('sound').focus()"), Vec::new())
        .await;
    desk.types(ENTER).await;
    desk.sees("#sound[aria-pressed=true]").await;
    let notes = "return window.notes";
    assert_eq!(desk.run(notes, Vec::new()).await, serde_json::json!(2), "how it will sound");
    scene.browser.clicks("#dial-button").await;
    desk.reads("#rows .label", "kiest met de toetsen").await;
    desk.reads("#summary", "1 gesprek").await;
    assert_eq!(desk.run(notes, Vec::new()).await, serde_json::json!(4), "a new call sounded");
    scene.browser.reads("#captions", "buurtgenoot spreken").await;
    scene.clicks_keys("1").await;
    scene.browser.reads("#captions", "een praatje").await;
    scene.clicks_keys("4").await;
    scene.browser.reads("#captions", "vier cijfers").await;
    scene.clicks_keys("2584").await;
    scene.browser.reads("#captions", "Klopt dat?").await;
    scene.clicks_keys("1").await;
    desk.reads("#rows .marks li", "gaat over").await;
    let look = async {
        desk.reads("#rows .label", "een buur wordt gebeld").await;
        desk.reads("#rows h3", "Scheveningen-Dorp").await;
        desk.reads("#rows .said", "Wij zoeken iemand bij u in de buurt").await;

        // Unfolded, it stays so while the row changes; so does the focus.
        desk.run("document.querySelector('#rows details summary').focus()", Vec::new()).await;
        desk.types(ENTER).await;
        desk.reads("#rows .reasons", "postcode").await;
        desk.types(TAB).await;
        assert!(desk.focus().await.ends_with("-take"), "on to what can be done about the call");
        desk.run("document.querySelector('#rows details summary').focus()", Vec::new()).await;
        desk.picture("desk-1280-ringing").await;
        desk.is_accessible("the board with a call").await;
    };
    scene.standing_still(look).await;
    scene.the_neighbour_answers('2').await;
    desk.reads("#rows .marks li:nth-child(1)", "nu niet").await;
    desk.reads("#rows .marks li:nth-child(2)", "gaat over").await;
    let script =
        "return [document.querySelector('#rows details').open, document.activeElement.tagName]";
    assert_eq!(desk.run(script, Vec::new()).await, serde_json::json!([true, "SUMMARY"]));
    let look = async {
        desk.size(360, 740).await;
        desk.fits().await;
        desk.picture("desk-360-ringing").await;
        desk.size(1280, 900).await;
    };
    scene.standing_still(look).await;

    scene.the_neighbour_answers('1').await;
    desk.reads("#rows .label", "praat met een buur").await;
    desk.reads("#rows .marks li:nth-child(2)", "ja, verbonden").await;
    let clock = "return document.querySelector('#rows .going-state .clock').textContent";
    let before = desk.run(clock, Vec::new()).await;
    let ticked = format!("{clock} !== arguments[0]");
    assert!(desk.comes_true(&ticked, vec![before]).await, "seconds go by by themselves");
    desk.picture("desk-1280-connected").await;

    scene.browser.clicks("#hang-up-button").await;
    desk.reads("#rows .label", "klaar: sprak een buur").await;
    desk.reads("#summary", "0 gesprekken").await;
    desk.close().await;
    scene.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_scripts_the_board_loads_itself_anew() {
    let scene = Scene::set("nl", Desk::OfficeHours).await;
    let desk = scene.at_the_desk("Kees").await;
    desk.scripts(false).await;
    desk.goes_to(&scene.address("/loket")).await;
    assert!(desk.text().await.contains("Er belt nu niemand"));
    scene.browser.clicks("#dial-button").await;
    desk.reads("#rows .label", "kiest met de toetsen").await;
    desk.close().await;
    scene.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_waiting_caller_is_taken_over_at_the_operators_own_telephone() {
    let scene = Scene::set("nl", Desk::Closed).await;
    let desk = scene.at_the_desk("Kees").await;
    scene.asks_for_a_chat().await;
    scene.browser.sees("article.ringing").await;
    let look = async {
        desk.clicks("[id$='-choose']").await;
        desk.reads("#not", "Wie niet gebeld wordt").await;
        desk.reads("#not ~ ul", "al gevraagd voor deze vraag").await;
        desk.is_accessible("who is rung, and why").await;
        desk.picture("desk-1280-choice").await;
        desk.goes_to(&scene.address("/loket")).await;
    };
    scene.standing_still(look).await;
    desk.clicks("[id$='-take']").await;
    desk.reads("#told", "De beller komt naar uw toestel").await;
    scene.browser.reads("article.ringing h3", "Loket Scheveningen").await;
    scene.standing_still(desk.picture("desk-1280-taken-over")).await;
    scene.the_neighbour_answers('1').await;
    scene.browser.reads("#caller-state", "U bent verbonden").await;
    desk.reads("#rows .label", "praat met het loket").await;
    desk.close().await;
    scene.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_is_played_and_its_promise_kept() {
    let scene = Scene::set("nl", Desk::Closed).await;
    scene.browser.clicks("#dial-button").await;
    scene.browser.reads("#captions", "Een bericht inspreken? Toets 0.").await;
    scene.clicks_keys("0").await;
    scene.browser.clicks("#talk-button").await;
    scene.browser.reads("#captions", "Opgenomen").await;
    scene.browser.clicks("#hang-up-button").await;

    let desk = scene.at_the_desk("Kees").await;
    desk.reads("#summary", "1 belofte open").await;
    desk.goes_to(&scene.address("/loket/berichten")).await;
    desk.clicks("#open ~ ul a.button.go").await;
    // It is fetched from the provider a moment after it was left.
    desk.answers(&scene.address("/loket/geluid/1")).await;
    desk.page.refresh().await.expect("the page again");
    desk.sees("audio").await;
    // Browsers let a page sound only after a click on it.
    desk.clicks("h1").await;
    let plays = "
        const sound = document.querySelector('audio');
        sound.muted = true;
        return sound.play().then(() => sound.duration);";
    let seconds = desk.run(plays, Vec::new()).await.as_f64().expect("a length");
    assert!((4.0..8.0).contains(&seconds), "what was spoken in, in full: {seconds} s");
    desk.is_accessible("a message").await;
    desk.picture("desk-1280-message").await;

    // Calling back: the desk's telephone rings, until somebody thinks better of it.
    desk.clicks("form[action$='/terugbellen'] button").await;
    scene.browser.reads("article.ringing h3", "Loket Scheveningen").await;
    scene.standing_still(desk.is_well("desk-calling-back")).await;
    desk.clicks("form[action$='/afbreken'] button").await;
    desk.reads("main .notice", "Het bellen is afgebroken").await;
    scene.browser.sees("article.over").await;

    desk.clicks("form[action$='/afronden'] input[name='hoe']").await;
    desk.clicks("form[action$='/afronden'] button").await;
    desk.goes_to(&scene.address("/loket")).await;
    desk.reads("#summary", "0 beloftes open").await;
    desk.close().await;
    scene.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_desk_is_closed_for_today_and_callers_hear_it() {
    let scene = Scene::set("nl", Desk::OfficeHours).await;
    let desk = scene.at_the_desk("Kees").await;
    desk.reads("#summary", "loket open").await;
    desk.goes_to(&scene.address("/loket/open")).await;
    desk.clicks("form[action='/loket/open/nu'] button[value='dicht']").await;
    desk.reads("main .label", "dicht").await;
    // A notice: how it sounds before anybody hears it, and then callers do.
    desk.run(NO_VOICE, Vec::new()).await;
    desk.fills("textarea[lang^=nl]", "Vandaag sluiten wij eerder.").await;
    desk.clicks("button[data-aloud]").await;
    let spoken = desk.run("return window.spoken", Vec::new()).await;
    assert_eq!(spoken, serde_json::json!(["nl-NL Vandaag sluiten wij eerder."]));
    desk.clicks("form[action='/loket/open/mededeling'] button[value=aan]").await;
    desk.reads("form[action='/loket/open/mededeling'] .label", "aan").await;
    desk.goes_to(&scene.address("/loket")).await;
    desk.reads("#summary", "loket dicht").await;
    scene.browser.clicks("#dial-button").await;
    scene.browser.reads("#captions", "Vandaag sluiten wij eerder.").await;
    scene.browser.reads("#captions", "Een bericht inspreken? Toets 0.").await;
    desk.close().await;
    scene.ends().await;
}
