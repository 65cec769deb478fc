//! What the desk does about a call: an order to the exchange, which says what came of it.
//!
//! A page with scripts is told in place; without, it leads back to the board with a notice.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::domain::{About, AttemptId, Deed, ParticipantId, Phone, RequestId};
use crate::exchange::{DeskWish, Ordered};
use crate::store::StoreError;
use crate::web::App;
use crate::web::desk::fault::Answer;
use crate::web::desk::{Fault, Fields, SignedIn};

const BOARD: &str = "/loket";

/// The caller comes to the telephone of whoever clicks.
pub(in crate::web::desk) async fn take_over(
    State(app): State<App>,
    you: SignedIn,
    Path(request): Path<i64>,
    headers: HeaderMap,
) -> Answer {
    let id = you.operator.id;
    let Some(seat) = app.exchange.store().read(move |tx| tx.seat(id)).await? else {
        let first = you.say(
            "Zeg eerst bij \"Uw toestel\" welke telefoon bij u staat; dan kan de beller daarheen.",
            "First say at \"Your telephone\" which one stands with you, so that the caller can come there.",
        );
        return Ok(told(&you, &headers, false, first));
    };
    let done = you.say(
        "De beller komt naar uw toestel. Neem op en toets 1.",
        "The caller comes to your telephone. Pick up and press 1.",
    );
    let order =
        Order { request, wish: DeskWish::TakeOver { seat }, deed: Deed::CallTakenOver, done };
    order.give(&app, &you, &headers).await
}

/// This ring stops, and the next begins.
pub(in crate::web::desk) async fn skip(
    State(app): State<App>,
    you: SignedIn,
    Path(request): Path<i64>,
    headers: HeaderMap,
    form: Fields,
) -> Answer {
    let attempt = AttemptId(number(&form, "poging")?);
    let done = you.say("De volgende wordt gebeld.", "The next one is rung.");
    let order = Order { request, wish: DeskWish::Skip(attempt), deed: Deed::Skipped, done };
    order.give(&app, &you, &headers).await
}

/// The search ends; the caller hears when the desk calls back.
pub(in crate::web::desk) async fn give_up(
    State(app): State<App>,
    you: SignedIn,
    Path(request): Path<i64>,
    headers: HeaderMap,
) -> Answer {
    let done = you.say(
        "De zoektocht is gestopt. Wat beloofd is, staat bij Berichten en beloftes.",
        "The search has ended. What was promised is with Messages and promises.",
    );
    let order = Order { request, wish: DeskWish::GiveUp, deed: Deed::GaveUp, done };
    order.give(&app, &you, &headers).await
}

/// A sentence for the caller.
pub(in crate::web::desk) async fn say(
    State(app): State<App>,
    you: SignedIn,
    Path(request): Path<i64>,
    headers: HeaderMap,
    form: Fields,
) -> Answer {
    let done = you.say(
        "De beller hoort uw zin zodra er even niets anders klinkt.",
        "The caller hears your sentence as soon as nothing else is heard.",
    );
    let wish = DeskWish::Say(form.get("zin").to_owned());
    Order { request, wish, deed: Deed::SentenceSaid, done }.give(&app, &you, &headers).await
}

/// This person is asked next.
pub(in crate::web::desk) async fn ring_next(
    State(app): State<App>,
    you: SignedIn,
    Path(request): Path<i64>,
    headers: HeaderMap,
    form: Fields,
) -> Answer {
    let who = ParticipantId(number(&form, "wie")?);
    let done = you.say(
        "Deze persoon wordt hierna gebeld, als de vraag dan nog open is.",
        "This person is rung next, if the request is still open then.",
    );
    let order = Order { request, wish: DeskWish::RingNext(who), deed: Deed::RangThisOne, done };
    order.give(&app, &you, &headers).await
}

/// Which telephone stands with whoever asks.
pub(in crate::web::desk) async fn seat(
    State(app): State<App>,
    you: SignedIn,
    form: Fields,
) -> Answer {
    let context = app.exchange.context();
    let chosen = form.filled("ander").or(form.filled("toestel"));
    let seat = chosen.map(|text| Phone::parse_desk(text, context.numbering)).transpose();
    let seat = match seat {
        Ok(seat) if seat.as_ref().is_none_or(|seat| context.line(seat.e164()).is_none()) => seat,
        Ok(_) => {
            return Ok(you.warned(
                BOARD,
                you.say(
                    "Dit is het nummer van een lijn. Kies een telefoon die bij u staat.",
                    "This is the number of a line. Choose a telephone that stands with you.",
                ),
            ));
        }
        Err(_) => {
            return Ok(you.warned(
                BOARD,
                you.say(
                    "Dit nummer kan de centrale niet bellen. Vul een Nederlands vast of mobiel nummer in.",
                    "The exchange cannot ring this number. Fill in a Dutch fixed or mobile number.",
                ),
            ));
        }
    };
    let (id, is_set) = (you.operator.id, seat.is_some());
    let set: Result<(), StoreError> =
        app.exchange.store().write(move |tx| tx.set_seat(id, seat.as_ref())).await;
    set?;
    Ok(you.done(
        BOARD,
        match is_set {
            true => you.say("Uw toestel is bewaard.", "Your telephone is kept."),
            false => you.say("U hebt nu geen toestel.", "You have no telephone now."),
        },
    ))
}

/// An order of the desk, on its way.
struct Order<'a> {
    request: i64,
    wish: DeskWish,
    deed: Deed,
    /// What is said when it is done.
    done: &'a str,
}

impl Order<'_> {
    async fn give(self, app: &App, you: &SignedIn, headers: &HeaderMap) -> Answer {
        let request = RequestId(self.request);
        theirs(app, you, request).await?;
        let answer = match app.exchange.order(request, self.wish).await? {
            Ordered::Done => {
                let (id, deed, now) = (you.operator.id, self.deed, app.exchange.now());
                let about = About::Request(request);
                let written: Result<(), StoreError> =
                    app.exchange.store().write(move |tx| tx.audit(id, deed, &about, now)).await;
                written?;
                told(you, headers, true, self.done)
            }
            Ordered::TooLate(why) => told(you, headers, false, &why.in_words(you.language)),
        };
        Ok(answer)
    }
}

/// The line of this request, if it is on the board and theirs to see.
pub(super) async fn theirs(app: &App, you: &SignedIn, request: RequestId) -> Result<Phone, Fault> {
    let board = app.board.now().await?;
    let asks = |row: &&std::sync::Arc<super::Written>| {
        row.item.searches().iter().any(|search| search.request == request)
    };
    let row = board.rows.iter().find(asks);
    let theirs = row.filter(|row| you.operator.sees(&row.line, row.postcode));
    theirs.map(|row| row.line.clone()).ok_or(Fault::NotHere)
}

fn number(form: &Fields, name: &str) -> Result<i64, Fault> {
    form.get(name).parse().map_err(|_| {
        Fault::FilledIn("Er is niemand gekozen.".to_owned(), "Nobody was chosen.".to_owned())
    })
}

fn told(you: &SignedIn, headers: &HeaderMap, done: bool, words: &str) -> Response {
    let accepts = headers.get(header::ACCEPT).and_then(|kinds| kinds.to_str().ok());
    if accepts.is_some_and(|kinds| kinds.starts_with("application/json")) {
        let class = if done { "notice" } else { "notice warning" };
        let words = askama::filters::escape(words, askama::filters::Html);
        let words = words.map(|words| words.to_string()).unwrap_or_default();
        let told = json!({ "told": format!("<p class=\"{class}\">{words}</p>") });
        let kind = (header::CONTENT_TYPE, "application/json");
        return ([kind], told.to_string()).into_response();
    }
    match done {
        true => you.done(BOARD, words),
        false => you.warned(BOARD, words),
    }
}
