//! The way in where everybody needs a second step, in a real browser: each page of it, also when it
//! tells that something is wrong, can be used by everybody.

use std::time::Duration;

use burenhulp::domain::{Phone, Role};
use burenhulp::login::password;
use burenhulp::login::second_factor::Secret;
use burenhulp::store::{NewOperator, OperatorFault};

use super::driver::Browser;
use crate::desk::quiet_morning_with;
use crate::house::House;

const GIVEN: &str = "fiets lamp regen boom";
const OWN: &str = "kraan wolk trui geel";

/// A colleague whose password an administrator chose.
async fn marijke(house: &House) {
    let new = NewOperator {
        name: "Marijke".into(),
        role: Role::Operator,
        password: password::hash(GIVEN).expect("a hash"),
        password_given: true,
        lines: vec![Phone::from_stored("+31700002586").expect("a line")],
        areas: Vec::new(),
    };
    let now = house.app().0.exchange.now();
    let added = house.store().write(move |tx| tx.add_operator(&new, now)).await;
    added.map_err(|fault: OperatorFault| fault).expect("a colleague");
}

/// The house on a port of this machine.
async fn served(house: &House) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let router = house.app().1.clone();
    tokio::spawn(async move { axum::serve(listener, router).await });
    format!("http://{address}")
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_on_the_way_in_can_be_used_by_everybody() {
    let house = quiet_morning_with("require_totp = [\"operator\"]").await;
    marijke(&house).await;
    let at = served(&house).await;
    let browser = Browser::open(1280, 900).await;
    let fills_in = async |password: &str| {
        browser.fills("#naam", "Marijke").await;
        browser.fills("#wachtwoord", password).await;
        browser.clicks("main button.go").await;
    };
    browser.goes_to(&format!("{at}/loket/vragen")).await;
    browser.reads("h1", "Inloggen").await;
    browser.is_well("log-in").await;
    fills_in("niet het mijne").await;
    browser.reads("[role=alert]", "Naam en wachtwoord horen niet bij elkaar").await;
    browser.is_well("log-in-refused").await;

    fills_in(GIVEN).await;
    browser.reads("h1", "De tweede stap instellen").await;
    browser.is_well("log-in-second-step").await;
    let secret = browser.sees("ol.steps code").await.text().await.expect("the secret");
    browser.fills("#code", "000000").await;
    browser.clicks("main button.go").await;
    browser.reads("#fout-code", "Deze code klopt niet").await;
    browser.is_well("log-in-second-step-refused").await;
    let secret = Secret::parse(&secret).expect("a secret as the app takes it");
    let code = || secret.code(house.app().0.exchange.now()).expect("a code");
    browser.fills("#code", &code()).await;
    browser.clicks("main button.go").await;
    browser.sees("ul.codes code").await;
    browser.is_well("log-in-recovery-codes").await;
    browser.clicks("main a.button.go").await;

    browser.reads("h1", "Kies een eigen wachtwoord").await;
    browser.is_well("log-in-own-password").await;
    browser.fills("#nieuw", "kort").await;
    browser.fills("#nogmaals", "kort").await;
    browser.clicks("main button.go").await;
    browser.reads("#fout-nieuw", "minstens 12 tekens").await;
    browser.is_well("log-in-own-password-refused").await;
    browser.fills("#nieuw", OWN).await;
    browser.fills("#nogmaals", OWN).await;
    browser.clicks("main button.go").await;
    browser.reads("h1", "Vragen").await;

    // What is not there, and what is not hers, is told on a page like any other.
    browser.goes_to(&format!("{at}/loket/nergens")).await;
    browser.reads("h1", "Hier is niets").await;
    browser.is_well("nowhere").await;
    browser.goes_to(&format!("{at}/loket/beheer")).await;
    browser.reads("h1", "Dit is niet voor uw rol").await;
    browser.is_well("not-hers").await;

    browser.clicks("form[action='/loket/uitloggen'] button").await;
    browser.reads("h1", "Inloggen").await;
    // A code is good once: the app's next one.
    house.set_clock(house.app().0.exchange.now() + Duration::from_secs(60));
    fills_in(OWN).await;
    browser.reads("h1", "De tweede stap").await;
    browser.fills("#code", "000000").await;
    browser.clicks("form[action='/loket/inloggen/code'] button.go").await;
    browser.reads("[role=alert]", "Deze code klopt niet").await;
    browser.is_well("log-in-code-refused").await;
    browser.fills("#code", &code()).await;
    browser.clicks("form[action='/loket/inloggen/code'] button.go").await;
    browser.reads("h1", "Nu bezig").await;

    // An hour later nobody is in any more. An open board would find out by itself.
    browser.goes_to(&format!("{at}/loket/vragen")).await;
    browser.reads("h1", "Vragen").await;
    house.set_clock(house.app().0.exchange.now() + Duration::from_secs(2 * 3600));
    browser.goes_to(&format!("{at}/loket/vragen")).await;
    browser.reads("h1", "U bent niet meer ingelogd").await;
    browser.is_well("session-over").await;
    browser.close().await;
}
