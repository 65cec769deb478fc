//! Pages of the desk that tell a fault, and what belongs to all of its pages.

use askama::Template;
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};

use super::fault::Fault;
use super::layout::Layout;

pub use crate::web::page::show;

pub(super) use crate::web::headers::FOR_A_WHILE;
pub(super) use crate::web::page::{nowhere, show_fault, show_typed};

#[derive(Template)]
#[template(path = "desk/templates/fault.html")]
struct FaultPage<'a> {
    layout: &'a Layout,
    what: String,
    next: &'a str,
    link: (&'a str, &'a str),
}

/// A page that tells a fault: what happened, and what to do next.
pub(super) fn tell(fault: &Fault, mut layout: Layout) -> Response {
    let language = layout.language;
    let say = |nl: &'static str, en: &'static str| language.pick(nl, en);
    let home = ("/loket", say("Naar het begin", "To the start"));
    let log_in = ("/loket/inloggen", say("Inloggen", "Log in"));
    let (title, what, next, link) = match fault {
        Fault::NotHere => (
            say("Hier is niets", "There is nothing here"),
            say(
                "Deze pagina is er niet, of is niet voor u.",
                "This page is not there, or not for you.",
            ),
            say("Kijk of het adres klopt.", "See whether the address is right."),
            home,
        ),
        Fault::NotTheirs => (
            say("Dit is niet voor uw rol", "This is not for your role"),
            say(
                "Uw rol hoort hier niet bij; er is niets veranderd.",
                "Your role does not go with this; nothing was changed.",
            ),
            say(
                "Hebt u dit nodig? Vraag een beheerder om een andere rol.",
                "Do you need this? Ask an administrator for another role.",
            ),
            home,
        ),
        Fault::FilledIn(nl, en) => (
            say("Dit kan zo niet", "This cannot be done like this"),
            language.pick(nl.as_str(), en.as_str()),
            say(
                "Ga terug, verbeter het en probeer het nog een keer.",
                "Go back, mend it and try again.",
            ),
            home,
        ),
        Fault::OldForm => (
            say("Deze pagina was verlopen", "This page had expired"),
            say(
                "Het formulier hoort bij een eerdere keer dat u inlogde. Er is niets veranderd.",
                "The form belongs to an earlier time that you logged in. Nothing was changed.",
            ),
            say(
                "Ga naar de pagina, laad haar opnieuw en doe het nog een keer.",
                "Go to the page, load it again and do it once more.",
            ),
            home,
        ),
        Fault::OtherSite => (
            say("Dit kwam van een andere website", "This came from another website"),
            say(
                "Een andere website wilde hier iets doen in uw naam. Dat is tegengehouden; er is niets veranderd.",
                "Another website wanted to do something here in your name. It was stopped; nothing was changed.",
            ),
            say(
                "Deed u dit niet zelf? Vertel het dan een beheerder.",
                "Was it not you? Then tell an administrator.",
            ),
            home,
        ),
        Fault::SessionOver => (
            say("U bent niet meer ingelogd", "You are not logged in any more"),
            say(
                "U was een tijd niet bezig, u bent uitgelogd, of een beheerder heeft uw toegang uitgezet. Er is niets veranderd.",
                "You were away for a while, you were logged out, or an administrator switched your access off. Nothing was changed.",
            ),
            say(
                "Log opnieuw in. Lukt dat niet, vraag dan een beheerder.",
                "Log in again. If that does not work, ask an administrator.",
            ),
            log_in,
        ),
        Fault::TooOften(_) => (
            say("Even wachten", "One moment"),
            say(
                "Er is te vaak achter elkaar geprobeerd in te loggen.",
                "There were too many tries to log in.",
            ),
            say(
                "Wacht een paar minuten en probeer het dan nog een keer.",
                "Wait a few minutes and then try again.",
            ),
            log_in,
        ),
        Fault::TooLarge => (
            say("Dit is te veel", "This is too much"),
            say(
                "Er is meer ingevuld dan hier past. Er is niets veranderd.",
                "More was filled in than fits here. Nothing was changed.",
            ),
            say("Ga terug en maak het korter.", "Go back and make it shorter."),
            home,
        ),
        Fault::Ours(_) => (
            say("Er ging iets mis", "Something went wrong"),
            say(
                "Het ligt niet aan u. De technicus vindt de oorzaak in het logboek.",
                "It is not your doing. The technician finds the cause in the log.",
            ),
            say(
                "Probeer het over een minuut nog een keer. Gesprekken gaan gewoon door.",
                "Try again in a minute. Calls simply go on.",
            ),
            home,
        ),
    };
    title.clone_into(&mut layout.title);
    let page = FaultPage { layout: &layout, what: what.to_owned(), next, link };
    show_fault(fault, &page)
}

/// The address as some people type it.
pub(super) async fn to_the_desk() -> Redirect {
    Redirect::permanent("/loket")
}

pub(super) async fn style() -> impl IntoResponse {
    let kind = (header::CONTENT_TYPE, "text/css; charset=utf-8");
    (
        [kind, FOR_A_WHILE],
        concat!(include_str!("../assets/base.css"), include_str!("assets/desk.css")),
    )
}

/// What any page that changes while it is read needs.
pub(super) async fn live_script() -> impl IntoResponse {
    let kind = (header::CONTENT_TYPE, "text/javascript; charset=utf-8");
    ([kind, FOR_A_WHILE], include_str!("../assets/live.js"))
}
