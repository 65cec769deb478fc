//! People who helped before, as choices: with a name for those who may see it, else by what they did.

use super::super::participants::whose;
use super::super::signed_in::{Fields, SignedIn};
use super::Choice;
use crate::domain::{Language, ParticipantId};
use crate::exchange::First;
use crate::store::{Helped, Whose};
use crate::web::App;
use crate::web::say::{day, service};

/// The name of the field.
const FIELD: &str = "eerst";

/// One choice for each of them.
pub(super) fn choices(app: &App, you: &SignedIn, helped: &[Helped], chosen: &str) -> Vec<Choice> {
    let whose = whose(app, you);
    let choice = |one: &Helped| Choice {
        code: one.who.to_string(),
        name: in_words(app, you, one, &whose),
        chosen: chosen == one.who.to_string(),
    };
    helped.iter().map(choice).collect()
}

fn in_words(app: &App, you: &SignedIn, one: &Helped, whose: &Whose) -> String {
    let theirs = match whose {
        Whose::Everybody => true,
        Whose::Of { areas, .. } => one.postcode.is_some_and(|place| areas.contains(&place)),
    };
    let what = one.service.as_ref().map_or(String::new(), |id| service(app, id, you.language));
    let on = day(app.exchange.now(), one.at, you.language);
    match (theirs && !one.name.is_empty(), you.language) {
        (true, Language::Nl) => format!("{}: hielp met {what}, {on}", one.name),
        (true, Language::En) => format!("{}: helped with {what}, {on}", one.name),
        (false, Language::Nl) => format!("wie hielp met {what}, {on}"),
        (false, Language::En) => format!("whoever helped with {what}, {on}"),
    }
}

/// Who is to be asked first, as it was filled in.
pub(super) fn first(form: &Fields) -> First {
    match form.get(FIELD).parse() {
        Ok(id) => First::Helper(ParticipantId(id)),
        Err(_) if form.get("eerder") == "ja" => First::LastHelper,
        Err(_) => First::Anybody,
    }
}
