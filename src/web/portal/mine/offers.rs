//! What somebody does, how near and how far; for a service apart where they like. And what they
//! would like somebody to do for them.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;

use super::settle::settle;
use super::{Choice, choices, myself};
use crate::domain::{Language, ServiceId};
use crate::store::{NewParticipant, OwnOffer, Tx};
use crate::web::App;
use crate::web::fault::Answer;
use crate::web::portal::{Fields, Layout, Me, Section, show};
use crate::web::say;

const PATH: &str = "/mijn/aanbod";
/// What can be chosen, metres.
const NEAREST: [u32; 5] = [0, 250, 500, 1_000, 2_000];
const FARTHEST: [u32; 6] = [500, 1_000, 2_000, 5_000, 10_000, 20_000];

#[derive(Template)]
#[template(path = "portal/templates/offers.html")]
struct OffersPage {
    layout: Layout,
    offers: Vec<OfferShown>,
    nearest: Vec<Choice>,
    farthest: Vec<Choice>,
    would_like: Vec<Choice>,
    /// They do something at another place than home too.
    elsewhere: bool,
    /// Nearest is not nearer than farthest: in general, or of this service.
    wrong: Option<String>,
}

/// A service, with its own limits.
struct OfferShown {
    id: String,
    name: String,
    ticked: bool,
    own: bool,
    /// Whether they also go inside; none where nobody asks for that.
    inside: Option<bool>,
    nearest: Vec<Choice>,
    farthest: Vec<Choice>,
}

/// What they do now.
pub(in crate::web::portal) async fn page(State(app): State<App>, me: Me) -> Answer {
    let known = myself(&app, me.id).await?.known;
    let id = me.id;
    let both = app.exchange.store().read(move |tx| {
        let both = (tx.offers_with_limits(id)?, tx.would_like(id)?);
        Ok(both)
    });
    let (offers, wishes) = both.await?;
    let elsewhere = !known.elsewhere.is_empty();
    let filled = Filled { offers, wishes, general: (known.min_m, known.max_m), elsewhere };
    show(&offers_page(&app, &me, &filled, None))
}

/// What stands in the form: as it is, or as it was sent.
struct Filled {
    offers: Vec<OwnOffer>,
    wishes: Vec<ServiceId>,
    /// Nearest and farthest in general, metres.
    general: (u32, u32),
    elsewhere: bool,
}

fn offers_page(app: &App, me: &Me, filled: &Filled, wrong: Option<String>) -> OffersPage {
    let Filled { offers, wishes, general, elsewhere } = filled;
    let language = me.visitor.language;
    let flows = app.exchange.context().flows.current();
    let shown = |id: &ServiceId| {
        let offer = offers.iter().find(|offer| offer.service == *id);
        let (min, max) = offer.map_or((None, None), |offer| (offer.min_m, offer.max_m));
        OfferShown {
            id: id.to_string(),
            name: say::service(app, id, language),
            ticked: offer.is_some(),
            own: min.is_some() || max.is_some(),
            inside: flows
                .catalogue()
                .goes_inside(id)
                .then(|| offer.is_some_and(|offer| offer.inside)),
            nearest: own_distances(&NEAREST, min, language),
            farthest: own_distances(&FARTHEST, max, language),
        }
    };
    let wish = |id: &ServiceId| Choice {
        value: id.to_string(),
        name: say::service(app, id, language),
        chosen: wishes.contains(id),
    };
    let title = me.say("Wat u graag doet en vraagt", "What you like to do and to ask");
    OffersPage {
        layout: me.layout(Section::Mine, title),
        offers: flows.catalogue().ids().map(shown).collect(),
        nearest: choices(&NEAREST, general.0, |m| distance(m, language)),
        farthest: choices(&FARTHEST, general.1, |m| distance(m, language)),
        would_like: flows.catalogue().ids().map(wish).collect(),
        elsewhere: *elsewhere,
        wrong,
    }
}

/// Those of one service, the general one first.
fn own_distances(usual: &[u32], chosen: Option<u32>, language: Language) -> Vec<Choice> {
    let name = match language {
        Language::Nl => "zoals hierboven",
        Language::En => "as above",
    };
    let general = Choice { value: String::new(), name: name.to_owned(), chosen: chosen.is_none() };
    let mut shown = vec![general];
    let distances = choices(usual, chosen.unwrap_or(usual[0]), |m| distance(m, language));
    shown.extend(
        distances.into_iter().map(|it| Choice { chosen: it.chosen && chosen.is_some(), ..it }),
    );
    shown
}

/// `500 meter`, `2,5 kilometer`; none at all is `geen`.
fn distance(metres: u32, language: Language) -> String {
    let km = f64::from(metres) / 1000.0;
    match (metres, language) {
        (0, Language::Nl) => "maakt niet uit".to_owned(),
        (0, Language::En) => "does not matter".to_owned(),
        (1..1000, Language::Nl) => format!("{metres} meter"),
        (1..1000, Language::En) => format!("{metres} metres"),
        (_, Language::Nl) => format!("{km} kilometer").replace('.', ","),
        (_, Language::En) => format!("{km} kilometres"),
    }
}

/// What they do from now on.
pub(in crate::web::portal) async fn set(State(app): State<App>, me: Me, form: Fields) -> Answer {
    let known = myself(&app, me.id).await?.known;
    let metres = |name: &str| form.get(name).parse::<u32>().ok().filter(|m| *m <= 100_000);
    let min = metres("dichtbij").unwrap_or(known.min_m);
    let max = metres("ver").unwrap_or(known.max_m);
    let flows = app.exchange.context().flows.current();
    let ticked: Vec<&str> = form.all("dienst").collect();
    let chosen = flows.catalogue().ids().filter(|id| ticked.contains(&id.as_str()));
    let offers: Vec<OwnOffer> = chosen
        .map(|id| OwnOffer {
            service: id.clone(),
            min_m: metres(&format!("dichtbij-{id}")),
            max_m: metres(&format!("ver-{id}")),
            inside: form.get(&format!("binnen-{id}")) == "ja",
        })
        .collect();
    let asked: Vec<&str> = form.all("vraag").collect();
    let wishes = flows.catalogue().ids().filter(|id| asked.contains(&id.as_str()));
    let wishes: Vec<ServiceId> = wishes.cloned().collect();
    let odd = |min: u32, max: u32| min >= max;
    let odd_one = offers.iter().find(|it| odd(it.min_m.unwrap_or(min), it.max_m.unwrap_or(max)));
    if odd(min, max) || odd_one.is_some() {
        let which = odd_one.map_or_else(String::new, |it| {
            format!("{}: ", say::service(&app, &it.service, me.visitor.language))
        });
        let why = me.say(
            "de grootste afstand moet verder zijn dan de kleinste.",
            "the farthest must be farther than the nearest.",
        );
        let elsewhere = !known.elsewhere.is_empty();
        let filled = Filled { offers, wishes, general: (min, max), elsewhere };
        let page = offers_page(&app, &me, &filled, Some(format!("{which}{why}")));
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, show(&page)?).into_response());
    }
    let services: Vec<ServiceId> = offers.iter().map(|offer| offer.service.clone()).collect();
    let nothing = services.is_empty();
    let change = move |person: &mut NewParticipant| {
        person.does_only(&services);
        (person.min_m, person.max_m) = (min, max);
    };
    let id = me.id;
    let also = move |tx: &mut Tx<'_>| {
        tx.limit_offers(id, &offers)?;
        tx.set_would_like(id, &wishes)
    };
    settle(&app, id, change, also).await?;
    let told = match nothing {
        false => me.say("Bewaard.", "Kept."),
        true => me.say(
            "Bewaard. U doet nu niets voor een ander; wij bellen u niet. Zelf vragen kan altijd.",
            "Kept. You do nothing for others now; we do not ring you. You can always ask.",
        ),
    };
    Ok(me.done(PATH, told))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_said_as_people_say_them() {
        for (metres, nl, en) in [
            (0, "maakt niet uit", "does not matter"),
            (500, "500 meter", "500 metres"),
            (2_500, "2,5 kilometer", "2.5 kilometres"),
            (5_000, "5 kilometer", "5 kilometres"),
        ] {
            assert_eq!(distance(metres, Language::Nl), nl);
            assert_eq!(distance(metres, Language::En), en);
        }
    }
}
