//! Getting in: name and password, the second step, and everybody who does not.

use std::time::Duration;

use axum::http::Request;
use burenhulp::domain::{OperatorId, Role};
use burenhulp::login::password;
use burenhulp::login::second_factor::Secret;
use burenhulp::store::NewOperator;

use super::{quiet_morning, quiet_morning_with};
use crate::house::House;
use crate::house::desk::{Page, Visitor};

const PASSWORD: &str = "fiets lamp regen boom";
const ANOTHER: &str = "kraan wolk trui geel";
const MINUTE: Duration = Duration::from_secs(60);

/// Everybody must have a second step.
const STRICT: &str = "require_totp = [\"operator\", \"coordinator\", \"administrator\"]";

async fn add(house: &House, name: &str, role: Role, password_given: bool) -> OperatorId {
    let password = password::hash(PASSWORD).unwrap();
    let (lines, areas) = (Vec::new(), Vec::new());
    let new = NewOperator { name: name.into(), role, password, password_given, lines, areas };
    let now = house.app().0.exchange.now();
    house.store().write(move |tx| tx.add_operator(&new, now)).await.unwrap()
}

/// A form of a page before logging in, from our own site.
async fn sends(house: &House, who: &mut Visitor, path: &str, form: &[(&str, &str)]) -> Page {
    let asked = Request::post(path).header("sec-fetch-site", "same-origin");
    let page = house.send(asked, who, form).await;
    who.keeps(&page);
    who.key = key_of(&page.body);
    page
}

async fn logs_in(house: &House, who: &mut Visitor, name: &str, password: &str) -> Page {
    let form = [("naam", name), ("wachtwoord", password), ("naar", "/loket/ik")];
    sends(house, who, "/loket/inloggen", &form).await
}

/// Follows a step to its page, which has the key of the new session.
async fn goes_on(house: &House, who: &mut Visitor, page: &Page) -> Page {
    let next = house.get(who, page.location.as_deref().expect("a way on")).await;
    who.key = key_of(&next.body);
    next
}

fn key_of(body: &str) -> String {
    value_of(body, "csrf")
}

fn value_of(body: &str, field: &str) -> String {
    let begin = format!("name=\"{field}\" value=\"");
    let rest = body.split(&begin).nth(1).unwrap_or_default();
    rest.split('"').next().unwrap_or_default().to_owned()
}

fn code(house: &House, secret: &Secret) -> String {
    secret.code(house.app().0.exchange.now()).unwrap()
}

async fn enters(house: &House, who: &mut Visitor, path: &str, field: &str, value: &str) -> Page {
    let key = who.key.clone();
    sends(house, who, path, &[("csrf", &key), (field, value), ("naar", "/loket/ik")]).await
}

#[tokio::test]
async fn name_and_password_open_the_desk_and_lead_back_to_the_page() {
    let house = quiet_morning().await;
    add(&house, "Anneke", Role::Operator, false).await;
    let mut who = Visitor::default();
    let page = house.get(&who, "/loket/ik").await;
    assert_eq!(page.location.as_deref(), Some("/loket/inloggen?naar=/loket/ik"));
    // In whatever letter case, as people type.
    let page = logs_in(&house, &mut who, "anneke", PASSWORD).await;
    assert_eq!((page.status, page.location.as_deref()), (303, Some("/loket/ik")));
    let cookie = &page.set_cookies[0];
    for part in ["__Host-loket=", "HttpOnly", "Secure", "SameSite=Lax", "Path=/"] {
        assert!(cookie.contains(part), "{part} in {cookie}");
    }
    assert!(!cookie.contains("Domain"), "{cookie}");
    assert_eq!(house.get(&who, "/loket/ik").await.status, 200);
    // The database has nothing that a cookie could be made of.
    let token = who.cookies.split('=').nth(1).unwrap();
    let stored: Vec<u8> =
        house.books_now().query_row("SELECT hash FROM session", [], |row| row.get(0)).unwrap();
    assert_eq!(stored.len(), 32);
    assert_ne!(burenhulp::login::Token::parse(token).unwrap().text().into_bytes(), stored);
}

#[tokio::test]
async fn an_unknown_name_a_wrong_password_and_somebody_switched_off_hear_the_same() {
    let house = quiet_morning().await;
    add(&house, "Anneke", Role::Administrator, false).await;
    let kees = add(&house, "Kees", Role::Operator, false).await;
    let now = house.app().0.exchange.now();
    house.store().write(move |tx| tx.switch_operator_off(kees, now)).await.unwrap();
    let mut heard = Vec::new();
    for (name, password) in [("Niemand", PASSWORD), ("Anneke", "fout"), ("Kees", PASSWORD)] {
        let mut who = Visitor::default();
        let page = logs_in(&house, &mut who, name, password).await;
        assert_eq!(page.status, 401, "{name}");
        assert!(who.cookies.is_empty(), "{name}");
        heard.push(page.body.replace(name, ""));
    }
    assert!(heard[0].contains("Naam en wachtwoord horen niet bij elkaar"), "{}", heard[0]);
    assert!(heard.iter().all(|body| *body == heard[0]));
    assert_eq!(house.count("session"), 0);
}

#[tokio::test]
async fn whoever_tries_again_and_again_waits_also_with_the_right_password() {
    let house = quiet_morning().await;
    add(&house, "Anneke", Role::Operator, false).await;
    let mut who = Visitor::default();
    for _ in 0..10 {
        assert_eq!(logs_in(&house, &mut who, "Anneke", "fout").await.status, 401);
    }
    let page = logs_in(&house, &mut who, "Anneke", PASSWORD).await;
    assert_eq!(page.status, 429);
    assert!(page.headers.contains_key("retry-after"));
    assert!(page.body.contains("Wacht een paar minuten"), "{}", page.body);
    house.set_clock(house.app().0.exchange.now() + MINUTE);
    assert_eq!(logs_in(&house, &mut who, "Anneke", PASSWORD).await.status, 303);
}

#[tokio::test]
async fn another_site_cannot_log_anybody_in() {
    let house = quiet_morning().await;
    add(&house, "Anneke", Role::Operator, false).await;
    let form = [("naam", "Anneke"), ("wachtwoord", PASSWORD)];
    for (name, value) in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "https://elsewhere.example"),
        ("origin", "null"),
    ] {
        let asked = Request::post("/loket/inloggen").header(name, value);
        let page = house.send(asked, &Visitor::default(), &form).await;
        assert_eq!(page.status, 403, "{name}: {value}");
        assert!(page.body.contains("kwam van een andere website"), "{}", page.body);
    }
    let asked = Request::post("/loket/inloggen").header("origin", "https://centrale.example.nl");
    assert_eq!(house.send(asked, &Visitor::default(), &form).await.status, 303);
}

#[tokio::test]
async fn where_it_is_required_nobody_gets_in_before_the_second_step_is_set_and_proved() {
    let house = quiet_morning_with(STRICT).await;
    add(&house, "Anneke", Role::Operator, false).await;
    let mut who = Visitor::default();
    let page = logs_in(&house, &mut who, "Anneke", PASSWORD).await;
    assert_eq!(page.location.as_deref(), Some("/loket/inloggen/tweede-stap?naar=/loket/ik"));
    // Halfway is not in.
    assert_eq!(house.get(&who, "/loket").await.status, 303);
    assert_eq!(house.get(&who, "/loket/inloggen/code").await.status, 303);
    let page = goes_on(&house, &mut who, &page).await;
    assert!(page.body.contains("<svg"), "{}", page.body);
    let secret = Secret::parse(&value_of(&page.body, "geheim")).expect("a secret");
    let text = secret.text();
    let key = who.key.clone();
    let form = |code: &str| {
        [("csrf", key.as_str()), ("geheim", text.as_str()), ("code", code), ("naar", "/loket/ik")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
    };
    let as_text = |form: &[(String, String); 4]| -> Vec<(String, String)> { form.to_vec() };
    let send = |fields: Vec<(String, String)>, mut who: Visitor| {
        let house = &house;
        async move {
            let fields: Vec<(&str, &str)> =
                fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            let page = sends(house, &mut who, "/loket/inloggen/tweede-stap", &fields).await;
            (page, who)
        }
    };
    let (page, _) = send(as_text(&form("000000")), who.clone()).await;
    assert!(page.status == 422 && page.body.contains("Deze code klopt niet"), "{}", page.body);
    let right = code(&house, &secret);
    let (page, mut who) = send(as_text(&form(&right)), who).await;
    assert_eq!(page.status, 200);
    assert_eq!(page.body.matches("<li><code>").count(), 8, "recovery codes, once");
    assert_eq!(house.get(&who, "/loket/ik").await.status, 200);

    // The next time it is asked for, and the code of just now is used up.
    who = Visitor::default();
    let page = logs_in(&house, &mut who, "Anneke", PASSWORD).await;
    assert_eq!(page.location.as_deref(), Some("/loket/inloggen/code?naar=/loket/ik"));
    goes_on(&house, &mut who, &page).await;
    let key = who.key.clone();
    let page = enters(&house, &mut who, "/loket/inloggen/code", "code", &right).await;
    assert!(page.status == 401 && page.body.contains("of is al gebruikt"), "{}", page.body);
    who.key = key;
    house.set_clock(house.app().0.exchange.now() + MINUTE);
    let next = code(&house, &secret);
    let page = enters(&house, &mut who, "/loket/inloggen/code", "code", &next).await;
    assert_eq!((page.status, page.location.as_deref()), (303, Some("/loket/ik")));
    assert_eq!(house.get(&who, "/loket/ik").await.status, 200);
}

#[tokio::test]
async fn a_second_step_is_required_of_the_roles_that_the_configuration_names_and_of_no_others() {
    let house = quiet_morning_with("require_totp = [\"administrator\"]").await;
    for (name, role, leads_to) in [
        ("Anneke", Role::Administrator, "/loket/inloggen/tweede-stap?naar=/loket/ik"),
        ("Kees", Role::Operator, "/loket/ik"),
        ("Piet", Role::Coordinator, "/loket/ik"),
    ] {
        add(&house, name, role, false).await;
        let mut who = Visitor::default();
        let page = logs_in(&house, &mut who, name, PASSWORD).await;
        assert_eq!(page.location.as_deref(), Some(leads_to), "{role:?}");
        let inside = house.get(&who, "/loket/ik").await.status;
        assert_eq!(inside == 200, leads_to == "/loket/ik", "{role:?}: {inside}");
    }
}

/// Somebody with a second step, and their recovery codes.
async fn with_second_step(house: &House) -> (Secret, Vec<String>) {
    let id = add(house, "Anneke", Role::Operator, false).await;
    let mut who = Visitor::default();
    logs_in(house, &mut who, "Anneke", PASSWORD).await;
    let page = house.get(&who, "/loket/ik/tweede-stap").await;
    who.key = key_of(&page.body);
    let secret = Secret::parse(&value_of(&page.body, "geheim")).expect("a secret");
    let (text, code) = (secret.text(), code(house, &secret));
    let form = [("geheim", text.as_str()), ("code", &code), ("huidig", PASSWORD)];
    let page = house.post(&who, "/loket/ik/tweede-stap", &form).await;
    assert_eq!(page.status, 200, "{id}: {}", page.body);
    let codes = page.body.split("<li><code>").skip(1);
    (secret, codes.map(|rest| rest.split('<').next().unwrap().to_owned()).collect())
}

#[tokio::test]
async fn a_recovery_code_lets_in_once_and_whoever_lost_the_telephone_is_led_on() {
    let house = quiet_morning().await;
    let (_, codes) = with_second_step(&house).await;
    for (nth, status) in [(0, 303), (0, 401), (1, 303)] {
        let mut who = Visitor::default();
        let page = logs_in(&house, &mut who, "Anneke", PASSWORD).await;
        goes_on(&house, &mut who, &page).await;
        let typed = codes[nth].to_uppercase().replace('-', " ");
        let page = enters(&house, &mut who, "/loket/inloggen/noodcode", "noodcode", &typed).await;
        assert_eq!(page.status, status, "{nth}");
        if status == 303 {
            assert_eq!(page.location.as_deref(), Some("/loket/ik"));
            assert_eq!(house.get(&who, "/loket/ik").await.status, 200);
        } else {
            assert!(page.body.contains("Deze noodcode klopt niet"), "{}", page.body);
            assert_eq!(house.get(&who, "/loket/ik").await.status, 303, "not in");
        }
    }
}

#[tokio::test]
async fn one_code_sent_twice_at_once_lets_one_in() {
    let house = quiet_morning().await;
    let (secret, _) = with_second_step(&house).await;
    house.set_clock(house.app().0.exchange.now() + MINUTE);
    let mut browsers = Vec::new();
    for _ in 0..2 {
        let mut who = Visitor::default();
        let page = logs_in(&house, &mut who, "Anneke", PASSWORD).await;
        goes_on(&house, &mut who, &page).await;
        browsers.push(who);
    }
    let code = code(&house, &secret);
    let (one, other) = browsers.split_at_mut(1);
    let (one, other) = tokio::join!(
        enters(&house, &mut one[0], "/loket/inloggen/code", "code", &code),
        enters(&house, &mut other[0], "/loket/inloggen/code", "code", &code),
    );
    let mut statuses = [one.status, other.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 401]);
}

#[tokio::test]
async fn a_password_that_somebody_else_chose_is_replaced_before_anything_else() {
    let house = quiet_morning().await;
    add(&house, "Kees", Role::Operator, true).await;
    let mut who = Visitor::default();
    let page = logs_in(&house, &mut who, "Kees", PASSWORD).await;
    assert_eq!(page.location.as_deref(), Some("/loket/inloggen/wachtwoord?naar=/loket/ik"));
    goes_on(&house, &mut who, &page).await;
    assert_eq!(house.get(&who, "/loket").await.status, 303, "not in yet");
    for (new, again, told) in [
        ("kort", "kort", "minstens 12 tekens"),
        (ANOTHER, "iets anders", "twee keer iets anders"),
        (PASSWORD, PASSWORD, "dat u al had"),
        ("aaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaa", "te makkelijk te raden"),
    ] {
        let key = who.key.clone();
        let form = [("csrf", key.as_str()), ("nieuw", new), ("nogmaals", again)];
        let page = sends(&house, &mut who, "/loket/inloggen/wachtwoord", &form).await;
        assert!(page.status == 422 && page.body.contains(told), "{new}: {}", page.body);
    }
    let key = who.key.clone();
    let form = [("csrf", key.as_str()), ("nieuw", ANOTHER), ("nogmaals", ANOTHER)];
    let page = sends(&house, &mut who, "/loket/inloggen/wachtwoord", &form).await;
    assert_eq!(page.location.as_deref(), Some("/loket"));
    assert_eq!(house.get(&who, "/loket").await.status, 200);
    let mut who = Visitor::default();
    assert_eq!(logs_in(&house, &mut who, "Kees", PASSWORD).await.status, 401);
    assert_eq!(
        logs_in(&house, &mut who, "Kees", ANOTHER).await.location.as_deref(),
        Some("/loket/ik")
    );
}

#[tokio::test]
async fn another_password_puts_every_other_browser_out() {
    let house = quiet_morning().await;
    add(&house, "Kees", Role::Operator, false).await;
    let (mut here, mut there) = (Visitor::default(), Visitor::default());
    logs_in(&house, &mut here, "Kees", PASSWORD).await;
    logs_in(&house, &mut there, "Kees", PASSWORD).await;
    here.key = key_of(&house.get(&here, "/loket/ik").await.body);
    let form = [("huidig", "fout"), ("nieuw", ANOTHER), ("nogmaals", ANOTHER)];
    let page = house.post(&here, "/loket/ik/wachtwoord", &form).await;
    assert!(page.status == 422 && page.body.contains("wachtwoord klopt niet"), "{}", page.body);
    assert_eq!(house.get(&there, "/loket/ik").await.status, 200, "nothing was changed");
    let form = [("huidig", PASSWORD), ("nieuw", ANOTHER), ("nogmaals", ANOTHER)];
    let page = house.post(&here, "/loket/ik/wachtwoord", &form).await;
    here.keeps(&page);
    assert!(house.get(&here, "/loket/ik").await.body.contains("Uw wachtwoord is veranderd"));
    assert_eq!(house.get(&there, "/loket/ik").await.status, 401);
}

#[tokio::test]
async fn logged_out_everywhere_is_everywhere() {
    let house = quiet_morning().await;
    add(&house, "Kees", Role::Operator, false).await;
    let (mut here, mut there) = (Visitor::default(), Visitor::default());
    logs_in(&house, &mut here, "Kees", PASSWORD).await;
    logs_in(&house, &mut there, "Kees", PASSWORD).await;
    here.key = key_of(&house.get(&here, "/loket/ik").await.body);
    assert_eq!(house.post(&here, "/loket/ik/overal-uit", &[]).await.status, 303);
    assert_eq!(house.get(&here, "/loket").await.status, 401);
    assert_eq!(house.get(&there, "/loket").await.status, 401);
}

#[tokio::test]
async fn after_five_wrong_codes_the_password_is_asked_for_again() {
    let house = quiet_morning().await;
    let (secret, codes) = with_second_step(&house).await;
    house.set_clock(house.app().0.exchange.now() + MINUTE);
    let mut who = Visitor::default();
    let page = logs_in(&house, &mut who, "Anneke", PASSWORD).await;
    goes_on(&house, &mut who, &page).await;
    let key = who.key.clone();
    for (nth, path, field) in [
        (1, "/loket/inloggen/code", "code"),
        (2, "/loket/inloggen/noodcode", "noodcode"),
        (3, "/loket/inloggen/code", "code"),
        (4, "/loket/inloggen/code", "code"),
        (5, "/loket/inloggen/code", "code"),
    ] {
        who.key.clone_from(&key);
        let page = enters(&house, &mut who, path, field, "000000").await;
        assert_eq!(page.status, 401, "the {nth}th");
        assert_eq!(page.body.contains("niet meer ingelogd"), nth == 5, "{}", page.body);
    }
    who.key = key;
    let right = code(&house, &secret);
    let page = enters(&house, &mut who, "/loket/inloggen/code", "code", &right).await;
    assert!(page.status == 401 && page.location.is_none(), "{}: too late", page.status);
    let page = logs_in(&house, &mut who, "Anneke", PASSWORD).await;
    goes_on(&house, &mut who, &page).await;
    let page = enters(&house, &mut who, "/loket/inloggen/noodcode", "noodcode", &codes[0]).await;
    assert_eq!(page.status, 303, "nothing was used up");
}
