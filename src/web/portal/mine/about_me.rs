//! What somebody is called, where they live, which languages they speak.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;

use super::myself;
use super::settle::settle;
use crate::domain::{FirstName, Language};
use crate::store::NewParticipant;
use crate::web::App;
use crate::web::fault::Answer;
use crate::web::portal::{Fields, Layout, Me, Section, field, show};

const PATH: &str = "/mijn/mij";

#[derive(Template)]
#[template(path = "portal/templates/about_me.html")]
struct AboutMePage {
    layout: Layout,
    name: String,
    name_wrong: Option<String>,
    postcode: String,
    postcode_wrong: Option<String>,
    dutch: bool,
    english: bool,
    languages_wrong: Option<String>,
    /// The number that is rung, masked.
    number: String,
}

/// As it is.
pub(in crate::web::portal) async fn page(State(app): State<App>, me: Me) -> Answer {
    let known = myself(&app, me.id).await?.known;
    show(&about_page(&me, &known))
}

fn about_page(me: &Me, known: &NewParticipant) -> AboutMePage {
    AboutMePage {
        layout: me.layout(Section::Mine, me.say("Over u", "About you")),
        name: known.name.clone(),
        name_wrong: None,
        postcode: known.postcode.to_string(),
        postcode_wrong: None,
        dutch: known.languages.contains(&Language::Nl),
        english: known.languages.contains(&Language::En),
        languages_wrong: None,
        number: known.phone.to_string(),
    }
}

/// As it is from now on.
pub(in crate::web::portal) async fn set(State(app): State<App>, me: Me, form: Fields) -> Answer {
    let known = myself(&app, me.id).await?.known;
    let language = me.visitor.language;
    let name = match form.get("naam") {
        "" => Ok(String::new()),
        // What the desk wrote down with them may have more in it than a first name.
        same if same == known.name => Ok(known.name.clone()),
        typed => FirstName::parse(typed).map(|name| name.as_str().to_owned()),
    };
    let mut postcode = field::postcode(form.get("postcode"), language);
    if let Ok(there) = postcode
        && app.exchange.store().read(move |tx| tx.places_of(&[there])).await?.is_empty()
    {
        let why = me.say("Deze postcode kennen wij niet.", "We do not know this postcode.");
        postcode = Err(why.to_owned());
    }
    let spoken: Vec<&str> = form.all("taal").collect();
    let speaks = |language: &Language| spoken.contains(&language.code());
    // The order says which comes first: it stays.
    let mut languages: Vec<Language> = known.languages.clone();
    languages.retain(speaks);
    let more = Language::ALL.into_iter().filter(speaks);
    let more: Vec<Language> = more.filter(|one| !languages.contains(one)).collect();
    languages.extend(more);
    match (name, postcode) {
        (Ok(name), Ok(postcode)) if !languages.is_empty() => {
            let change = move |person: &mut NewParticipant| {
                (person.name, person.postcode, person.languages) = (name, postcode, languages);
            };
            settle(&app, me.id, change, |_| Ok(())).await?;
            let told = match app.exchange.line_at(postcode) {
                Some(_) => me.say("Bewaard.", "Kept."),
                None => me.say(
                    "Bewaard. Op deze plek werken wij nog niet: wij bellen u alleen voor een vraag die dichtbij genoeg is.",
                    "Kept. We do not work in this place yet: we only ring you about something that is near enough.",
                ),
            };
            Ok(me.done(PATH, told))
        }
        (name, postcode) => {
            let short = |text: &str| text.chars().take(field::LONGEST).collect::<String>();
            let one = me.say("Kies er minstens één.", "Choose at least one.");
            let page = AboutMePage {
                name: short(form.get("naam")),
                name_wrong: name.err().map(|why| why.advice(language).to_owned()),
                postcode: short(form.get("postcode")),
                postcode_wrong: postcode.err(),
                dutch: speaks(&Language::Nl),
                english: speaks(&Language::En),
                languages_wrong: languages.is_empty().then(|| one.to_owned()),
                ..about_page(&me, &known)
            };
            Ok((StatusCode::UNPROCESSABLE_ENTITY, show(&page)?).into_response())
        }
    }
}
