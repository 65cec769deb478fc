//! Where somebody does what they do: at home, and near their work or wherever else they often are.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;

use super::settle::settle;
use super::{Choice, myself};
use crate::domain::{MOST_OTHER_PLACES, OtherPlace, Postcode, ServiceId};
use crate::store::NewParticipant;
use crate::web::fault::{Answer, Fault};
use crate::web::portal::{Fields, Layout, Me, Section, field, show};
use crate::web::{App, say};

const PATH: &str = "/mijn/plekken";

#[derive(Template)]
#[template(path = "portal/templates/places.html")]
struct PlacesPage {
    layout: Layout,
    /// Home first.
    places: Vec<PlaceShown>,
    /// They do something, so that there is something to do elsewhere.
    does_something: bool,
    /// There is room for another place.
    room: bool,
    postcode: String,
    postcode_wrong: Option<String>,
}

/// A place with everything that they do, ticked where they do it there.
struct PlaceShown {
    postcode: Postcode,
    name: String,
    home: bool,
    services: Vec<Choice>,
}

/// Their places.
pub(in crate::web::portal) async fn page(State(app): State<App>, me: Me) -> Answer {
    let known = myself(&app, me.id).await?.known;
    show(&places_page(&app, &me, &known).await?)
}

async fn places_page(app: &App, me: &Me, known: &NewParticipant) -> Result<PlacesPage, Fault> {
    let language = me.visitor.language;
    let all = in_order(app, known.everything());
    let home = (known.postcode, known.services.as_slice());
    let others = known.elsewhere.iter().map(|place| (place.postcode, place.services.as_slice()));
    let theirs: Vec<(Postcode, &[ServiceId])> = std::iter::once(home).chain(others).collect();
    let postcodes: Vec<Postcode> = theirs.iter().map(|(postcode, _)| *postcode).collect();
    let names = app.exchange.store().read(move |tx| tx.places_of(&postcodes)).await?;
    let shown = |(postcode, done): (Postcode, &[ServiceId])| {
        let place = names.iter().find(|place| place.postcode == postcode);
        let choice = |id: &ServiceId| Choice {
            value: id.to_string(),
            name: say::service(app, id, language),
            chosen: done.contains(id),
        };
        PlaceShown {
            postcode,
            name: say::place(postcode, place.map(|place| place.spoken())),
            home: postcode == known.postcode,
            services: all.iter().map(choice).collect(),
        }
    };
    Ok(PlacesPage {
        layout: me.layout(Section::Mine, me.say("Waar u iets doet", "Where you do something")),
        places: theirs.into_iter().map(shown).collect(),
        does_something: !all.is_empty(),
        room: known.elsewhere.len() < MOST_OTHER_PLACES,
        postcode: String::new(),
        postcode_wrong: None,
    })
}

/// As in the catalogue; what is no longer in it stays away.
fn in_order(app: &App, services: Vec<ServiceId>) -> Vec<ServiceId> {
    let flows = app.exchange.context().flows.current();
    flows.catalogue().ids().filter(|id| services.contains(id)).cloned().collect()
}

/// What they do where, from now on. Only places that the form showed: another one may have been added
/// since.
pub(in crate::web::portal) async fn set(State(app): State<App>, me: Me, form: Fields) -> Answer {
    let shown: Vec<String> = form.all("plek").map(str::to_owned).collect();
    let ticked = move |postcode: Postcode| {
        let name = format!("dienst-{postcode}");
        let services = form.all(&name);
        services.filter_map(|id| ServiceId::parse(id).ok()).collect::<Vec<_>>()
    };
    let change = move |person: &mut NewParticipant| {
        let all = person.everything();
        let done = |postcode: Postcode, before: &[ServiceId]| match &shown {
            shown if !shown.contains(&postcode.to_string()) => before.to_vec(),
            _ => ticked(postcode).into_iter().filter(|id| all.contains(id)).collect(),
        };
        person.services = done(person.postcode, &person.services);
        for place in &mut person.elsewhere {
            place.services = done(place.postcode, &place.services);
        }
        person.elsewhere.retain(|place| !place.services.is_empty());
    };
    settle(&app, me.id, change, |_| Ok(())).await?;
    Ok(me.done(PATH, me.say("Bewaard.", "Kept.")))
}

/// One place more: there they do all that they do.
pub(in crate::web::portal) async fn add(State(app): State<App>, me: Me, form: Fields) -> Answer {
    let known = myself(&app, me.id).await?.known;
    let mut postcode = field::postcode(form.get("postcode"), me.visitor.language);
    if let Ok(there) = postcode {
        let places = app.exchange.store().read(move |tx| tx.places_of(&[there])).await?;
        if let Some((nl, en)) = refused(&known, there, places.is_empty()) {
            postcode = Err(me.say(nl, en).to_owned());
        }
    }
    match postcode {
        Ok(there) => {
            let change = move |person: &mut NewParticipant| {
                // Sent twice, it is there once.
                if refused(person, there, false).is_none() {
                    let place = OtherPlace { postcode: there, services: person.everything() };
                    person.elsewhere.push(place);
                }
            };
            settle(&app, me.id, change, |_| Ok(())).await?;
            let told = me.say(
                "Deze plek staat erbij. Wij bellen u voor het dichtste van uw plekken.",
                "This place was added. The nearest of your places is what counts.",
            );
            Ok(me.done(PATH, told))
        }
        Err(why) => {
            let page = PlacesPage {
                postcode: form.get("postcode").chars().take(field::LONGEST).collect(),
                postcode_wrong: Some(why),
                ..places_page(&app, &me, &known).await?
            };
            Ok((StatusCode::UNPROCESSABLE_ENTITY, show(&page)?).into_response())
        }
    }
}

/// Why this place cannot be added, in both languages.
fn refused(
    known: &NewParticipant,
    there: Postcode,
    nowhere: bool,
) -> Option<(&'static str, &'static str)> {
    if nowhere {
        return Some(("Deze postcode kennen wij niet.", "We do not know this postcode."));
    }
    if there == known.postcode || known.elsewhere.iter().any(|place| place.postcode == there) {
        return Some(("Deze plek staat er al.", "This place is there already."));
    }
    if known.elsewhere.len() >= MOST_OTHER_PLACES {
        return Some(("U hebt al drie plekken.", "You have three places already."));
    }
    known
        .everything()
        .is_empty()
        .then_some(("Kies eerst wat u graag doet.", "First choose what you like to do."))
}

/// One place less. Their home stays.
pub(in crate::web::portal) async fn remove(
    State(app): State<App>,
    me: Me,
    Path(postcode): Path<u16>,
) -> Answer {
    let known = myself(&app, me.id).await?.known;
    if !known.elsewhere.iter().any(|place| place.postcode.number() == postcode) {
        return Err(Fault::NotHere);
    }
    let change = move |person: &mut NewParticipant| {
        person.elsewhere.retain(|place| place.postcode.number() != postcode);
    };
    settle(&app, me.id, change, |_| Ok(())).await?;
    Ok(me.done(PATH, me.say("Deze plek is weg.", "This place is gone.")))
}
