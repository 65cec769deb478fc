//! People who helped before, as choices: with a name for those who may see it, else by what they did.

use super::super::participants::whose;
use super::super::signed_in::{Fields, SignedIn};
use super::Choice;
use crate::domain::{Language, ParticipantId, Postcode};
use crate::exchange::First;
use crate::store::{AskedNext, Helped, Whose};
use crate::web::App;
use crate::web::say::{day, service};

/// The name of the field.
const FIELD: &str = "eerst";

/// Who is asked first for a request, as chosen: in words, and as one more choice where they are none of
/// those who helped.
pub(super) fn asked_first(
    app: &App,
    you: &SignedIn,
    next: &AskedNext,
    choices: &mut Vec<Choice>,
) -> String {
    let code = next.who.to_string();
    if let Some(known) = choices.iter().find(|choice| choice.code == code) {
        return known.name.clone();
    }
    let name = match is_theirs(&whose(app, you), next.postcode) && !next.name.is_empty() {
        true => next.name.clone(),
        false => {
            you.say("een buur die al gekozen is", "a neighbour who was chosen already").to_owned()
        }
    };
    choices.push(Choice { code, name: name.clone(), chosen: true });
    name
}

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
    let theirs = is_theirs(whose, one.postcode);
    let what = one.service.as_ref().map_or(String::new(), |id| service(app, id, you.language));
    let on = day(app.exchange.now(), one.at, you.language);
    match (theirs && !one.name.is_empty(), you.language) {
        (true, Language::Nl) => format!("{}: hielp met {what}, {on}", one.name),
        (true, Language::En) => format!("{}: helped with {what}, {on}", one.name),
        (false, Language::Nl) => format!("wie hielp met {what}, {on}"),
        (false, Language::En) => format!("whoever helped with {what}, {on}"),
    }
}

fn is_theirs(whose: &Whose, postcode: Option<Postcode>) -> bool {
    match whose {
        Whose::Everybody => true,
        Whose::Of { areas, .. } => postcode.is_some_and(|place| areas.contains(&place)),
    }
}

/// The choice that was made, where the form had one to make.
pub(super) fn chosen_anew(form: &Fields) -> Option<First> {
    form.all(FIELD).next().map(|_| first(form))
}

/// Who is to be asked first, as it was filled in.
pub(super) fn first(form: &Fields) -> First {
    match form.get(FIELD).parse() {
        Ok(id) => First::Helper(ParticipantId(id)),
        Err(_) if form.get("eerder") == "ja" => First::LastHelper,
        Err(_) => First::Anybody,
    }
}
