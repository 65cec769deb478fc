//! Correcting what is written down about somebody, at their wish.

mod places;

use askama::Template;
use axum::extract::{Path, State};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use self::places::{PlaceShown, service_boxes};
use super::{looked_at, path_of, whose};
use crate::domain::{About, Deed, Hours, Language, ParticipantId, Postcode, ServiceId, Timestamp};
use crate::store::{NewParticipant, Put, Standing, Tx};
use crate::web::App;
use crate::web::desk::fault::{Answer, Fault};
use crate::web::desk::layout::{Layout, Section};
use crate::web::desk::page::show_typed;
use crate::web::desk::signed_in::{Fields, SignedIn};
use crate::web::typed::{Typed, Wrong};

/// Longest name, in characters.
const LONGEST_NAME: usize = 60;
/// Farthest, metres.
const FARTHEST_M: u32 = 100_000;

#[derive(Template)]
#[template(path = "desk/templates/participant_correct.html")]
struct CorrectPage {
    layout: Layout,
    path: String,
    phone: String,
    known: Known,
    typed: Typed,
    /// What they do at home.
    services: Vec<ServiceBox>,
    /// Where else they do something; an empty one is a place more.
    places: Vec<PlaceShown>,
    dutch: bool,
    english: bool,
    /// What was written down when the form was opened.
    was: String,
}

/// A service that can be ticked.
struct ServiceBox {
    id: String,
    name: String,
    ticked: bool,
    /// Whether they also go inside; none where nobody asks for that.
    inside: Option<bool>,
}

/// Everything that can be corrected.
#[derive(Clone)]
struct Details {
    known: NewParticipant,
    /// For which of what they do they also go inside, in the order of the ids.
    inside: Vec<ServiceId>,
}

impl Details {
    fn of(tx: &mut Tx<'_>, id: ParticipantId, known: NewParticipant) -> Result<Self, Fault> {
        Ok(Self { known, inside: tx.going_inside(id)? })
    }
}

/// What is written down, as it stands in the fields.
struct Known {
    name: String,
    postcode: String,
    hours: String,
    min_km: String,
    max_km: String,
    per_day: String,
    per_week: String,
}

impl Known {
    fn of(known: &NewParticipant, language: Language) -> Self {
        let km = |metres: u32| {
            let km = format!("{}", f64::from(metres) / 1000.0);
            language.pick(km.replace('.', ","), km)
        };
        Self {
            name: known.name.clone(),
            postcode: known.postcode.to_string(),
            hours: known.hours.as_str().to_owned(),
            min_km: km(known.min_m),
            max_km: km(known.max_m),
            per_day: known.max_per_day.to_string(),
            per_week: known.max_per_week.to_string(),
        }
    }
}

/// The form, as it is written down now.
pub(in crate::web::desk) async fn page(
    State(app): State<App>,
    you: SignedIn,
    Path(id): Path<i64>,
) -> Answer {
    let person = looked_at(&app, &you, ParticipantId(id), Deed::ParticipantSeen).await?;
    if person.row.standing == Standing::Stopped {
        return Err(Fault::NotHere);
    }
    let (id, known) = (person.row.id, person.known);
    let details = app.exchange.store().write(move |tx| Details::of(tx, id, known)).await?;
    let was = print_of(&details);
    form_page(&app, &you, id, &details, was, Typed::default())
}

fn form_page(
    app: &App,
    you: &SignedIn,
    id: ParticipantId,
    details: &Details,
    was: String,
    typed: Typed,
) -> Answer {
    let flows = app.exchange.context().flows.current();
    let shown = &details.known;
    let title = you.say("Gegevens verbeteren", "Correct details");
    let (path, layout) = (path_of(id), you.layout(Section::Participants, title));
    let page = CorrectPage {
        layout: layout.with(&typed, &format!("{path}/verbeter")),
        path,
        phone: shown.phone.to_string(),
        known: Known::of(shown, you.language),
        services: service_boxes(flows.catalogue(), details, you.language),
        places: places::shown(flows.catalogue(), details, &typed, you.language),
        dutch: shown.languages.contains(&Language::Nl),
        english: shown.languages.contains(&Language::En),
        was,
        typed,
    };
    show_typed(&page, &page.typed)
}

/// Writes the corrections down, or tells everything that is wrong with them at once.
pub(in crate::web::desk) async fn correct(
    State(app): State<App>,
    you: SignedIn,
    Path(id): Path<i64>,
    form: Fields,
) -> Answer {
    let (id, now) = (ParticipantId(id), app.exchange.now());
    let theirs = whose(&app, &you);
    let details = app.exchange.store().write(move |tx| {
        let person = tx.person(id, &theirs, now)?.ok_or(Fault::NotHere)?;
        Details::of(tx, id, person.known)
    });
    let details = details.await?;
    let flows = app.exchange.context().flows.current();
    let catalogue: Vec<ServiceId> = flows.catalogue().ids().cloned().collect();
    let mut wrong = Wrong::none(you.language);
    let mut corrected = read(&form, &details, &catalogue, now, &mut wrong);
    places::read(&app, &form, &mut corrected.known, &catalogue, &mut wrong).await?;
    corrected.inside = places::going_inside(&form, flows.catalogue(), &corrected.known);
    let was = form.get("was").to_owned();
    if !wrong.is_empty() {
        let typed = Typed::refused("", form, wrong);
        return form_page(&app, &you, id, &corrected, was, typed);
    }
    let (whose, operator) = (whose(&app, &you), you.operator.id);
    let put = app.exchange.store().write(move |tx| {
        let person = tx.person(id, &whose, now)?.ok_or(Fault::NotHere)?;
        let before = Details::of(tx, id, person.known)?;
        if print_of(&before) != was {
            return Ok(None);
        }
        let mut put = tx.correct_person(&before.known, corrected.known, now)?;
        if put != Put::Stopped && tx.go_inside(id, &corrected.inside)? {
            put = Put::Changed;
        }
        if put == Put::Changed {
            tx.audit(operator, Deed::ParticipantChanged, &About::Participant(id), now)?;
        }
        Ok::<_, Fault>(Some(put))
    });
    let path = path_of(id);
    let Some(put) = put.await? else {
        let why = you.say(
            "Een collega heeft dit intussen veranderd. Hieronder staat het zoals het nu is; uw verbetering is niet bewaard.",
            "A colleague changed this meanwhile. Below it stands as it is now; your correction was not kept.",
        );
        return Ok(you.warned(&format!("{path}/verbeter"), why));
    };
    Ok(match put {
        Put::Changed | Put::Added => {
            you.done(&path, you.say("De gegevens zijn verbeterd.", "The details were corrected."))
        }
        Put::Unchanged => {
            you.done(&path, you.say("Er was niets te veranderen.", "There was nothing to change."))
        }
        Put::Stopped => you.warned(
            &path,
            you.say(
                "Deze deelnemer is gestopt; er is niets veranderd.",
                "This participant has stopped; nothing was changed.",
            ),
        ),
    })
}

/// Tells whether somebody else changed it since: the same when everything that can be corrected is.
fn print_of(Details { known, inside }: &Details) -> String {
    let services: Vec<&str> = known.services.iter().map(ServiceId::as_str).collect();
    let elsewhere = known.elsewhere.iter().map(|place| (place.postcode.number(), &place.services));
    let elsewhere: Vec<_> = elsewhere.collect();
    let languages: Vec<&str> = known.languages.iter().map(|one| one.code()).collect();
    let inside: Vec<&str> = inside.iter().map(ServiceId::as_str).collect();
    let all = (
        (&known.name, known.postcode.number(), services, elsewhere, inside),
        (known.hours.as_str(), languages),
        (known.min_m, known.max_m, known.max_per_day, known.max_per_week),
        (known.opted_in.as_ref().map(|(at, _)| at.0), known.verified_at.map(|at| at.0)),
    );
    let print = Sha256::digest(format!("{all:?}"));
    URL_SAFE_NO_PAD.encode(print)
}

/// What was filled in, on top of what is known; and everything that is wrong with it.
fn read(
    form: &Fields,
    Details { known, inside }: &Details,
    catalogue: &[ServiceId],
    now: Timestamp,
    wrong: &mut Wrong,
) -> Details {
    let mut new = known.clone();
    let name = form.get("naam").split_whitespace().collect::<Vec<_>>().join(" ");
    let readable = |c: char| c.is_alphanumeric() || " .-'’,()/&".contains(c);
    if name.chars().any(char::is_alphabetic)
        && name.chars().count() <= LONGEST_NAME
        && name.chars().all(readable)
    {
        new.name = name;
    } else {
        wrong.say(
            "naam",
            "Vul een naam in van hoogstens 60 tekens, zonder vreemde tekens.",
            "Fill in a name of at most 60 characters, without odd signs.",
        );
    }
    match Postcode::parse(form.get("postcode")) {
        Ok(postcode) => new.postcode = postcode,
        Err(_) => wrong.say(
            "postcode",
            "Vier cijfers, zoals 2584. Letters mogen.",
            "Four digits, such as 2584. Letters are allowed.",
        ),
    }
    new.services = places::ticked(form, "dienst", catalogue);
    match Hours::parse(form.get("tijden")) {
        Ok(hours) if !hours.never_opens_within(366, now) => new.hours = hours,
        _ => wrong.say(
            "tijden",
            "Schrijf ze zoals \"Mo-Fr 09:00-17:00; PH off\". Mo Tu We Th Fr Sa Su zijn de dagen, PH is een feestdag.",
            "Write them like \"Mo-Fr 09:00-17:00; PH off\". PH is a public holiday.",
        ),
    }
    match (metres(form.get("min-km")), metres(form.get("max-km"))) {
        (Some(min), Some(max)) if min < max && max <= FARTHEST_M => {
            (new.min_m, new.max_m) = (min, max)
        }
        _ => wrong.say(
            "min-km",
            "Kilometers, zoals 0,5 en 5. Het tweede getal is het grootste, hoogstens 100.",
            "Kilometres, such as 0.5 and 5. The second is the larger, at most 100.",
        ),
    }
    match (count(form.get("per-dag"), 20), count(form.get("per-week"), 50)) {
        (Some(day), Some(week)) if day <= week => (new.max_per_day, new.max_per_week) = (day, week),
        _ => wrong.say(
            "per-dag",
            "Hele getallen, hoogstens 20 per dag en 50 per week; per week minstens zo veel als per dag.",
            "Whole numbers, at most 20 a day and 50 a week; a week at least as many as a day.",
        ),
    }
    let spoken: Vec<&str> = form.all("taal").collect();
    let languages: Vec<Language> =
        Language::ALL.into_iter().filter(|one| spoken.contains(&one.code())).collect();
    if languages.is_empty() {
        wrong.say("taal", "Kies er minstens één.", "Choose at least one.");
    } else if languages.len() != known.languages.len()
        || !languages.iter().all(|one| known.languages.contains(one))
    {
        new.languages = languages;
    }
    Details { known: new, inside: inside.clone() }
}

/// Kilometres as people write them, with a comma or a point.
fn metres(text: &str) -> Option<u32> {
    let km: f64 = text.replace(',', ".").parse().ok()?;
    let metres = (km * 1000.0).round();
    // The range was looked at: nothing is cut off.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    (0.0..=1e6).contains(&metres).then_some(metres as u32)
}

fn count(text: &str, most: u32) -> Option<u32> {
    text.parse().ok().filter(|count| (1..=most).contains(count))
}
