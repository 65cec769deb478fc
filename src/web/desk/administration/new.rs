//! Adding a colleague.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;

use super::scope::{Scope, ScopeForm};
use super::{given, path_of};
use crate::domain::operator::name_of;
use crate::domain::{About, Deed};
use crate::store::{NewOperator, OperatorFault};
use crate::web::App;
use crate::web::desk::fault::{Answer, Fault};
use crate::web::desk::layout::{Layout, Section};
use crate::web::desk::log_in::told;
use crate::web::desk::page::show;
use crate::web::desk::signed_in::{Fields, SignedIn};

#[derive(Template)]
#[template(path = "desk/templates/colleague_new.html")]
struct NewPage {
    layout: Layout,
    name: String,
    scope: ScopeForm,
    wrong: Option<String>,
}

fn form_page(you: &SignedIn, name: &str, scope: ScopeForm, wrong: Option<String>) -> Answer {
    let title = you.say("Een collega toevoegen", "Add a colleague");
    let layout = you.layout(Section::Administration, title);
    show(&NewPage { layout, name: name.to_owned(), scope, wrong })
}

/// Asks for name, role and what they see.
pub(in crate::web::desk) async fn page(State(app): State<App>, you: SignedIn) -> Answer {
    let scope = ScopeForm::of(None, &app.exchange.context().lines, you.language);
    form_page(&you, "", scope, None)
}

/// Adds them, with a password that is shown once and that they replace when they first log in.
pub(in crate::web::desk) async fn add(
    State(app): State<App>,
    you: SignedIn,
    form: Fields,
) -> Answer {
    let lines = &app.exchange.context().lines;
    let again = |wrong: String| {
        let typed = ScopeForm::typed(&form, lines, you.language);
        let name: String = form.get("naam").chars().take(80).collect();
        let page = form_page(&you, &name, typed, Some(wrong))?;
        Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
    };
    let Ok(name) = name_of(form.get("naam")) else {
        return again(
            you.say(
                "Naam: 2 tot 40 letters, cijfers, spaties of . - ' @ _",
                "Name: 2 to 40 letters, digits, spaces or . - ' @ _",
            )
            .to_owned(),
        );
    };
    let scope = match Scope::read(&form, lines, &you) {
        Ok(scope) => scope,
        Err(wrong) => return again(wrong),
    };
    let password = given::password()?;
    let hash = app.desk.passwords.hash(password.clone()).await.map_err(Fault::ours)?;
    let Scope { role, lines, areas } = scope;
    let new = NewOperator {
        name: name.clone(),
        role,
        password: hash,
        password_given: true,
        lines,
        areas,
    };
    let (operator, now) = (you.operator.id, app.exchange.now());
    let added = app.exchange.store().write(move |tx| {
        let id = tx.add_operator(&new, now)?;
        tx.audit(operator, Deed::OperatorAdded, &About::Operator(id), now)?;
        Ok::<_, OperatorFault>(id)
    });
    match added.await {
        Ok(id) => given::shown(&you, &name, password, path_of(id)),
        Err(OperatorFault::NameTaken) => again(
            you.say(
                "Er is al een collega met deze naam. Kies een andere.",
                "There is a colleague of this name already. Choose another.",
            )
            .to_owned(),
        ),
        Err(fault) => Err(told(fault)),
    }
}
