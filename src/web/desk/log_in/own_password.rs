//! A password of one's own, in the place of one that somebody else chose.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;

use super::{Halfway, Wanted, at_stage, next_step, noted, own_page, told};
use crate::domain::{About, Deed, Language};
use crate::login::password::{self, LONGEST, SHORTEST, Weak};
use crate::store::{Stage, Tx};
use crate::web::App;
use crate::web::desk::fault::{Answer, Fault};
use crate::web::desk::layout::Layout;
use crate::web::desk::page::show;
use crate::web::desk::signed_in::Fields;

#[derive(Template)]
#[template(path = "desk/templates/own_password.html")]
struct OwnPasswordPage {
    layout: Layout,
    back: String,
    wrong: Option<String>,
}

impl OwnPasswordPage {
    fn new(halfway: &Halfway, back: &str, wrong: Option<String>) -> Self {
        let layout = halfway.layout("Kies een eigen wachtwoord", "Choose your own password");
        Self { layout, back: own_page(back).to_owned(), wrong }
    }
}

/// Asks for it.
pub(in crate::web::desk) async fn page(halfway: Halfway, Query(wanted): Query<Wanted>) -> Answer {
    show(&OwnPasswordPage::new(&halfway, &wanted.naar, None))
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
    let wrong = judged(&form, &halfway.operator.name, same, halfway.visitor.language);
    if let Some(wrong) = wrong {
        let page = OwnPasswordPage::new(&halfway, back, Some(wrong));
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, show(&page)?).into_response());
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
pub(in crate::web::desk) fn judged(
    form: &Fields,
    name: &str,
    same: bool,
    language: Language,
) -> Option<String> {
    let new = form.raw("nieuw");
    let say = |nl: String, en: String| Some(if language == Language::Nl { nl } else { en });
    if new != form.raw("nogmaals") {
        return say(
            "U hebt twee keer iets anders ingevuld. Vul twee keer hetzelfde in.".into(),
            "You filled in something else the second time. Fill in the same twice.".into(),
        );
    }
    match password::judge(new, name) {
        Err(Weak::Short) => say(
            format!("Een wachtwoord heeft minstens {SHORTEST} tekens. Een paar woorden achter elkaar onthoudt u makkelijk."),
            format!("A password has at least {SHORTEST} characters. A few words in a row are easy to keep."),
        ),
        Err(Weak::Long) => say(
            format!("Een wachtwoord heeft hoogstens {LONGEST} tekens."),
            format!("A password has at most {LONGEST} characters."),
        ),
        Err(Weak::Guessed) => say(
            "Dit wachtwoord is te makkelijk te raden. Neem een paar woorden die niets met elkaar te maken hebben.".into(),
            "This password is too easy to guess. Take a few words that have nothing to do with each other.".into(),
        ),
        Ok(()) if same => say(
            "Dit is het wachtwoord dat u al had. Kies een ander.".into(),
            "This is the password that you had already. Choose another.".into(),
        ),
        Ok(()) => None,
    }
}
