//! One's own account: password, second factor, and logging out everywhere.

use askama::Template;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum_extra::extract::cookie::CookieJar;

use super::address::Address;
use super::cookies;
use super::fault::{Answer, Fault};
use super::layout::{Layout, Section};
use super::log_in::{self, SecondFactorForm, admit, told};
use super::page::show_typed;
use super::signed_in::{Fields, SignedIn};
use crate::domain::{About, Deed};
use crate::login::second_factor::{Secret, recovery_codes};
use crate::store::{Credentials, Stage};
use crate::web::App;
use crate::web::typed::{Typed, Wrong};

const HERE: &str = "/loket/ik";

#[derive(Template)]
#[template(path = "desk/templates/account.html")]
struct AccountPage {
    layout: Layout,
    typed: Typed,
    role: &'static str,
    lines: Vec<String>,
    areas: Vec<String>,
    second_factor: bool,
    required: bool,
}

/// Who you are here, and what you log in with.
pub(super) async fn page(State(app): State<App>, you: SignedIn) -> Answer {
    shown(&app, &you, Typed::default()).await
}

async fn shown(app: &App, you: &SignedIn, typed: Typed) -> Answer {
    let known = known(app, you).await?;
    let lines = you.operator.lines.iter();
    let named = lines.filter_map(|line| app.exchange.context().line(line.e164()));
    let layout = you.layout(Section::Account, Section::Account.name(you.language));
    let page = AccountPage {
        layout: layout.with(&typed, HERE),
        role: you.operator.role.name(you.language),
        lines: named.map(|line| line.name.clone()).collect(),
        areas: you.operator.areas.iter().map(ToString::to_string).collect(),
        second_factor: known.totp_secret.is_some(),
        required: app.desk.needs_second_factor(&you.operator),
        typed,
    };
    show_typed(&page, &page.typed)
}

async fn known(app: &App, you: &SignedIn) -> Result<Credentials, Fault> {
    let id = you.operator.id;
    let known = app.exchange.store().read(move |tx| tx.operator_credentials(id)).await?;
    known.ok_or(Fault::SessionOver)
}

/// Whether they know their own password: asked before anything that lets somebody in. Somebody may
/// have found the browser open.
async fn proves(
    app: &App,
    you: &SignedIn,
    form: &Fields,
    address: Option<std::net::IpAddr>,
) -> Result<bool, Fault> {
    admit(app, &you.operator.name, address)?;
    let hash = known(app, you).await?.password;
    Ok(app.desk.passwords.verify(form.raw("huidig").to_owned(), Some(hash)).await)
}

fn not_proved(you: &SignedIn, form: &str) -> Typed {
    let wrong = Wrong::only(
        you.language,
        "huidig",
        "Uw wachtwoord klopt niet.",
        "Your password is not right.",
    );
    Typed::refused_blank(form, wrong)
}

/// Another password. Every other browser that is logged in is out.
pub(super) async fn change_password(
    State(app): State<App>,
    Address(address): Address,
    you: SignedIn,
    form: Fields,
) -> Answer {
    if !proves(&app, &you, &form, address).await? {
        return shown(&app, &you, not_proved(&you, "wachtwoord")).await;
    }
    let same = form.raw("huidig") == form.raw("nieuw");
    let mut wrong = Wrong::none(you.language);
    log_in::judge(&form, &you.operator.name, same, &mut wrong);
    if !wrong.is_empty() {
        return shown(&app, &you, Typed::refused_blank("wachtwoord", wrong)).await;
    }
    let hash = app.desk.passwords.hash(form.raw("nieuw").to_owned()).await.map_err(Fault::ours)?;
    let (id, now) = (you.operator.id, app.exchange.now());
    let token = log_in::new_session(&app, None, id, Stage::In, move |tx| {
        tx.set_operator_password(id, &hash, false).map_err(told)?;
        Ok(tx.audit(id, Deed::PasswordChanged, &About::Nothing, now)?)
    });
    let jar = CookieJar::new().add(cookies::session(&app.desk, &token.await?));
    let done = you.say(
        "Uw wachtwoord is veranderd. Op andere apparaten bent u uitgelogd.",
        "Your password was changed. On other devices you are logged out.",
    );
    Ok((jar, you.done(HERE, done)).into_response())
}

#[derive(Template)]
#[template(path = "desk/templates/another_factor.html")]
struct AnotherFactorPage {
    layout: Layout,
    typed: Typed,
    form: SecondFactorForm,
}

/// Another app, or the first one.
pub(super) async fn second_factor_page(State(app): State<App>, you: SignedIn) -> Answer {
    let secret = Secret::new().ok_or_else(log_in::no_random)?;
    another_factor(&app, &you, &secret, Typed::default())
}

fn another_factor(app: &App, you: &SignedIn, secret: &Secret, typed: Typed) -> Answer {
    let title = you.say("De tweede stap instellen", "Set up the second step");
    let page = AnotherFactorPage {
        layout: you.layout(Section::Account, title).with(&typed, "/loket/ik/tweede-stap"),
        form: SecondFactorForm::of(app, &you.operator.name, secret)?,
        typed,
    };
    show_typed(&page, &page.typed)
}

/// The first code of the new app: from now on it is that one.
pub(super) async fn set_second_factor(
    State(app): State<App>,
    Address(address): Address,
    you: SignedIn,
    form: Fields,
) -> Answer {
    let id = you.operator.id;
    // The app has seen this one already: it stays the same until it is proved.
    let secret = Secret::parse(form.get("geheim")).ok_or(Fault::OldForm)?;
    if !proves(&app, &you, &form, address).await? {
        return another_factor(&app, &you, &secret, not_proved(&you, ""));
    }
    let Some(proved) = log_in::Proved::by(&app, id, &secret, form.get("code"))? else {
        let wrong = log_in::wrong_code(you.language);
        return another_factor(&app, &you, &secret, Typed::refused_blank("", wrong));
    };
    let log_in::Proved { factor, codes } = proved;
    let now = app.exchange.now();
    app.exchange.store().write(move |tx| factor.keep(tx, now)).await?;
    codes_shown(&you, codes)
}

/// New recovery codes in the place of the old ones.
pub(super) async fn new_recovery_codes(
    State(app): State<App>,
    Address(address): Address,
    you: SignedIn,
    form: Fields,
) -> Answer {
    if !proves(&app, &you, &form, address).await? {
        return shown(&app, &you, not_proved(&you, "noodcodes")).await;
    }
    if known(&app, &you).await?.totp_secret.is_none() {
        return Err(Fault::OldForm);
    }
    let (id, now) = (you.operator.id, app.exchange.now());
    let codes = recovery_codes().ok_or_else(log_in::no_random)?;
    let hashes: Vec<_> = codes.iter().map(|code| app.desk.sealer.hash(code, id)).collect();
    let kept = app.exchange.store().write(move |tx| {
        tx.set_recovery_codes(id, &hashes)?;
        Ok::<_, Fault>(tx.audit(id, Deed::SecondFactorSet, &About::Nothing, now)?)
    });
    kept.await?;
    codes_shown(&you, codes)
}

fn codes_shown(you: &SignedIn, codes: Vec<String>) -> Answer {
    let title = you.say("Uw noodcodes", "Your recovery codes");
    log_in::codes_page(you.layout(Section::Account, title), codes, HERE)
}

/// Only a password from now on, where the role allows that.
pub(super) async fn remove_second_factor(
    State(app): State<App>,
    Address(address): Address,
    you: SignedIn,
    form: Fields,
) -> Answer {
    if app.desk.needs_second_factor(&you.operator) {
        let why = you.say(
            "Bij uw rol hoort een tweede stap. U kunt wel een andere app instellen.",
            "A second step goes with your role. You can set up another app.",
        );
        return Ok(you.warned(HERE, why));
    }
    if !proves(&app, &you, &form, address).await? {
        return shown(&app, &you, not_proved(&you, "noodcodes")).await;
    }
    let (id, now) = (you.operator.id, app.exchange.now());
    let removed = app.exchange.store().write(move |tx| {
        tx.remove_second_factor(id)?;
        Ok::<_, Fault>(tx.audit(id, Deed::SecondFactorReset, &About::Nothing, now)?)
    });
    removed.await?;
    let done = you.say("De tweede stap is weg.", "The second step is gone.");
    Ok(you.done(HERE, done))
}

/// Out, here and on every other device.
pub(super) async fn log_out_everywhere(State(app): State<App>, you: SignedIn) -> Answer {
    let (id, now) = (you.operator.id, app.exchange.now());
    let ended = app.exchange.store().write(move |tx| {
        tx.end_sessions_of(id)?;
        Ok::<_, Fault>(tx.audit(id, Deed::LoggedOutEverywhere, &About::Nothing, now)?)
    });
    ended.await?;
    let jar = CookieJar::new().add(cookies::no_session(&app.desk));
    Ok((StatusCode::SEE_OTHER, jar, [(header::LOCATION, "/loket/inloggen")]).into_response())
}
