//! Setting up the second factor: a picture for the app, the first code back, then recovery codes.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use axum_extra::extract::cookie::CookieJar;

use super::{Halfway, Wanted, admit, next_step, noted, own_page, page_of};
use crate::domain::{About, Deed, Language, OperatorId, Timestamp};
use crate::login::second_factor::{Secret, recovery_codes};
use crate::store::Tx;
use crate::web::App;
use crate::web::desk::address::Address;
use crate::web::desk::cookies;
use crate::web::desk::fault::{Answer, Fault};
use crate::web::desk::layout::Layout;
use crate::web::desk::page::{show, show_typed};
use crate::web::desk::signed_in::Fields;
use crate::web::typed::{Typed, Wrong};

#[derive(Template)]
#[template(path = "desk/templates/enrol.html")]
struct EnrolPage {
    layout: Layout,
    typed: Typed,
    form: SecondFactorForm,
    back: String,
}

/// What a page needs to have a second factor set up.
#[derive(Debug)]
pub(in crate::web::desk) struct SecondFactorForm {
    pub(in crate::web::desk) picture: String,
    pub(in crate::web::desk) secret: String,
}

impl SecondFactorForm {
    /// For this secret.
    pub(in crate::web::desk) fn of(app: &App, name: &str, secret: &Secret) -> Result<Self, Fault> {
        let picture = secret.picture(&app.desk.issuer, name);
        let picture = picture.ok_or_else(|| Fault::ours("no picture can be made of an address"))?;
        Ok(Self { picture, secret: secret.text() })
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
    shown(&app, &halfway, &secret, &wanted.naar, Typed::default())
}

fn shown(app: &App, halfway: &Halfway, secret: &Secret, back: &str, typed: Typed) -> Answer {
    let layout = halfway.layout("De tweede stap instellen", "Set up the second step");
    let page = EnrolPage {
        layout: layout.with(&typed, "/loket/inloggen/tweede-stap"),
        form: SecondFactorForm::of(app, &halfway.operator.name, secret)?,
        back: own_page(back).to_owned(),
        typed,
    };
    show_typed(&page, &page.typed)
}

/// What is said about a first code that is not the app's.
pub(in crate::web::desk) fn wrong_code(language: Language) -> Wrong {
    let mut wrong = Wrong::none(language);
    wrong.say(
        "code",
        "Deze code klopt niet. Kijk of de klok van uw telefoon goed staat en vul de volgende code in.",
        "This code is not right. See that the clock of your telephone is right and fill in the next code.",
    );
    wrong
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
        let wrong = wrong_code(halfway.visitor.language);
        return shown(&app, &halfway, &secret, back, Typed::refused_blank("", wrong));
    };
    let stage = app.desk.after_second_factor(&halfway.credentials(&app).await?);
    let Proved { factor, codes } = proved;
    let now = app.exchange.now();
    let keep = move |tx: &mut Tx<'_>| factor.keep(tx, now);
    let token = next_step(&app, Some(&halfway.token), id, stage, keep).await?;
    let layout = halfway.layout("Uw noodcodes", "Your recovery codes");
    let page = codes_page(layout, codes, &page_of(stage, back))?;
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
