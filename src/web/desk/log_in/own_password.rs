//! A password of one's own, in the place of one that somebody else chose.

use askama::Template;
use axum::extract::{Query, State};

use super::{Halfway, Wanted, at_stage, next_step, noted, own_page, told};
use crate::domain::{About, Deed};
use crate::login::password::{self, LONGEST, SHORTEST, Weak};
use crate::store::{Stage, Tx};
use crate::web::App;
use crate::web::desk::fault::{Answer, Fault};
use crate::web::desk::layout::Layout;
use crate::web::desk::page::show_typed;
use crate::web::desk::signed_in::Fields;
use crate::web::typed::{Typed, Wrong};

#[derive(Template)]
#[template(path = "desk/templates/own_password.html")]
struct OwnPasswordPage {
    layout: Layout,
    back: String,
    typed: Typed,
}

fn shown(halfway: &Halfway, back: &str, typed: Typed) -> Answer {
    let layout = halfway.layout("Kies een eigen wachtwoord", "Choose your own password");
    let page = OwnPasswordPage {
        layout: layout.with(&typed, "/loket/inloggen/wachtwoord"),
        back: own_page(back).to_owned(),
        typed,
    };
    show_typed(&page, &page.typed)
}

/// Asks for it.
pub(in crate::web::desk) async fn page(halfway: Halfway, Query(wanted): Query<Wanted>) -> Answer {
    shown(&halfway, &wanted.naar, Typed::default())
}

/// From now on it is theirs.
pub(in crate::web::desk) async fn choose(
    State(app): State<App>,
    halfway: Halfway,
    form: Fields,
) -> Answer {
    let (id, back) = (halfway.operator.id, form.get("naar"));
    let before = halfway.credentials(&app).await?.password;
    let same = app.desk.passwords.verify(form.raw("nieuw").to_owned(), Some(before)).await;
    let mut wrong = Wrong::none(halfway.visitor.language);
    judge(&form, &halfway.operator.name, same, &mut wrong);
    if !wrong.is_empty() {
        return shown(&halfway, back, Typed::refused_blank("wachtwoord", wrong));
    }
    let hash = app.desk.passwords.hash(form.raw("nieuw").to_owned()).await.map_err(Fault::ours)?;
    let now = app.exchange.now();
    let keep = move |tx: &mut Tx<'_>| {
        tx.set_operator_password(id, &hash, false).map_err(told)?;
        noted(tx.audit(id, Deed::PasswordChanged, &About::Nothing, now))
    };
    let token = next_step(&app, Some(&halfway.token), id, Stage::In, keep).await?;
    Ok(at_stage(&app.desk, &token, Stage::In, back))
}

/// What is wrong with a new password, if anything is: fields `nieuw` and `nogmaals`.
pub(in crate::web::desk) fn judge(form: &Fields, name: &str, same: bool, wrong: &mut Wrong) {
    let new = form.raw("nieuw");
    if new != form.raw("nogmaals") {
        wrong.say(
            "nogmaals",
            "U hebt twee keer iets anders ingevuld. Vul twee keer hetzelfde in.",
            "You filled in something else the second time. Fill in the same twice.",
        );
        return;
    }
    match password::judge(new, name) {
        Err(Weak::Short) => wrong.say(
            "nieuw",
            &format!("Een wachtwoord heeft minstens {SHORTEST} tekens. Een paar woorden achter elkaar onthoudt u makkelijk."),
            &format!("A password has at least {SHORTEST} characters. A few words in a row are easy to keep."),
        ),
        Err(Weak::Long) => wrong.say(
            "nieuw",
            &format!("Een wachtwoord heeft hoogstens {LONGEST} tekens."),
            &format!("A password has at most {LONGEST} characters."),
        ),
        Err(Weak::Guessed) => wrong.say(
            "nieuw",
            "Dit wachtwoord is te makkelijk te raden. Neem een paar woorden die niets met elkaar te maken hebben.",
            "This password is too easy to guess. Take a few words that have nothing to do with each other.",
        ),
        Ok(()) if same => wrong.say(
            "nieuw",
            "Dit is het wachtwoord dat u al had. Kies een ander.",
            "This is the password that you had already. Choose another.",
        ),
        Ok(()) => {}
    }
}
