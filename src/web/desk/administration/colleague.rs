//! One colleague: role and scope, on and off, a lost password or telephone.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;

use super::scope::{Scope, ScopeForm};
use super::{found, given, path_of};
use crate::domain::{About, Deed, OperatorId};
use crate::store::{OperatorFault, Tx};
use crate::web::App;
use crate::web::desk::fault::{Answer, Fault};
use crate::web::desk::layout::{Layout, Section};
use crate::web::desk::log_in::told;
use crate::web::desk::page::show_typed;
use crate::web::desk::signed_in::{Fields, SignedIn};
use crate::web::typed::{Typed, Wrong};

#[derive(Template)]
#[template(path = "desk/templates/colleague.html")]
struct ColleaguePage {
    layout: Layout,
    typed: Typed,
    path: String,
    scope: ScopeForm,
    second_factor: bool,
    recovery_codes: u32,
    off: bool,
    themselves: bool,
}

/// Somebody who works at the desk.
pub(in crate::web::desk) async fn page(
    State(app): State<App>,
    you: SignedIn,
    Path(id): Path<i64>,
) -> Answer {
    shown(&app, &you, OperatorId(id), None).await
}

/// As a colleague is now, or with a form that was refused.
async fn shown(
    app: &App,
    you: &SignedIn,
    id: OperatorId,
    refused: Option<(Fields, Wrong)>,
) -> Answer {
    let colleague = found(app, id).await?;
    let lines = &app.exchange.context().lines;
    let (scope, typed) = match refused {
        None => (ScopeForm::of(Some(&colleague.operator), lines, you.language), Typed::default()),
        Some((form, wrong)) => {
            (ScopeForm::typed(&form, lines, you.language), Typed::refused("", form, wrong))
        }
    };
    let path = path_of(colleague.operator.id);
    let page = ColleaguePage {
        layout: you.layout(Section::Administration, &colleague.operator.name).with(&typed, &path),
        path,
        scope,
        second_factor: colleague.second_factor,
        recovery_codes: colleague.recovery_codes,
        off: colleague.off_at.is_some(),
        themselves: colleague.operator.id == you.operator.id,
        typed,
    };
    show_typed(&page, &page.typed)
}

/// Another role, other lines or areas: from the next click on.
pub(in crate::web::desk) async fn change(
    State(app): State<App>,
    you: SignedIn,
    Path(id): Path<i64>,
    form: Fields,
) -> Answer {
    let id = OperatorId(id);
    found(&app, id).await?;
    let mut wrong = Wrong::none(you.language);
    let Some(scope) = Scope::read(&form, &app.exchange.context().lines, &mut wrong) else {
        return shown(&app, &you, id, Some((form, wrong))).await;
    };
    let (operator, now) = (you.operator.id, app.exchange.now());
    let changed = app.exchange.store().write(move |tx| {
        let about = About::Operator(id);
        // As it is now: a colleague with the same page open may have been first.
        let before = tx.operator_credentials(id)?.ok_or(OperatorFault::Unknown)?.operator;
        if before.role != scope.role {
            tx.set_operator_role(id, scope.role)?;
            tx.audit(operator, Deed::OperatorRoleChanged, &about, now)?;
        }
        if (&before.lines, &before.areas) != (&scope.lines, &scope.areas) {
            tx.set_operator_scope(id, &scope.lines, &scope.areas)?;
            tx.audit(operator, Deed::OperatorScopeChanged, &about, now)?;
        }
        Ok::<_, OperatorFault>(())
    });
    answered(&you, id, changed.await, "Bewaard.", "Kept.")
}

/// Out at once, and not in again.
pub(in crate::web::desk) async fn switch_off(
    State(app): State<App>,
    you: SignedIn,
    Path(id): Path<i64>,
) -> Answer {
    let (id, now) = (OperatorId(id), app.exchange.now());
    if id == you.operator.id {
        let why = you.say(
            "U kunt uzelf niet uitzetten. Vraag een andere beheerder.",
            "You cannot switch yourself off. Ask another administrator.",
        );
        return Ok(you.warned(&path_of(id), why));
    }
    let done =
        about(&app, &you, id, Deed::OperatorSwitchedOff, move |tx| tx.switch_operator_off(id, now));
    answered(
        &you,
        id,
        done.await,
        "Uitgezet. Uw collega is meteen uitgelogd.",
        "Switched off. Your colleague is logged out at once.",
    )
}

/// In again, with the password of before.
pub(in crate::web::desk) async fn switch_on(
    State(app): State<App>,
    you: SignedIn,
    Path(id): Path<i64>,
) -> Answer {
    let id = OperatorId(id);
    let done = about(&app, &you, id, Deed::OperatorSwitchedOn, move |tx| tx.switch_operator_on(id));
    answered(
        &you,
        id,
        done.await,
        "Uw collega kan weer inloggen.",
        "Your colleague can log in again.",
    )
}

/// For whoever lost the telephone with the app.
pub(in crate::web::desk) async fn reset_second_factor(
    State(app): State<App>,
    you: SignedIn,
    Path(id): Path<i64>,
) -> Answer {
    let id = OperatorId(id);
    let done = about(&app, &you, id, Deed::OperatorSecondFactorReset, move |tx| {
        tx.remove_second_factor(id)?;
        Ok(tx.end_sessions_of(id)?)
    });
    answered(
        &you,
        id,
        done.await,
        "De tweede stap is weggehaald. Bij het inloggen stelt uw collega een nieuwe in.",
        "The second step was taken away. When logging in your colleague sets up a new one.",
    )
}

/// For whoever lost the password: another one, shown once.
pub(in crate::web::desk) async fn reset_password(
    State(app): State<App>,
    you: SignedIn,
    Path(id): Path<i64>,
) -> Answer {
    let id = OperatorId(id);
    if id == you.operator.id {
        let why = you.say(
            "Uw eigen wachtwoord verandert u bij uw account.",
            "Your own password is changed at your account.",
        );
        return Ok(you.warned("/loket/ik", why));
    }
    let name = found(&app, id).await?.operator.name;
    let password = given::password()?;
    let hash = app.desk.passwords.hash(password.clone()).await.map_err(Fault::ours)?;
    let done = about(&app, &you, id, Deed::OperatorPasswordReset, move |tx| {
        tx.set_operator_password(id, &hash, true)
    });
    done.await.map_err(told)?;
    given::shown(&you, &name, password, path_of(id))
}

/// Does something about a colleague, and writes it down if it changed anything, in one transaction.
async fn about(
    app: &App,
    you: &SignedIn,
    id: OperatorId,
    deed: Deed,
    what: impl FnOnce(&mut Tx<'_>) -> Result<(), OperatorFault> + Send + 'static,
) -> Result<(), OperatorFault> {
    let (operator, now) = (you.operator.id, app.exchange.now());
    let done = app.exchange.store().write(move |tx| {
        let before = tx.operator_credentials(id)?.ok_or(OperatorFault::Unknown)?;
        what(tx)?;
        let after = tx.operator_credentials(id)?.ok_or(OperatorFault::Unknown)?;
        // What a colleague did a moment ago is not written down again.
        if after != before {
            tx.audit(operator, deed, &About::Operator(id), now)?;
        }
        Ok(())
    });
    done.await
}

fn answered(
    you: &SignedIn,
    id: OperatorId,
    done: Result<(), OperatorFault>,
    nl: &str,
    en: &str,
) -> Result<Response, Fault> {
    match done {
        Ok(()) => Ok(you.done(&path_of(id), you.say(nl, en))),
        Err(OperatorFault::LastAdministrator) => Ok(you.warned(
            &path_of(id),
            you.say(
                "Dit is de laatste beheerder die kan inloggen. Maak eerst iemand anders beheerder.",
                "This is the last administrator who can log in. Make somebody else administrator first.",
            ),
        )),
        Err(fault) => Err(told(fault)),
    }
}
