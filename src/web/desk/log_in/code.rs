//! The code of the second factor; or a recovery code, for whoever lost it.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;

use super::{Halfway, Wanted, admit, at_stage, next_step, own_page};
use crate::domain::{About, Deed};
use crate::web::App;
use crate::web::desk::address::Address;
use crate::web::desk::fault::{Answer, Fault};
use crate::web::desk::layout::Layout;
use crate::web::desk::page::show;
use crate::web::desk::signed_in::Fields;

/// Wrong codes after which the password is asked for again.
const MOST_WRONG: u32 = 5;

#[derive(Template)]
#[template(path = "desk/templates/code.html")]
struct CodePage {
    layout: Layout,
    back: String,
    refused: bool,
    recovery_refused: bool,
}

impl CodePage {
    fn new(halfway: &Halfway, back: &str) -> Self {
        let layout = halfway.layout("De tweede stap", "The second step");
        let back = own_page(back).to_owned();
        Self { layout, back, refused: false, recovery_refused: false }
    }
}

/// Asks for the code.
pub(in crate::web::desk) async fn page(halfway: Halfway, Query(wanted): Query<Wanted>) -> Answer {
    show(&CodePage::new(&halfway, &wanted.naar))
}

/// The code from the app: right, and not used before.
pub(in crate::web::desk) async fn code(
    State(app): State<App>,
    Address(address): Address,
    halfway: Halfway,
    form: Fields,
) -> Answer {
    admit(&app, &halfway.operator.name, address)?;
    let back = form.get("naar");
    let (known, now) = (halfway.credentials(&app).await?, app.exchange.now());
    let id = known.operator.id;
    let sealed = known.totp_secret.as_deref().unwrap_or_default();
    // Without it nobody could say that the key beside the database is another one.
    let secret = app.desk.sealer.open(sealed, id).ok_or_else(|| {
        Fault::ours("the second factor of an operator cannot be read: is the key the right one?")
    })?;
    let used = match secret.step_of(form.get("code"), now) {
        Some(step) => app.exchange.store().write(move |tx| tx.use_code(id, step)).await?,
        None => false,
    };
    if !used {
        tracing::info!("desk.code_refused");
        let page = CodePage { refused: true, ..CodePage::new(&halfway, back) };
        return refused(&app, &halfway, &page).await;
    }
    let stage = app.desk.after_second_factor(&known);
    let token = next_step(&app, Some(&halfway.token), id, stage, |_| Ok(())).await?;
    Ok(at_stage(&app.desk, &token, stage, back))
}

/// Once more; after a few times from the password on, so that whoever has only that cannot go on trying.
async fn refused(app: &App, halfway: &Halfway, page: &CodePage) -> Answer {
    let session = halfway.token.hash();
    if app.desk.wrong_codes(session) < MOST_WRONG {
        return Ok((StatusCode::UNAUTHORIZED, show(page)?).into_response());
    }
    app.exchange.store().write(move |tx| tx.end_session(session)).await?;
    Err(Fault::SessionOver)
}

/// A recovery code, each good for once.
pub(in crate::web::desk) async fn recovery(
    State(app): State<App>,
    Address(address): Address,
    halfway: Halfway,
    form: Fields,
) -> Answer {
    admit(&app, &halfway.operator.name, address)?;
    let (known, now) = (halfway.credentials(&app).await?, app.exchange.now());
    let id = known.operator.id;
    let hash = app.desk.sealer.hash(form.get("noodcode"), id);
    let used = app.exchange.store().write(move |tx| {
        let used = tx.use_recovery_code(id, hash)?;
        if used {
            tx.audit(id, Deed::RecoveryCodeUsed, &About::Nothing, now)?;
        }
        Ok::<_, Fault>(used)
    });
    if !used.await? {
        tracing::info!("desk.recovery_code_refused");
        let page = CodePage { recovery_refused: true, ..CodePage::new(&halfway, form.get("naar")) };
        return refused(&app, &halfway, &page).await;
    }
    let stage = app.desk.after_second_factor(&known);
    let token = next_step(&app, Some(&halfway.token), id, stage, |_| Ok(())).await?;
    // To where another app can be set: the telephone with the old one is gone.
    Ok(at_stage(&app.desk, &token, stage, "/loket/ik"))
}
