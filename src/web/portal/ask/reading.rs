//! What was filled in, read field by field; what is wrong is told with what to do.

use super::super::field;
use super::Wrong;
use crate::domain::{Language, Line, Phone, Postcode, ServiceId, Timestamp, week_plan};
use crate::web::App;
use crate::web::fault::Fault;
use crate::web::form::Fields;
use crate::web::site::escaped;

/// Farthest day, from today.
pub(super) const FARTHEST_DAYS: u64 = 62;
/// What is wanted sooner than this is wanted as soon as possible.
const SOONEST: std::time::Duration = std::time::Duration::from_secs(3600);

/// Where and when something is asked.
pub(super) struct Asked<'a> {
    pub(super) line: &'a Line,
    pub(super) postcode: Postcode,
    pub(super) place: String,
    pub(super) wanted_at: Option<Timestamp>,
    /// Whoever helps is to go inside too.
    pub(super) inside: bool,
    /// What whoever asks hears on the telephone.
    pub(super) language: Language,
}

/// Everything that some line can arrange, in the order of the catalogue.
pub(super) fn services(app: &App) -> Vec<ServiceId> {
    let context = app.exchange.context();
    let flows = context.flows.current();
    let offered = |id: &&ServiceId| context.lines.iter().any(|line| line.services.contains(id));
    flows.catalogue().ids().filter(offered).cloned().collect()
}

/// Whether somebody can be asked to go inside too.
pub(super) fn goes_inside(app: &App, service: &ServiceId) -> bool {
    app.exchange.context().flows.current().catalogue().goes_inside(service)
}

/// What is asked.
pub(super) fn service(app: &App, form: &Fields, language: Language) -> Result<ServiceId, Wrong> {
    let chosen = ServiceId::parse(form.get("dienst")).ok();
    chosen.filter(|id| services(app).contains(id)).ok_or_else(|| {
        let what = language.pick("Kies wat u graag wilt.", "Choose what you would like.");
        Wrong { field: "dienst", what: what.to_owned() }
    })
}

/// Where and when.
pub(super) async fn asked<'a>(
    app: &'a App,
    form: &Fields,
    language: Language,
) -> Result<Result<Asked<'a>, Vec<Wrong>>, Fault> {
    let mut wrong = Vec::new();
    let postcode = match field::postcode(form.get("postcode"), language) {
        Ok(postcode) => Some(postcode),
        Err(what) => {
            wrong.push(Wrong { field: "postcode", what });
            None
        }
    };
    let place = match postcode {
        Some(postcode) => {
            let found = app.exchange.store().read(move |tx| tx.places_of(&[postcode])).await?;
            found.into_iter().next()
        }
        None => None,
    };
    let line = postcode.map(|postcode| line_for(app, form, postcode, language));
    let line = match line {
        None => None,
        Some(Err(what)) => {
            wrong.push(Wrong { field: "postcode", what });
            None
        }
        Some(Ok(line)) => Some(line),
    };
    let wanted_at = match line {
        Some(line) => match moment(app, form, line, language) {
            Ok(wanted_at) => wanted_at,
            Err(what) => {
                wrong.push(Wrong { field: "moment", what });
                None
            }
        },
        None => None,
    };
    let (Some(line), Some(postcode), true) = (line, postcode, wrong.is_empty()) else {
        return Ok(Err(wrong));
    };
    let first = line.languages.first().copied().unwrap_or_default();
    Ok(Ok(Asked {
        line,
        postcode,
        place: place.map(|place| place.spoken().to_owned()).unwrap_or_default(),
        wanted_at,
        inside: form.get("binnen") == "ja"
            && ServiceId::parse(form.get("dienst")).is_ok_and(|id| goes_inside(app, &id)),
        language: if line.languages.contains(&language) { language } else { first },
    }))
}

/// The line that works there and can arrange it.
fn line_for<'a>(
    app: &'a App,
    form: &Fields,
    postcode: Postcode,
    language: Language,
) -> Result<&'a Line, String> {
    let there = || app.exchange.context().lines.iter().filter(|l| l.area.contains(&postcode));
    let chosen = ServiceId::parse(form.get("dienst")).ok();
    if let Some(line) = there().find(|l| chosen.as_ref().is_some_and(|id| l.services.contains(id)))
    {
        return Ok(line);
    }
    Err(match there().next() {
        Some(line) => {
            let number = line.number.in_full();
            match language {
                Language::Nl => format!(
                    "Dit kunnen wij op deze plek nog niet regelen. Bel ons gerust op {number}, dan denken wij met u mee."
                ),
                Language::En => format!(
                    "We cannot arrange this there yet. Ring us on {number}, and we think along."
                ),
            }
        }
        None => language.pick("Op deze plek werken wij nog niet. Klopt de postcode? Anders denkt uw gemeente graag met u mee.",
            "We do not work there yet. Is the postcode right? Otherwise your municipality will gladly think along.",
        )
        .to_owned(),
    })
}

/// For when; `None` for as soon as possible.
fn moment(
    app: &App,
    form: &Fields,
    line: &Line,
    language: Language,
) -> Result<Option<Timestamp>, String> {
    if form.get("wanneer") != "moment" {
        return Ok(None);
    }
    let now = app.exchange.now();
    let at = Timestamp::parse_local(&format!("{}T{}", form.get("dag"), form.get("tijd")));
    let Some(at) = at else {
        return Err(language
            .pick(
                "Kies een dag en een tijd, of kies: zo snel mogelijk.",
                "Choose a day and a time, or choose: as soon as possible.",
            )
            .to_owned());
    };
    if at < now + SOONEST {
        return Err(language
            .pick(
                "Dat is al voorbij, of bijna. Kies een later moment, of kies: zo snel mogelijk.",
                "That is over already, or nearly. Choose a later moment, or: as soon as possible.",
            )
            .to_owned());
    }
    let farthest = now.wall_clock().date() + chrono::Days::new(FARTHEST_DAYS);
    if at.wall_clock().date() > farthest {
        return Err(language
            .pick(
                "Dat is nog ver weg. Kies een dag in de komende twee maanden.",
                "That is far away. Choose a day in the next two months.",
            )
            .to_owned());
    }
    if !line.may_ring(at) {
        let hours = week_plan::in_words(&line.ringing_hours, language);
        return Err(match language {
            Language::Nl => format!("Dan vragen wij niemand. Wij doen dit {hours}."),
            Language::En => format!("We ask nobody then. We do this {hours}."),
        });
    }
    Ok(Some(at))
}

/// The telephone.
pub(super) fn phone(app: &App, form: &Fields, language: Language) -> Result<Phone, Wrong> {
    field::phone(app, form.get("telefoon"), language)
        .map_err(|what| Wrong { field: "telefoon", what })
}

/// The address of a step, with what was filled in but for the number.
pub(super) fn address(step: &str, form: &Fields) -> String {
    let filled = ["dienst", "binnen", "postcode", "wanneer", "dag", "tijd"]
        .into_iter()
        .filter_map(|name| Some(format!("{name}={}", escaped(form.filled(name)?))));
    format!("/vragen/{step}?{}", filled.collect::<Vec<_>>().join("&"))
}
