//! The demo in a real browser: somebody calls, neighbours answer, all by clicks and keys.

mod asking;
mod axe;
mod board;
mod card;
mod desk;
mod driver;
mod everybody;
mod logging_in;
mod notice_board;
mod portal;
mod reports;
mod requests;

use std::time::Duration;

use burenhulp::commands::demo::{Demo, Desk, Running};
use burenhulp::dispatch::still_there::WhyAsked;
use burenhulp::domain::{ParticipantId, Phone, Timestamp};
use burenhulp::store::StoreError;
use driver::Browser;

/// Telephones ring and people speak so much faster than in life.
const SPEED: f64 = 4.0;

/// A demo on a Tuesday morning with a browser on its page; neighbours are left to whoever clicks.
struct Scene {
    demo: Running,
    browser: Browser,
}

impl Scene {
    async fn set(language: &str, desk: Desk) -> Self {
        let at = Timestamp::parse("2026-11-24T10:00:00+01:00");
        let demo = Demo { port: 0, seed: 1, speed: SPEED, at, desk, past: 0 };
        let demo = demo.start().await.expect("the demo starts");
        let browser = Browser::open(1280, 900).await;
        browser.page.goto(&format!("{}?lang={language}", demo.page())).await.expect("a page");
        browser.picture("1280-before").await;
        browser.clicks("#habits-button").await;
        browser.sees("#habits-button[aria-checked=false]").await;
        Self { demo, browser }
    }

    /// Somebody whom the exchange does not know asks for a chat in 2584, by clicking the keypad.
    async fn asks_for_a_chat(&self) {
        self.browser.clicks("#dial-button").await;
        self.browser.reads("#captions", "een praatje").await;
        self.clicks_keys("4").await;
        self.browser.reads("#captions", "vier cijfers").await;
        self.clicks_keys("2584").await;
        self.browser.reads("#captions", "Klopt dat?").await;
        self.clicks_keys("1").await;
    }

    async fn clicks_keys(&self, keys: &str) {
        for key in keys.chars() {
            self.browser.clicks(&format!("#keypad button[value='{key}']")).await;
        }
    }

    /// The telephone that rings is picked up, and this key is pressed into the question.
    async fn the_neighbour_answers(&self, key: char) {
        self.browser.clicks("article.ringing .go").await;
        self.browser.reads("article .captions", "Toets 1").await;
        self.browser.clicks(&format!("article button[value='{key}']")).await;
    }

    /// Nothing was heard of this one for a year: they are to be asked, in a few days, and rest.
    async fn was_silent_for_a_year(&self, who: ParticipantId) {
        let (store, now) = (self.demo.exchange().store(), self.demo.exchange().now());
        let asked = store.write(move |tx| {
            let line = Phone::from_stored("+31700002586").expect("a line");
            let then = now + Duration::from_secs(3 * 24 * 3600);
            tx.ask_whether_still_there(who, &line, WhyAsked::Silent, then, now)
        });
        asked.await.map_err(|fault: StoreError| fault).expect("written down");
    }

    /// Looks while the telephones stand still: however long that takes, what rings rings on, and
    /// nobody who is on the line grows impatient.
    async fn standing_still<T>(&self, look: impl Future<Output = T>) -> T {
        self.demo.network().hold().await.expect("a network");
        let looked = look.await;
        self.demo.network().go_on().await.expect("a network");
        looked
    }

    async fn ends(self) {
        self.browser.close().await;
        self.demo.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_neighbour_says_yes_and_afterwards_the_caller_says_that_it_worked_out() {
    let scene = Scene::set("nl", Desk::Closed).await;
    scene.asks_for_a_chat().await;
    let browser = &scene.browser;
    browser.reads("#search .rings li .outcome", "gaat over").await;
    browser.reads("#search .rings li .reason", "postcode").await;
    browser.sees("article.ringing").await;
    let look = async {
        browser.picture("1280-ringing").await;
        browser.size(360, 740).await;
        browser.fits().await;
        browser.picture("360-ringing").await;
        browser.size(1280, 900).await;
    };
    scene.standing_still(look).await;

    scene.the_neighbour_answers('1').await;
    browser.reads("#caller-state", "U bent verbonden").await;
    browser.sees("article.talking").await;
    browser.reads("#search .outcome.yes", "ja, verbonden").await;
    browser.picture("1280-connected").await;
    browser.size(360, 740).await;
    browser.fits().await;
    browser.picture("360-connected").await;
    browser.size(1280, 900).await;

    browser.clicks("article.talking .stop").await;
    browser.reads("#captions", "Is het gelukt").await;
    // By the computer's keyboard this time.
    browser.types("1").await;
    browser.reads("#captions", "fijne dag").await;
    browser.reads("#caller-state", "Het gesprek is klaar").await;
    browser.reads("#search .result", "een buur zei ja").await;
    browser.sees("body[data-state=none] #dial-button").await;
    browser.picture("1280-after").await;
    scene.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r7_a_no_rings_the_next_and_the_caller_hears_only_that_the_search_goes_on() {
    let scene = Scene::set("nl", Desk::Closed).await;
    scene.asks_for_a_chat().await;
    let browser = &scene.browser;
    scene.the_neighbour_answers('2').await;
    browser.reads("#captions", "Het komt net niet uit. Wij bellen iemand anders.").await;
    browser.reads("#search .rings li:nth-child(1) .outcome", "nu niet").await;
    browser.reads("#search .rings li:nth-child(2) .outcome", "gaat over").await;
    browser.clicks("article.ringing form[action='/demo/voicemail'] button").await;
    browser.reads("#search .rings li:nth-child(2) .outcome", "voicemail").await;
    browser.sees("#search .rings li:nth-child(3)").await;
    scene.standing_still(browser.picture("1280-third")).await;
    browser.clicks("#hang-up-button").await;
    browser.reads("#search .result", "De beller hing op").await;
    browser.reads("#search .rings li:nth-child(3) .outcome", "beller stopte").await;
    scene.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn left_to_their_habits_neighbours_answer_by_themselves() {
    let scene = Scene::set("en", Desk::Closed).await;
    let browser = &scene.browser;
    browser.clicks("#habits-button").await;
    browser.sees("#habits-button[aria-checked=true]").await;
    browser.clicks("#dial-button").await;
    browser.reads("#captions", "For English, press 8").await;
    browser.reads("#captions", "een praatje").await;
    // All by the computer's keyboard, in English.
    browser.types("8").await;
    browser.reads("#captions", "press 4").await;
    browser.types("4").await;
    browser.reads("#captions", "four digits of your postcode").await;
    browser.types("2586").await;
    browser.reads("#captions", "If that is right").await;
    browser.types("1").await;
    browser.reads("#search h3", "Request: a chat").await;
    browser.sees("#search .rings li .outcome:not(.busy)").await;
    browser.picture("1280-habits").await;
    scene.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn in_the_villages_the_neighbour_first_hears_what_the_caller_said() {
    let scene = Scene::set("nl", Desk::Closed).await;
    let browser = &scene.browser;
    // A participant is offered their own place.
    let willemien = "#who option[value='+31570001001']";
    browser.clicks(willemien).await;
    browser.clicks("#dial .choice:nth-of-type(2)").await;
    browser.clicks("#dial-button").await;
    browser.reads("#captions", "toets 1").await;
    scene.clicks_keys("1").await;
    browser.reads("#captions", "Is het voor").await;
    scene.clicks_keys("1").await;
    browser.clicks("#talk-button").await;
    browser.reads("#captions", "Opgenomen").await;
    browser.sees("article.ringing").await;
    browser.clicks("article.ringing .go").await;
    browser.reads("article .captions", "Er klinkt een opname").await;
    let look = async {
        browser.size(800, 900).await;
        browser.fits().await;
        browser.picture("800-note").await;
    };
    scene.standing_still(look).await;
    browser.reads("article .captions", "Toets 1").await;
    browser.clicks("article button[value='3']").await;
    browser.reads("#search .rings li:nth-child(1) .outcome", "vandaag niet meer").await;
    scene.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn in_office_hours_the_desk_is_one_key_away() {
    let scene = Scene::set("nl", Desk::OfficeHours).await;
    let browser = &scene.browser;
    browser.clicks("#dial-button").await;
    browser.reads("#captions", "Liever een medewerker? Toets 0.").await;
    scene.clicks_keys("0").await;
    browser.reads("#search h3", "Vraag aan het loket").await;
    browser.reads("article.ringing h3", "Loket Scheveningen").await;
    scene.the_neighbour_answers('1').await;
    browser.reads("#caller-state", "U bent verbonden").await;
    browser.reads("#search .result", "Het loket nam aan").await;
    browser.picture("1280-desk").await;
    scene.ends().await;
}

/// A browser with a Dutch voice, which writes down what it is to say.
const A_DUTCH_VOICE: &str = "
    window.spoken = [];
    window.SpeechSynthesisUtterance = function (text) { this.text = text; };
    Object.defineProperty(window, 'speechSynthesis', { value: {
        getVoices: () => [{ lang: 'nl-NL' }],
        speak: (words) => window.spoken.push(words.lang + ' ' + words.text),
        cancel: () => window.spoken.push('-'),
        addEventListener() {},
    } });";

#[tokio::test(flavor = "multi_thread")]
async fn with_a_dutch_voice_the_browser_reads_aloud_until_a_key_or_the_switch_stops_it() {
    let scene = Scene::set("nl", Desk::Closed).await;
    let browser = &scene.browser;
    browser.first_runs(A_DUTCH_VOICE).await;
    browser.page.refresh().await.expect("the page again");
    browser.sees("#read-aloud[aria-pressed=true]:enabled").await;
    browser.clicks("#dial-button").await;
    browser.reads("#captions", "Toets 0.").await;
    let spoken = async || browser.run("return window.spoken", Vec::new()).await.to_string();
    let before = spoken().await;
    assert!(before.contains("nl-NL Goedemorgen. Dit is Burenhulp Scheveningen."), "{before}");
    // Nothing stopped it, and it has no English voice.
    assert!(!before.contains("For English") && !before.contains(",\"-\""), "{before}");

    scene.clicks_keys("4").await;
    browser.reads("#captions", "vier cijfers").await;
    let look = async {
        let after = spoken().await;
        assert!(after.contains("\"-\",\"nl-NL Toets nu de vier cijfers"), "{after}");

        browser.clicks("#read-aloud").await;
        browser.sees("#read-aloud[aria-pressed=false]").await;
    };
    scene.standing_still(look).await;
    scene.clicks_keys("2584").await;
    browser.reads("#captions", "Klopt dat?").await;
    assert!(!spoken().await.contains("Klopt dat?"));
    scene.ends().await;
}
