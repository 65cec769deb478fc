//! `/loket/vragen/nieuw`: a request that somebody at the desk enters.

use askama::Template;
use axum::extract::State;
use axum::http::Uri;

use super::super::fault::{Answer, Fault};
use super::super::layout::{Layout, Section};
use super::super::page::show_typed;
use super::super::say::{lines_of, when};
use super::super::signed_in::{Fields, SignedIn};
use super::caller::Caller;
use super::{Choice, PAGE, helpers, services, words};
use crate::domain::{
    About, Deed, Language, NotWritten, Note, Phone, Postcode, ServiceId, Timestamp, week_plan,
};
use crate::exchange::{Entered, Intake};
use crate::store::{AgreedHow, Agreement, NewIntake, Source};
use crate::web::App;
use crate::web::typed::{Typed, Wrong};

/// Longest name of a person or an organisation, in characters.
const LONGEST_NAME: usize = 60;
/// Farthest moment that is asked for: three months.
const FARTHEST: std::time::Duration = std::time::Duration::from_secs(92 * 24 * 3600);

#[derive(Template)]
#[template(path = "desk/templates/request_entry.html")]
struct EntryPage {
    layout: Layout,
    typed: Typed,
    lines: Vec<Choice>,
    services: Vec<Choice>,
    sources: Vec<Choice>,
    ways: Vec<Choice>,
    /// What somebody can be asked for who goes inside too, in words; empty for nothing.
    inside: String,
    /// Who helped before; none until somebody asked for it, or the number is known.
    helpers: Option<Vec<Choice>>,
    /// Whoever is on the telephone.
    caller: Option<Caller>,
}

impl EntryPage {
    /// The number of whoever is on the telephone.
    fn known_number(&self) -> Option<&Phone> {
        self.caller.as_ref().and_then(Caller::phone)
    }

    /// Whether they speak with the desk right now.
    fn is_on_the_line(&self) -> bool {
        self.caller.as_ref().is_some_and(|caller| caller.known.seat.is_some())
    }
}

/// The form: empty, or with what is known of whoever is on the telephone.
pub(in super::super) async fn entry_page(
    State(app): State<App>,
    you: SignedIn,
    address: Uri,
) -> Answer {
    let caller = Caller::named_in(&app, &you, &Fields::in_address(&address)).await?;
    let Some(caller) = caller else { return entry(&app, &you, Typed::default(), None).await };
    caller.looked_at(&app, &you).await?;
    let known = caller.filled_in(&app, &you);
    let typed = Typed::refused("", known, Wrong::none(you.language));
    entry(&app, &you, typed, Some(caller)).await
}

/// The form: new, or again with everything that was filled in.
async fn entry(app: &App, you: &SignedIn, typed: Typed, caller: Option<Caller>) -> Answer {
    let helpers = who_helped(app, you, &typed, caller.as_ref()).await?;
    let lines = your_lines(app, you).into_iter().map(|line| Choice {
        code: line.number.e164().to_owned(),
        name: line.name.clone(),
        chosen: typed.get("lijn") == line.number.e164(),
    });
    let source = |(code, source), chosen: bool| Choice {
        code: String::from(code),
        name: words::source(source, you.language).to_owned(),
        chosen,
    };
    let sources = SOURCES.map(|(code, kind)| {
        let chosen = match typed.get("via") {
            "" => kind == Source::Phone,
            via => via == code,
        };
        source((code, kind), chosen)
    });
    let ways = WAYS.map(|(code, how)| Choice {
        code: code.to_owned(),
        name: words::agreed(how, you.language).to_owned(),
        chosen: typed.get("akkoord_hoe") == code,
    });
    let flows = app.exchange.context().flows.current();
    let catalogue = flows.catalogue();
    let inside = catalogue.ids().filter(|id| catalogue.goes_inside(id));
    let inside = inside.filter_map(|id| catalogue.service(id)).map(|it| it.name(you.language));
    let inside: Vec<&str> = inside.collect();
    let layout = you.layout(Section::Requests, you.say("Nieuwe vraag", "New request"));
    let page = EntryPage {
        layout: layout.with(&typed, "/loket/vragen/nieuw"),
        lines: lines.collect(),
        services: services(app, you, typed.get("dienst")),
        sources: sources.into(),
        ways: ways.into(),
        inside: week_plan::list(&inside, you.language),
        helpers,
        caller,
        typed,
    };
    show_typed(&page, &page.typed)
}

const SOURCES: [(&str, Source); 3] = [
    ("telefoon", Source::Phone),
    ("balie", Source::Counter),
    ("organisatie", Source::Organisation),
];

const WAYS: [(&str, AgreedHow); 3] = [
    ("gesprek", AgreedHow::Spoken),
    ("telefoon", AgreedHow::Phone),
    ("papier", AgreedHow::Written),
];

/// Enters what was filled in, or shows it again with what is wrong.
pub(in super::super) async fn enter(State(app): State<App>, you: SignedIn, form: Fields) -> Answer {
    let caller = Caller::named_in(&app, &you, &form).await?;
    let refused = async |form, wrong, caller| {
        entry(&app, &you, Typed::refused("", form, wrong), caller).await
    };
    if form.get("kijk") == "ja" {
        return refused(form, Wrong::none(you.language), caller).await;
    }
    let mut intake = match read(&app, &you, &form, caller.as_ref()) {
        Ok(intake) => intake,
        Err(wrong) => return refused(form, wrong, caller).await,
    };
    if form.get("aan_de_lijn") == "ja" {
        let id = you.operator.id;
        // Where they speak now is surer than where somebody said to sit.
        let here = caller.as_ref().and_then(|caller| caller.known.seat.clone());
        intake.on_the_line = match here {
            Some(seat) => Some(seat),
            None => app.exchange.store().read(move |tx| tx.seat(id)).await?,
        };
        if intake.on_the_line.is_none() {
            let mut wrong = Wrong::none(you.language);
            wrong.told("aan_de_lijn", words::no_seat(you.language));
            return refused(form, wrong, caller).await;
        }
    }
    let now = app.exchange.now();
    let (request, told) = match app.exchange.enter_request(intake).await? {
        Entered::NumberRefused => {
            let wrong = Wrong::only(
                you.language,
                "telefoon",
                "Dit nummer kan de centrale niet bellen: het is van een lijn of een loket.",
                "The exchange cannot ring this number: it is of a line or a desk.",
            );
            return refused(form, wrong, caller).await;
        }
        Entered::Searching(request) => {
            let told = you.say(
                "De vraag staat erin. De centrale zoekt, binnen de beltijden.",
                "The request is entered. The exchange searches, in ringing hours.",
            );
            (request, told.to_owned())
        }
        Entered::OnTheLine(request, way) => {
            (request, words::comes_to_the_line(way, you.language).to_owned())
        }
        Entered::NotOnTheLine(why) => {
            let mut wrong = Wrong::none(you.language);
            wrong.told("aan_de_lijn", why.in_words(you.language));
            return refused(form, wrong, caller).await;
        }
        Entered::Planned(request, at) => {
            let at = when(now, at, you.language);
            (
                request,
                match you.language {
                    Language::Nl => format!("De vraag staat erin. De centrale zoekt vanaf {at}."),
                    Language::En => {
                        format!("The request is entered. The exchange searches from {at}.")
                    }
                },
            )
        }
        Entered::Coordinator(request, due) => {
            let due = when(now, due, you.language);
            (
                request,
                match you.language {
                    Language::Nl => format!("De vraag ligt bij de coördinator, uiterlijk {due}."),
                    Language::En => format!("The coordinator has the request, by {due}."),
                },
            )
        }
        Entered::Promised(request, due) => {
            let due = when(now, due, you.language);
            (
                request,
                match you.language {
                    Language::Nl => format!(
                        "Er is nu niemand te bellen. Het loket heeft een belofte, uiterlijk {due}."
                    ),
                    Language::En => {
                        format!("There is nobody to ring now. The desk has a promise, by {due}.")
                    }
                },
            )
        }
        Entered::Again(request) => {
            let told = you.say("Deze vraag stond er al in.", "This request was entered already.");
            return Ok(you.warned(&format!("{PAGE}/{request}"), told));
        }
    };
    Ok(you.done(&format!("{PAGE}/{request}"), told))
}

/// Who helped before whoever has the number that was filled in, or is on the telephone; none as long
/// as nobody wants to know.
async fn who_helped(
    app: &App,
    you: &SignedIn,
    typed: &Typed,
    caller: Option<&Caller>,
) -> Result<Option<Vec<Choice>>, Fault> {
    let on_the_phone = caller.and_then(Caller::phone);
    let asked_for = typed.get("kijk") == "ja" || typed.has("eerst") || on_the_phone.is_some();
    if !asked_for {
        return Ok(None);
    }
    let typed_in = Phone::parse(typed.get("telefoon"), app.exchange.context().numbering).ok();
    let helped = match typed_in.or_else(|| on_the_phone.cloned()) {
        Some(phone) => {
            let (operator, now) = (you.operator.clone(), app.exchange.now());
            let by = operator.id;
            // That somebody was helped at all is worth a look of its own.
            let noted = app
                .exchange
                .store()
                .write(move |tx| tx.audit(by, Deed::HelpersSeen, &About::Nothing, now));
            noted.await?;
            let read = app
                .exchange
                .store()
                .read(move |tx| tx.helped(&phone, |line, place| operator.sees(line, place)));
            read.await?
        }
        None => Vec::new(),
    };
    Ok(Some(helpers::choices(app, you, &helped, typed.get("eerst"))))
}

/// Everything that is wrong is told at once.
fn read(
    app: &App,
    you: &SignedIn,
    form: &Fields,
    caller: Option<&Caller>,
) -> Result<Intake, Wrong> {
    let now = app.exchange.now();
    let mut wrong = Wrong::none(you.language);
    let lines = your_lines(app, you);
    let line = lines.iter().find(|line| line.number.e164() == form.get("lijn"));
    if line.is_none() {
        wrong.say("lijn", "Kies een lijn.", "Choose a line.");
    }
    let service = ServiceId::parse(form.get("dienst")).ok();
    let service = service.filter(|id| line.is_none_or(|line| line.services.contains(id)));
    if service.is_none() {
        wrong.say(
            "dienst",
            "Kies iets dat deze lijn kan regelen.",
            "Choose something that this line offers.",
        );
    }
    let flows = app.exchange.context().flows.current();
    let asks_inside = form.get("binnen") == "ja";
    if asks_inside && service.as_ref().is_some_and(|id| !flows.catalogue().goes_inside(id)) {
        wrong.say(
            "binnen",
            "Mee naar binnen kan hierbij niet gevraagd worden. Haal dit vinkje weg.",
            "Nobody can be asked to go inside for this. Take this tick away.",
        );
    }
    let postcode = Postcode::parse(form.get("postcode")).ok();
    match (postcode, line) {
        (None, _) => wrong.say(
            "postcode",
            "Vul de vier cijfers van de postcode in.",
            "Fill in the four digits of the postcode.",
        ),
        (Some(postcode), Some(line)) if !line.area.contains(&postcode) => wrong.say(
            "postcode",
            "Deze lijn werkt daar niet. Kies een andere lijn, of verwijs door.",
            "This line does not work there. Choose another line, or refer.",
        ),
        _ => {}
    }
    if postcode.is_some_and(|pc| line.is_some_and(|l| !you.operator.sees(&l.number, Some(pc)))) {
        wrong.say(
            "postcode",
            "Deze plaats hoort niet bij uw gebied.",
            "This place is not in your area.",
        );
    }
    let numbering = app.exchange.context().numbering;
    let phone = match (form.filled("telefoon"), caller.and_then(Caller::phone)) {
        (None, Some(theirs)) => Some(theirs.clone()),
        (typed, _) => Phone::parse(typed.unwrap_or_default(), numbering).ok(),
    };
    if phone.is_none() {
        wrong.say(
            "telefoon",
            "Vul een Nederlands nummer in dat teruggebeld kan worden, met netnummer of 06.",
            "Fill in a Dutch number that can be called back, with its area code or 06.",
        );
    }
    let wanted_at = match form.get("wanneer") {
        "moment" => {
            let at = Timestamp::parse_local(form.get("moment"));
            let at = at.filter(|at| *at > now && *at <= now + FARTHEST);
            if at.is_none() {
                wrong.say(
                    "moment",
                    "Kies een moment in de komende drie maanden.",
                    "Choose a moment in the next three months.",
                );
            }
            at
        }
        _ => None,
    };
    let source =
        SOURCES.iter().find(|(code, _)| *code == form.get("via")).map(|(_, source)| *source);
    if source.is_none() {
        wrong.say("via", "Kies hoe de vraag binnenkwam.", "Choose how the request came in.");
    }
    let agreement = match source {
        Some(Source::Organisation) => agreement(form, now, &mut wrong),
        _ => None,
    };
    let name = match form.filled("naam") {
        None => Some(String::new()),
        Some(name) => match short(name) {
            Ok(name) => Some(name),
            Err(why) => {
                wrong.not_written("naam", &why);
                None
            }
        },
    };
    let whole = (line, service, postcode, phone, source, name);
    let (Some(line), Some(service), Some(postcode), Some(phone), Some(source), Some(name)) = whole
    else {
        return Err(wrong);
    };
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let spoken = Language::parse(form.get("taal")).filter(|taal| line.languages.contains(taal));
    let new = NewIntake {
        line: line.number.clone(),
        source,
        agreement,
        name,
        phone,
        service,
        postcode,
        language: spoken.or(line.languages.first().copied()).unwrap_or_default(),
        inside: asks_inside,
        wanted_at,
        starts_at: None,
        by: you.operator.id,
        now,
    };
    Ok(Intake {
        new,
        first: helpers::first(form),
        search_anyway: form.get("meteen") == "ja",
        on_the_line: None,
        on_board: form.get("prikbord") == "ja",
    })
}

/// Who agreed, to whom, when and how: all of it, or the request is not taken.
fn agreement(form: &Fields, now: Timestamp, wrong: &mut Wrong) -> Option<Agreement> {
    let mut named = |field: &'static str, nl: &str, en: &str| match short(form.get(field)) {
        Ok(name) => Some(name),
        Err(NotWritten::Empty) => {
            wrong.say(field, nl, en);
            None
        }
        Err(why) => {
            wrong.not_written(field, &why);
            None
        }
    };
    let organisation =
        named("organisatie", "Welke organisatie vraagt dit?", "Which organisation asks for this?");
    let to = named(
        "akkoord_bij",
        "Wie van de organisatie hoorde dat de persoon akkoord is?",
        "Who of the organisation heard that the person agrees?",
    );
    let on = form.get("akkoord_op").parse::<chrono::NaiveDate>().ok();
    let on = on.filter(|day| *day <= now.wall_clock().date());
    if on.is_none() {
        wrong.say(
            "akkoord_op",
            "Op welke dag, vandaag of eerder?",
            "On which day, today or earlier?",
        );
    }
    let how = WAYS.iter().find(|(code, _)| *code == form.get("akkoord_hoe")).map(|(_, how)| *how);
    if how.is_none() {
        wrong.say("akkoord_hoe", "Hoe zei de persoon dat?", "How did the person say so?");
    }
    Some(Agreement { organisation: organisation?, to: to?, on: on?, how: how? })
}

/// A name of a person or an organisation: short, and nothing but a name.
pub(super) fn short(text: &str) -> Result<String, NotWritten> {
    let name = Note::parse(text)?;
    match name.as_str().chars().count() > LONGEST_NAME {
        true => Err(NotWritten::TooLong { most: LONGEST_NAME }),
        false => Ok(name.as_str().to_owned()),
    }
}

/// The lines that somebody enters requests on: an operator's own; for a coordinator those that work
/// in their area.
fn your_lines<'a>(app: &'a App, you: &SignedIn) -> Vec<&'a crate::domain::Line> {
    let own = lines_of(app, you);
    if !own.is_empty() {
        return own;
    }
    let theirs = |line: &&crate::domain::Line| {
        line.area.iter().any(|postcode| you.operator.sees(&line.number, Some(*postcode)))
    };
    app.exchange.context().lines.iter().filter(theirs).collect()
}
