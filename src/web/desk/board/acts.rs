//! What the desk does about a call: an order to the exchange, which says what came of it.

use askama::Template;

use super::asked::{Asked, BOARD};
use crate::domain::{AttemptId, Deed, ParticipantId, Phone, RequestId};
use crate::exchange::DeskWish;
use crate::web::App;
use crate::web::desk::fault::{Answer, Fault};
use crate::web::desk::page::show_typed;
use crate::web::desk::{Layout, Section, SignedIn};
use crate::web::typed::{Typed, Wrong};

/// The caller comes to the telephone of whoever clicks.
pub(in crate::web::desk) async fn take_over(asked: Asked) -> Answer {
    let id = asked.you.operator.id;
    let Some(seat) = asked.app.exchange.store().read(move |tx| tx.seat(id)).await? else {
        let first = asked.you.say(
            "Zeg eerst bij \"Uw toestel\" welke telefoon bij u staat; dan kan de beller daarheen.",
            "First say at \"Your telephone\" which one stands with you, so that the caller can come there.",
        );
        return Ok(asked.told(false, first));
    };
    asked
        .order(
            DeskWish::TakeOver { seat },
            Deed::CallTakenOver,
            "De beller komt naar uw toestel. Neem op en toets 1.",
            "The caller comes to your telephone. Pick up and press 1.",
        )
        .await
}

/// This ring stops, and the next begins.
pub(in crate::web::desk) async fn skip(asked: Asked) -> Answer {
    let wish = DeskWish::Skip(AttemptId(asked.number("poging")?));
    asked.order(wish, Deed::Skipped, "De volgende wordt gebeld.", "The next one is rung.").await
}

/// The search ends; the caller hears when the desk calls back.
pub(in crate::web::desk) async fn give_up(asked: Asked) -> Answer {
    asked
        .order(
            DeskWish::GiveUp,
            Deed::GaveUp,
            "De zoektocht is gestopt. Wat beloofd is, staat bij Berichten en beloftes.",
            "The search has ended. What was promised is with Messages and promises.",
        )
        .await
}

/// This person is asked next.
pub(in crate::web::desk) async fn ring_next(asked: Asked) -> Answer {
    let wish = DeskWish::RingNext(ParticipantId(asked.number("wie")?));
    asked
        .order(
            wish,
            Deed::RangThisOne,
            "Deze persoon wordt hierna gebeld, als de vraag dan nog open is.",
            "This person is rung next, if the request is still open then.",
        )
        .await
}

/// A sentence that was not said, to be mended: on the board itself it is told beside the row.
#[derive(Template)]
#[template(path = "desk/templates/board/say.html")]
struct SayPage {
    layout: Layout,
    typed: Typed,
    request: RequestId,
}

/// A sentence for the caller.
pub(in crate::web::desk) async fn say(asked: Asked) -> Answer {
    let wish = DeskWish::Say(asked.form.get("zin").to_owned());
    match asked.give(wish, Deed::SentenceSaid).await? {
        Ok(()) => {
            let done = asked.you.say(
                "De beller hoort uw zin zodra er even niets anders klinkt.",
                "The caller hears your sentence as soon as nothing else is heard.",
            );
            Ok(asked.told(true, done))
        }
        Err(why) if asked.in_place => Ok(asked.told(false, &why)),
        Err(why) => {
            let title = asked.you.say("Iets tegen de beller zeggen", "Say something to the caller");
            let mut wrong = Wrong::none(asked.you.language);
            wrong.told("zin", why);
            let typed = Typed::refused("", asked.form, wrong);
            let layout = asked.you.layout(Section::Now, title).with(&typed, BOARD);
            let page = SayPage { layout, typed, request: asked.request };
            show_typed(&page, &page.typed)
        }
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
