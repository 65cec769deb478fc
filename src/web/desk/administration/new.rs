//! Adding a colleague.

use askama::Template;
use axum::extract::State;

use super::scope::{Scope, ScopeForm};
use super::{given, path_of};
use crate::domain::operator::name_of;
use crate::domain::{About, Deed};
use crate::store::{NewOperator, OperatorFault};
use crate::web::App;
use crate::web::desk::fault::{Answer, Fault};
use crate::web::desk::layout::{Layout, Section};
use crate::web::desk::log_in::told;
use crate::web::desk::page::show_typed;
use crate::web::desk::signed_in::{Fields, SignedIn};
use crate::web::typed::{Typed, Wrong};

#[derive(Template)]
#[template(path = "desk/templates/colleague_new.html")]
struct NewPage {
    layout: Layout,
    typed: Typed,
    scope: ScopeForm,
}

fn form_page(you: &SignedIn, scope: ScopeForm, typed: Typed) -> Answer {
    let title = you.say("Een collega toevoegen", "Add a colleague");
    let layout = you.layout(Section::Administration, title).with(&typed, "/loket/beheer/nieuw");
    let page = NewPage { layout, typed, scope };
    show_typed(&page, &page.typed)
}

/// Asks for name, role and what they see.
pub(in crate::web::desk) async fn page(State(app): State<App>, you: SignedIn) -> Answer {
    let scope = ScopeForm::of(None, &app.exchange.context().lines, you.language);
    form_page(&you, scope, Typed::default())
}

/// Adds them, with a password that is shown once and that they replace when they first log in.
pub(in crate::web::desk) async fn add(
    State(app): State<App>,
    you: SignedIn,
    form: Fields,
) -> Answer {
    let lines = &app.exchange.context().lines;
    let again = |form: Fields, wrong: Wrong| {
        let scope = ScopeForm::typed(&form, lines, you.language);
        form_page(&you, scope, Typed::refused("", form, wrong))
    };
    let mut wrong = Wrong::none(you.language);
    let name = name_of(form.get("naam")).ok();
    if name.is_none() {
        wrong.say(
            "naam",
            "Vul 2 tot 40 letters, cijfers, spaties of . - ' @ _ in.",
            "Fill in 2 to 40 letters, digits, spaces or . - ' @ _",
        );
    }
    let scope = Scope::read(&form, lines, &mut wrong);
    let (Some(name), Some(Scope { role, lines: theirs, areas })) = (name, scope) else {
        return again(form, wrong);
    };
    let password = given::password()?;
    let hash = app.desk.passwords.hash(password.clone()).await.map_err(Fault::ours)?;
    let new = NewOperator {
        name: name.clone(),
        role,
        password: hash,
        password_given: true,
        lines: theirs,
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
        Err(OperatorFault::NameTaken) => {
            let wrong = Wrong::only(
                you.language,
                "naam",
                "Er is al een collega met deze naam. Kies een andere.",
                "There is a colleague of this name already. Choose another.",
            );
            again(form, wrong)
        }
        Err(fault) => Err(told(fault)),
    }
}
