//! `/loket/deelnemers/nieuw`: somebody signs up at the counter, at the door or on paper.
//!
//! Two minutes, and nothing counts before their own telephone has said yes.

use askama::Template;
use axum::extract::State;

use super::{Choice, path_of, service_name, whose};
use crate::domain::week_plan::Usual;
use crate::domain::{Channel, FirstName, Language, Phone, Postcode, ServiceId, Timestamp, consent};
use crate::exchange::{AtTheDesk, NewcomerForm, NotSignedUp};
use crate::web::App;
use crate::web::desk::fault::Answer;
use crate::web::desk::layout::{Layout, Section};
use crate::web::desk::page::show_typed;
use crate::web::desk::say::when;
use crate::web::desk::signed_in::{Fields, SignedIn};
use crate::web::typed::{Typed, Wrong};

const PAGE: &str = "/loket/deelnemers/nieuw";

/// Ways in which somebody at the desk hears of it.
const WAYS: [(&str, Channel, [&str; 2]); 2] = [
    (
        "gesprek",
        Channel::Desk,
        [
            "in een gesprek: aan de balie, aan de deur of aan de telefoon",
            "in a conversation: at the counter, at the door or on the telephone",
        ],
    ),
    ("papier", Channel::Paper, ["op papier, met een handtekening", "on paper, signed"]),
];

#[derive(Template)]
#[template(path = "desk/templates/participant_new.html")]
struct SignUpPage {
    layout: Layout,
    typed: Typed,
    ways: Vec<Choice>,
    does: Vec<Choice>,
    asks: Vec<Choice>,
    hours: Vec<Choice>,
    languages: Vec<Choice>,
    /// What they agree to, in the language that was chosen.
    texts: [&'static str; 2],
}

/// The empty form.
pub(in crate::web::desk) async fn page(State(app): State<App>, you: SignedIn) -> Answer {
    shown(&app, &you, Typed::default())
}

/// The form: new, or again with everything that was filled in.
fn shown(app: &App, you: &SignedIn, typed: Typed) -> Answer {
    let flows = app.exchange.context().flows.current();
    let catalogue = flows.catalogue();
    let lines = &app.exchange.context().lines;
    let services = |field: &str| {
        let offered = |id: &&ServiceId| lines.iter().any(|line| line.services.contains(id));
        let choice = |id: &ServiceId| {
            let chosen = typed.chose(field, id.as_str());
            Choice {
                value: "",
                id: id.to_string(),
                name: service_name(catalogue, id, you.language),
                chosen,
            }
        };
        catalogue.ids().filter(offered).map(choice).collect::<Vec<_>>()
    };
    let one_of = |value: &'static str, name: &str, field: &str, usual: bool| Choice {
        value,
        id: value.to_owned(),
        name: name.to_owned(),
        chosen: if typed.is_new() { usual } else { typed.chose(field, value) },
    };
    let hours =
        |usual: Usual| one_of(usual.code(), hours_name(usual, you), "wanneer", usual == Usual::Any);
    let way = |(code, channel, [nl, en]): (&'static str, Channel, [&str; 2])| {
        one_of(code, you.say(nl, en), "via", channel == Channel::Desk)
    };
    let title = you.say("Iemand aanmelden", "Sign somebody up");
    let page = SignUpPage {
        layout: you.layout(Section::Participants, title).with(&typed, PAGE),
        ways: WAYS.into_iter().map(way).collect(),
        does: services("doet"),
        asks: services("vraagt"),
        hours: Usual::ALL.into_iter().map(hours).collect(),
        languages: vec![
            one_of("nl", you.say("Nederlands", "Dutch"), "taal", true),
            one_of("en", you.say("Engels", "English"), "taal", false),
        ],
        texts: Language::ALL.map(consent::text),
        typed,
    };
    show_typed(&page, &page.typed)
}

fn hours_name(usual: Usual, you: &SignedIn) -> &'static str {
    let [nl, en] = match usual {
        Usual::Day => ["overdag, van maandag tot en met vrijdag", "by day, Monday to Friday"],
        Usual::Evening => ["'s avonds", "in the evening"],
        Usual::Weekend => ["in het weekend", "at the weekend"],
        Usual::Any => ["altijd tussen negen en negen", "any time between nine and nine"],
    };
    you.language.pick(nl, en)
}

/// Enters what was filled in, or shows it again with what is wrong.
pub(in crate::web::desk) async fn enter(
    State(app): State<App>,
    you: SignedIn,
    filled: Fields,
) -> Answer {
    let form = match read(&app, &you, &filled) {
        Ok(form) => form,
        Err(wrong) => return shown(&app, &you, Typed::refused("", filled, wrong)),
    };
    let told = match app.exchange.sign_up_at_the_desk(form, you.operator.id).await? {
        Ok(told) => told,
        Err(why) => {
            let mut wrong = Wrong::none(you.language);
            wrong.told(field_of(why), why.advice(you.language));
            return shown(&app, &you, Typed::refused("", filled, wrong));
        }
    };
    let now = app.exchange.now();
    Ok(match told {
        AtTheDesk::Rings(id, rings_from) => {
            you.done(&path_of(id), rings(now, rings_from, you.language))
        }
        AtTheDesk::TakesPart(id) => {
            let told = you.say(
                "Dit nummer doet al mee. Er is niets veranderd.",
                "This number takes part already. Nothing was changed.",
            );
            // Somebody of another area is not shown.
            let theirs = whose(&app, &you);
            let seen = app.exchange.store().read(move |tx| tx.person(id, &theirs, now)).await?;
            you.warned(seen.map_or(PAGE.to_owned(), |_| path_of(id)).as_str(), told)
        }
        AtTheDesk::TheyCallUs => you.warned(
            PAGE,
            you.say(
                "Dit nummer vroeg ons eerder om niet te bellen. Laat de persoon ons zelf bellen, van deze telefoon, en sterretje toetsen.",
                "This number once asked us not to call. Let the person call us, from this telephone, and press star.",
            ),
        ),
    })
}

/// When they are rung, and what they then have to do.
fn rings(now: Timestamp, rings_from: Option<Timestamp>, language: Language) -> String {
    let when = match rings_from {
        Some(at) if at > now => when(now, at, language),
        _ => language.pick("zo meteen", "in a moment").to_owned(),
    };
    match language {
        Language::Nl => format!("Genoteerd. De centrale belt {when}; wie dan 1 toetst, doet mee."),
        Language::En => {
            format!("Noted. The exchange calls {when}; whoever presses 1 then, takes part.")
        }
    }
}

/// At which field it stands.
fn field_of(why: NotSignedUp) -> &'static str {
    match why {
        NotSignedUp::Number | NotSignedUp::TooMany => "telefoon",
        NotSignedUp::Age => "achttien",
        NotSignedUp::Nothing => "doet",
        NotSignedUp::Never => "wanneer",
        NotSignedUp::Place => "postcode",
    }
}

/// Everything that is wrong is told at once.
fn read(app: &App, you: &SignedIn, filled: &Fields) -> Result<NewcomerForm, Wrong> {
    let mut wrong = Wrong::none(you.language);
    let channel = WAYS.into_iter().find(|(code, ..)| *code == filled.get("via"));
    if channel.is_none() {
        wrong.say("via", "Kies hoe het ging.", "Choose how it went.");
    }
    let name = match filled.filled("naam").map(FirstName::parse) {
        None => None,
        Some(Ok(name)) => Some(name),
        Some(Err(why)) => {
            wrong.told("naam", why.advice(you.language));
            None
        }
    };
    let numbering = app.exchange.context().numbering;
    let phone = Phone::parse(filled.get("telefoon"), numbering).ok();
    if phone.is_none() {
        wrong.told("telefoon", NotSignedUp::Number.advice(you.language));
    }
    let postcode = Postcode::parse(filled.get("postcode")).ok();
    if postcode.is_none() {
        wrong.say(
            "postcode",
            "Vul de vier cijfers van de postcode in.",
            "Fill in the four digits of the postcode.",
        );
    }
    let lines = &app.exchange.context().lines;
    let line = postcode.and_then(|postcode| app.exchange.line_at(postcode)).or(lines.first());
    let yours =
        line.zip(postcode).is_none_or(|(line, pc)| you.operator.sees(&line.number, Some(pc)));
    if !yours {
        wrong.say(
            "postcode",
            "Deze plaats hoort niet bij uw gebied.",
            "This place is not in your area.",
        );
    }
    if filled.get("akkoord") != "ja" {
        wrong.say(
            "akkoord",
            "Lees de tekst voor. Alleen wie het ermee eens is, kan meedoen.",
            "Read the text out. Only whoever agrees can take part.",
        );
    }
    let adult = filled.get("achttien") == "ja";
    if !adult {
        wrong.told("achttien", NotSignedUp::Age.advice(you.language));
    }
    let hours = Usual::parse(filled.get("wanneer"));
    if hours.is_none() {
        wrong.say("wanneer", "Kies wanneer het uitkomt.", "Choose when it suits.");
    }
    let services = |field| filled.all(field).filter_map(|id| ServiceId::parse(id).ok()).collect();
    let (does, would_like): (Vec<_>, Vec<_>) = (services("doet"), services("vraagt"));
    if does.is_empty() && would_like.is_empty() {
        wrong.told("doet", NotSignedUp::Nothing.advice(you.language));
    }
    let whole = (channel, phone, postcode, line, hours);
    let (Some((_, channel, _)), Some(phone), Some(postcode), Some(line), Some(hours)) = whole
    else {
        return Err(wrong);
    };
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let language = Language::parse(filled.get("taal")).unwrap_or_default();
    Ok(NewcomerForm {
        line: line.number.clone(),
        phone,
        name,
        postcode,
        does,
        would_like,
        hours: hours.plan().hours(),
        languages: vec![language],
        language,
        channel,
        text_version: consent::TEXT_VERSION.to_owned(),
        adult,
        proof: None,
    })
}
