//! A page that tells a fault: what happened, and what to do next. The telephone always works, and
//! its number is on every page.

use askama::Template;
use axum::response::Response;

use super::{Layout, Section, Visitor};
use crate::web::fault::Fault;
use crate::web::page::show_fault;

#[derive(Template)]
#[template(path = "portal/templates/fault.html")]
struct FaultPage<'a> {
    layout: Layout,
    what: String,
    next: &'a str,
    link: (&'a str, &'a str),
}

/// What is told of a fault.
struct Told<'a> {
    title: &'a str,
    what: String,
    next: &'a str,
    link: (&'a str, &'a str),
}

/// The page of a fault, for this visitor.
pub(super) fn tell(fault: &Fault, visitor: &Visitor) -> Response {
    if let Fault::Ours(why) = fault {
        tracing::error!(%why, "portal.page_not_shown");
    }
    let told = told(fault, visitor);
    let page = FaultPage {
        layout: visitor.layout(Section::Home, told.title),
        what: told.what,
        next: told.next,
        link: told.link,
    };
    show_fault(fault, &page)
}

fn told<'a>(fault: &Fault, visitor: &Visitor) -> Told<'a> {
    let say = |nl: &'static str, en: &'static str| visitor.language.pick(nl, en);
    let home = ("/", say("Naar het begin", "To the start"));
    let log_in = ("/mijn/inloggen", say("Inloggen", "Log in"));
    let words = |title, what: &str, next, link| Told { title, what: what.to_owned(), next, link };
    match fault {
        Fault::NotHere | Fault::NotTheirs => words(
            say("Hier is niets", "There is nothing here"),
            say(
                "Deze pagina is er niet, of niet meer.",
                "This page is not there, or not any more.",
            ),
            say(
                "Kijk of het adres klopt. Of bel ons.",
                "See whether the address is right. Or ring us.",
            ),
            home,
        ),
        Fault::FilledIn(nl, en) => Told {
            title: say("Dit kan zo niet", "This cannot be done like this"),
            what: visitor.language.pick(nl, en).clone(),
            next: say(
                "Ga terug, verbeter het en probeer het nog een keer.",
                "Go back, mend it and try again.",
            ),
            link: home,
        },
        Fault::OldForm => words(
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
        Fault::OtherSite => words(
            say("Dit kwam van een andere website", "This came from another website"),
            say(
                "Een andere website wilde hier iets doen in uw naam. Dat is tegengehouden; er is niets veranderd.",
                "Another website wanted to do something here in your name. It was stopped; nothing was changed.",
            ),
            say("Begin opnieuw vanaf onze eigen pagina.", "Begin again from our own page."),
            home,
        ),
        Fault::SessionOver => words(
            say("U bent niet meer ingelogd", "You are not logged in any more"),
            say(
                "U was een tijd niet bezig, u bent uitgelogd, of u doet niet meer mee. Er is niets veranderd.",
                "You were away for a while, you logged out, or you stopped taking part. Nothing was changed.",
            ),
            say("Log opnieuw in. Of bel ons.", "Log in again. Or ring us."),
            log_in,
        ),
        Fault::TooOften(_) => words(
            say("Even wachten", "One moment"),
            say("Dit is net te vaak geprobeerd.", "This was tried too often just now."),
            say(
                "Wacht een kwartier en probeer het dan nog een keer. Of bel ons.",
                "Wait a quarter of an hour and try again then. Or ring us.",
            ),
            home,
        ),
        Fault::TooLarge => words(
            say("Dit is te veel", "This is too much"),
            say(
                "Er is meer ingevuld dan hier past. Er is niets veranderd.",
                "More was filled in than fits here. Nothing was changed.",
            ),
            say("Ga terug en maak het korter.", "Go back and make it shorter."),
            home,
        ),
        Fault::Ours(_) => words(
            say("Er ging iets mis", "Something went wrong"),
            say("Het ligt niet aan u.", "It is not your doing."),
            say(
                "Probeer het over een minuut nog een keer. Of bel ons: de telefoon werkt gewoon.",
                "Try again in a minute. Or ring us: the telephone simply works.",
            ),
            home,
        ),
    }
}
