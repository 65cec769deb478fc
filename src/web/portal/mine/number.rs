//! Another number, proved by a code that is spoken on it.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum_extra::extract::cookie::CookieJar;

use super::myself;
use crate::domain::{Phone, SpokenCode};
use crate::store::{CodeTried, NumberChanged, StoreError};
use crate::web::App;
use crate::web::address::Address;
use crate::web::fault::{Answer, Fault};
use crate::web::portal::codes::{self, Spoken, Wanted};
use crate::web::portal::log_in::{CodePage, Halfway, closed, on_to};
use crate::web::portal::{Fields, Layout, Me, Section, cookies, field, show};

const PATH: &str = "/mijn/nummer";
const CODE: &str = "/mijn/nummer/code";

#[derive(Template)]
#[template(path = "portal/templates/number.html")]
struct NumberPage {
    layout: Layout,
    /// The one that is rung now, masked.
    now: String,
    typed: String,
    wrong: Option<String>,
}

/// Which?
pub(in crate::web::portal) async fn page(State(app): State<App>, me: Me) -> Answer {
    number_page(&app, &me, "", None).await
}

async fn number_page(app: &App, me: &Me, typed: &str, wrong: Option<String>) -> Answer {
    let known = myself(app, me.id).await?.known;
    let refused = wrong.is_some();
    let page = show(&NumberPage {
        layout: me.layout(Section::Mine, me.say("Een ander nummer", "Another number")),
        now: known.phone.to_string(),
        typed: typed.chars().take(field::LONGEST).collect(),
        wrong,
    })?;
    Ok(if refused { (StatusCode::UNPROCESSABLE_ENTITY, page).into_response() } else { page })
}

/// A number was typed: it rings, unless somebody else takes part or stopped with it, which is not
/// told here.
pub(in crate::web::portal) async fn ask(
    State(app): State<App>,
    Address(address): Address,
    me: Me,
    form: Fields,
) -> Answer {
    let typed = form.get("nummer");
    let phone = match field::phone(&app, typed, me.visitor.language) {
        Ok(phone) => phone,
        Err(why) => return number_page(&app, &me, typed, Some(why)).await,
    };
    let now = app.exchange.now();
    if app.portal.admit_call(&phone, address, now).is_err() {
        let why = field::too_often(me.visitor.language).to_owned();
        let page = number_page(&app, &me, typed, Some(why)).await?;
        return Ok((StatusCode::TOO_MANY_REQUESTS, page).into_response());
    }
    let wanted = Wanted {
        who: Some(me.id),
        ring: may_be_rung(&app, &phone).await?.then(|| phone.clone()),
        proves: Some(phone),
        at: Some(myself(&app, me.id).await?.known.postcode),
    };
    match codes::speak(&app, wanted, me.visitor.language).await? {
        Spoken::Closed(opens) => {
            let why = closed(&me.visitor, now, opens);
            number_page(&app, &me, typed, Some(why)).await
        }
        Spoken::Comes(jar) => Ok((jar, on_to(CODE)).into_response()),
    }
}

async fn may_be_rung(app: &App, phone: &Phone) -> Result<bool, Fault> {
    let phone = phone.clone();
    let free = app.exchange.store().write(move |tx| tx.may_change_to(&phone));
    Ok(free.await.map_err(|fault: StoreError| fault)?)
}

/// The code is typed here.
pub(in crate::web::portal) async fn code_page(me: Me) -> Answer {
    show(&code_form(&me, None))
}

fn code_form(me: &Me, wrong: Option<String>) -> CodePage {
    CodePage {
        layout: me.layout(
            Section::Mine,
            me.say("Wij bellen uw nieuwe nummer", "We are ringing your new number"),
        ),
        action: CODE,
        again: PATH.to_owned(),
        back: String::new(),
        wrong,
        to_log_in: false,
    }
}

/// A code was typed: with the right one, the new number is theirs.
pub(in crate::web::portal) async fn code(
    State(app): State<App>,
    me: Me,
    halfway: Halfway,
    form: Fields,
) -> Answer {
    let language = me.visitor.language;
    let refused = |why: String| -> Answer {
        let page = show(&code_form(&me, Some(why)))?;
        Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
    };
    let Ok(code) = SpokenCode::parse(form.get("code")) else {
        return refused(field::six_digits(language).to_owned());
    };
    let (id, here, browser, now) = (me.id, me.session, halfway.0.hash(), app.exchange.now());
    let tried = app.exchange.store().write(move |tx| {
        let tried = tx.try_spoken_code(browser, &code, now)?;
        let changed = match &tried {
            CodeTried::Right(who, Some(phone)) if *who == id => {
                Some(tx.change_number(id, phone, Some(here), now)?)
            }
            _ => None,
        };
        Ok::<_, StoreError>((tried, changed))
    });
    match tried.await? {
        (_, Some(NumberChanged::Done)) => {
            super::list_stops(&app).await;
            let told = me.say(
                "Vanaf nu bellen wij uw nieuwe nummer.",
                "From now on we ring your new number.",
            );
            let jar = CookieJar::new().add(cookies::not_halfway(&app.portal));
            Ok((jar, me.done("/mijn/mij", told)).into_response())
        }
        (_, Some(NumberChanged::Taken)) => Ok(me.warned(
            PATH,
            me.say(
                "Met dit nummer doet al iemand mee. Er is niets veranderd.",
                "Somebody takes part with this number already. Nothing was changed.",
            ),
        )),
        (_, Some(NumberChanged::OnTheTelephone)) => Ok(me.warned(
            PATH,
            me.say(
                "Uw oude nummer is nu in gesprek met ons. Probeer het straks nog een keer.",
                "Your old number is in a call with us now. Try again in a while.",
            ),
        )),
        (CodeTried::Wrong(left), None) => refused(field::wrong_code(left, language)),
        (_, None) => refused(field::code_over(language).to_owned()),
    }
}
