//! "This does not belong here": a quiet way out of what should not be on the board, with a reason from a
//! short list. Nothing is written about anybody.

use axum::extract::{Path, State};

use super::super::{Fields, Me};
use super::{board, done, warned};
use crate::domain::{Misplaced, OfferId, Pinned, RequestId};
use crate::exchange::Reported;
use crate::web::App;
use crate::web::fault::Answer;
use crate::web::typed::{Typed, Wrong};

/// Somebody finds that a request does not belong here.
pub(in super::super) async fn report_request(
    State(app): State<App>,
    me: Me,
    Path(request): Path<i64>,
    form: Fields,
) -> Answer {
    report(&app, &me, Pinned::Request(RequestId(request)), form).await
}

/// Somebody finds that an offer does not belong here.
pub(in super::super) async fn report_offer(
    State(app): State<App>,
    me: Me,
    Path(offer): Path<i64>,
    form: Fields,
) -> Answer {
    report(&app, &me, Pinned::Offer(OfferId(offer)), form).await
}

/// What the form beside this is called.
pub(super) fn form(of: Pinned) -> String {
    match of {
        Pinned::Request(id) => format!("melden-vraag-{id}"),
        Pinned::Offer(id) => format!("melden-aanbod-{id}"),
    }
}

async fn report(app: &App, me: &Me, of: Pinned, fields: Fields) -> Answer {
    let Some(why) = Misplaced::parse(fields.get("waarom")) else {
        let wrong =
            Wrong::only(me.visitor.language, "waarom", "Kies waarom.", "Choose why it does not.");
        return board(app, me, Typed::refused(form(of), fields, wrong)).await;
    };
    Ok(match app.exchange.report_misplaced(me.id, of, why).await? {
        Reported::Done => done(
            me,
            "Dank u wel. Het loket kijkt ernaar. U ziet dit niet meer.",
            "Thank you. The desk looks at it. You do not see it any more.",
        ),
        Reported::Gone => {
            warned(me, "Dit staat niet meer op het prikbord.", "This is not on the board any more.")
        }
        Reported::Enough => warned(
            me,
            "U hebt vandaag al veel gemeld. Is er meer aan de hand? Bel ons gerust.",
            "You have reported a lot today. Is there more to it? Feel free to ring us.",
        ),
    })
}
