//! Setting up the second factor: a picture for the app, the first code back, then recovery codes.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::cookie::CookieJar;

use super::{Halfway, Wanted, admit, next_step, noted, own_page};
use crate::domain::{About, Deed, OperatorId, Timestamp};
use crate::login::second_factor::{Secret, recovery_codes};
use crate::store::{Stage, Tx};
use crate::web::App;
use crate::web::desk::address::Address;
use crate::web::desk::cookies;
use crate::web::desk::fault::{Answer, Fault};
use crate::web::desk::layout::Layout;
use crate::web::desk::page::show;
use crate::web::desk::signed_in::Fields;

#[derive(Template)]
#[template(path = "desk/templates/enrol.html")]
struct EnrolPage {
    layout: Layout,
    form: SecondFactorForm,
    back: String,
}

/// What a page needs to have a second factor set up.
#[derive(Debug)]
pub(in crate::web::desk) struct SecondFactorForm {
    pub(in crate::web::desk) picture: String,
    pub(in crate::web::desk) secret: String,
    pub(in crate::web::desk) refused: bool,
}

impl SecondFactorForm {
    /// For this secret.
    pub(in crate::web::desk) fn of(
        app: &App,
        name: &str,
        secret: &Secret,
        refused: bool,
    ) -> Result<Self, Fault> {
        let picture = secret.picture(&app.desk.issuer, name);
        let picture = picture.ok_or_else(|| Fault::ours("no picture can be made of an address"))?;
        Ok(Self { picture, secret: secret.text(), refused })
    }
}

/// A second factor that was proved with its first code.
pub(in crate::web::desk) struct Proved {
    /// To be written down.
    pub(in crate::web::desk) factor: ProvedFactor,
    /// Its recovery codes, shown once.
    pub(in crate::web::desk) codes: Vec<String>,
}

/// What of it goes into the database.
pub(in crate::web::desk) struct ProvedFactor {
    operator: OperatorId,
    sealed: Vec<u8>,
    step: i64,
    hashes: Vec<[u8; 32]>,
}

impl Proved {
    /// `None` when the code is not that of the secret.
    ///
    /// # Errors
    /// [`Fault`] when the machine has no random source.
    pub(in crate::web::desk) fn by(
        app: &App,
        operator: OperatorId,
        secret: &Secret,
        code: &str,
    ) -> Result<Option<Self>, Fault> {
        let Some(step) = secret.step_of(code, app.exchange.now()) else { return Ok(None) };
        let sealer = &app.desk.sealer;
        let (sealed, codes) =
            sealer.seal(secret, operator).zip(recovery_codes()).ok_or_else(no_random)?;
        let hashes = codes.iter().map(|code| sealer.hash(code, operator)).collect();
        let factor = ProvedFactor { operator, sealed, step, hashes };
        Ok(Some(Self { factor, codes }))
    }
}

impl ProvedFactor {
    /// Writes it down.
    ///
    /// # Errors
    /// [`Fault`] of the store.
    pub(in crate::web::desk) fn keep(self, tx: &mut Tx<'_>, now: Timestamp) -> Result<(), Fault> {
        tx.set_second_factor(self.operator, &self.sealed, self.step, &self.hashes)?;
        noted(tx.audit(self.operator, Deed::SecondFactorSet, &About::Nothing, now))
    }
}

pub(in crate::web::desk) fn no_random() -> Fault {
    Fault::ours("this machine has no random source")
}

/// Shows a new secret. It is kept once the first code proves that the app has it.
pub(in crate::web::desk) async fn page(
    State(app): State<App>,
    halfway: Halfway,
    Query(wanted): Query<Wanted>,
) -> Answer {
    let secret = Secret::new().ok_or_else(no_random)?;
    shown(&app, &halfway, &secret, &wanted.naar, false)
}

fn shown(app: &App, halfway: &Halfway, secret: &Secret, back: &str, refused: bool) -> Answer {
    show(&EnrolPage {
        layout: halfway.layout("De tweede stap instellen", "Set up the second step"),
        form: SecondFactorForm::of(app, &halfway.operator.name, secret, refused)?,
        back: own_page(back).to_owned(),
    })
}

/// The first code: from now on the app is needed, and here are the recovery codes.
pub(in crate::web::desk) async fn enrol(
    State(app): State<App>,
    Address(address): Address,
    halfway: Halfway,
    form: Fields,
) -> Answer {
    admit(&app, &halfway.operator.name, address)?;
    let (id, back) = (halfway.operator.id, form.get("naar"));
    let secret = Secret::parse(form.get("geheim")).ok_or(Fault::OldForm)?;
    let Some(proved) = Proved::by(&app, id, &secret, form.get("code"))? else {
        let page = shown(&app, &halfway, &secret, back, true)?;
        return Ok((StatusCode::UNAUTHORIZED, page).into_response());
    };
    let stage = app.desk.after_second_factor(&halfway.credentials(&app).await?);
    let Proved { factor, codes } = proved;
    let now = app.exchange.now();
    let keep = move |tx: &mut Tx<'_>| factor.keep(tx, now);
    let token = next_step(&app, Some(&halfway.token), id, stage, keep).await?;
    let next = match stage {
        Stage::Password => "/loket/inloggen/wachtwoord",
        _ => own_page(back),
    };
    let layout = halfway.layout("Uw noodcodes", "Your recovery codes");
    let page = codes_page(layout, codes, next)?;
    Ok((CookieJar::new().add(cookies::session(&app.desk, &token)), page).into_response())
}

#[derive(Template)]
#[template(path = "desk/templates/recovery_codes.html")]
struct CodesPage<'a> {
    layout: Layout,
    codes: Vec<String>,
    next: &'a str,
}

/// Recovery codes, shown this once.
pub(in crate::web::desk) fn codes_page(
    layout: Layout,
    codes: Vec<String>,
    next: &str,
) -> Result<Response, Fault> {
    show(&CodesPage { layout, codes, next })
}
