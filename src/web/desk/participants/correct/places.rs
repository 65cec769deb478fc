//! What somebody does where: at home, and at up to two other places; and for what they go inside.

use super::{Details, ServiceBox};
use crate::domain::{Language, MOST_OTHER_PLACES, OtherPlace, Postcode, ServiceId};
use crate::flow::Catalogue;
use crate::store::NewParticipant;
use crate::web::App;
use crate::web::desk::fault::Fault;
use crate::web::desk::participants::{Choice, service_name, services};
use crate::web::desk::signed_in::Fields;
use crate::web::typed::{Typed, Wrong};

/// The fields of each other place: its postcode, and what they do there.
const FIELDS: [(&str, &str); MOST_OTHER_PLACES] = [("plek-1", "doet-1"), ("plek-2", "doet-2")];

/// Another place, as it stands in the form.
pub(super) struct PlaceShown {
    pub(super) nth: usize,
    /// The field of its postcode, and of what they do there.
    pub(super) fields: (&'static str, &'static str),
    pub(super) postcode: String,
    pub(super) services: Vec<Choice>,
}

/// What they do at home, and for what they go inside.
pub(super) fn service_boxes(
    catalogue: &Catalogue,
    Details { known, inside }: &Details,
    language: Language,
) -> Vec<ServiceBox> {
    let one = |id: &ServiceId| ServiceBox {
        id: id.to_string(),
        name: service_name(catalogue, id, language),
        ticked: known.services.contains(id),
        inside: catalogue.goes_inside(id).then(|| inside.contains(id)),
    };
    catalogue.ids().map(one).collect()
}

/// The other places: as they are written down, or as they were typed.
pub(super) fn shown(
    catalogue: &Catalogue,
    Details { known, .. }: &Details,
    typed: &Typed,
    language: Language,
) -> Vec<PlaceShown> {
    let all: Vec<ServiceId> = catalogue.ids().cloned().collect();
    let one = |(at, fields): (usize, &(&'static str, &'static str))| {
        let there = known.elsewhere.get(at);
        let postcode = there.map_or_else(String::new, |place| place.postcode.to_string());
        let done = match typed.is_new() {
            true => there.map(|place| place.services.clone()).unwrap_or_default(),
            false => all.iter().filter(|id| typed.chose(fields.1, id.as_str())).cloned().collect(),
        };
        PlaceShown {
            nth: at + 1,
            fields: *fields,
            postcode: typed.or(fields.0, &postcode).to_owned(),
            services: services(catalogue, &done, language),
        }
    };
    FIELDS.iter().enumerate().map(one).collect()
}

/// What was ticked under this name, in the order of the catalogue.
pub(super) fn ticked(form: &Fields, name: &str, catalogue: &[ServiceId]) -> Vec<ServiceId> {
    let chosen: Vec<&str> = form.all(name).collect();
    catalogue.iter().filter(|id| chosen.contains(&id.as_str())).cloned().collect()
}

/// The other places as they were filled in. A form without them leaves them as they are; one with an
/// empty postcode is a place less.
pub(super) async fn read(
    app: &App,
    form: &Fields,
    new: &mut NewParticipant,
    catalogue: &[ServiceId],
    wrong: &mut Wrong,
) -> Result<(), Fault> {
    if FIELDS.iter().all(|(postcode, _)| form.all(postcode).next().is_none()) {
        return Ok(());
    }
    let mut elsewhere: Vec<OtherPlace> = Vec::new();
    for (field, does) in FIELDS {
        let Some(text) = form.filled(field) else { continue };
        let Ok(there) = Postcode::parse(text) else {
            wrong.say(
                field,
                "Vier cijfers, zoals 2584. Letters mogen. Of laat het leeg.",
                "Four digits, such as 2584. Letters are allowed. Or leave it empty.",
            );
            continue;
        };
        let known = app.exchange.store().read(move |tx| tx.places_of(&[there])).await?;
        let services = ticked(form, does, catalogue);
        if known.is_empty() {
            wrong.say(field, "Deze postcode kennen wij niet.", "We do not know this postcode.");
        } else if there == new.postcode || elsewhere.iter().any(|place| place.postcode == there) {
            wrong.say(field, "Deze plek staat er al.", "This place is there already.");
        } else if services.is_empty() {
            wrong.say(
                field,
                "Kies wat zij daar doen, of laat de postcode leeg.",
                "Choose what they do there, or leave the postcode empty.",
            );
        } else {
            elsewhere.push(OtherPlace { postcode: there, services });
        }
    }
    new.elsewhere = elsewhere;
    Ok(())
}

/// For what of all that they do they also go inside, in the order of the ids.
pub(super) fn going_inside(
    form: &Fields,
    catalogue: &Catalogue,
    new: &NewParticipant,
) -> Vec<ServiceId> {
    let mut inside = new.everything();
    inside.retain(|id| catalogue.goes_inside(id) && form.get(&format!("binnen-{id}")) == "ja");
    inside.sort();
    inside
}
