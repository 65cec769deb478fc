//! What a colleague sees, in a form: role, lines and areas.

use crate::domain::{Language, Line, Operator, Phone, Postcode, Role};
use crate::web::desk::signed_in::Fields;
use crate::web::typed::Wrong;

/// Postcodes of one coordinator at most.
const MOST_AREAS: usize = 500;

/// The part of a form that settles it; see `desk/templates/scope.html`.
pub(super) struct ScopeForm {
    pub(super) roles: Vec<(&'static str, &'static str, bool)>,
    pub(super) lines: Vec<(String, String, bool)>,
    pub(super) areas: String,
}

/// What was filled in in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Scope {
    pub(super) role: Role,
    pub(super) lines: Vec<Phone>,
    pub(super) areas: Vec<Postcode>,
}

impl ScopeForm {
    /// As somebody's scope is now; for somebody new: an operator of every line.
    pub(super) fn of(operator: Option<&Operator>, lines: &[Line], language: Language) -> Self {
        let role = operator.map_or(Role::Operator, |operator| operator.role);
        let has = |line: &Line| operator.is_none_or(|it| it.lines.contains(&line.number));
        let areas = operator.map(|it| it.areas.iter().map(ToString::to_string).collect::<Vec<_>>());
        Self {
            roles: Role::ALL.map(|one| (one.code(), one.name(language), one == role)).into(),
            lines: lines
                .iter()
                .map(|line| (line.number.e164().to_owned(), line.name.clone(), has(line)))
                .collect(),
            areas: areas.unwrap_or_default().join(" "),
        }
    }

    /// As it was typed, to be typed again.
    pub(super) fn typed(form: &Fields, lines: &[Line], language: Language) -> Self {
        let chosen: Vec<&str> = form.all("lijn").collect();
        Self {
            roles: Role::ALL
                .map(|one| (one.code(), one.name(language), one.code() == form.get("rol")))
                .into(),
            lines: lines
                .iter()
                .map(|line| {
                    let number = line.number.e164();
                    (number.to_owned(), line.name.clone(), chosen.contains(&number))
                })
                .collect(),
            areas: form.get("gebied").chars().take(5_000).collect(),
        }
    }
}

impl Scope {
    /// Reads it; none when something in it is wrong.
    pub(super) fn read(form: &Fields, lines: &[Line], wrong: &mut Wrong) -> Option<Self> {
        let role = Role::parse(form.get("rol"));
        if role.is_none() {
            wrong.say("rol", "Kies een rol.", "Choose a role.");
        }
        let chosen: Vec<&str> = form.all("lijn").collect();
        let lines: Vec<Phone> = lines
            .iter()
            .filter(|line| chosen.contains(&line.number.e164()))
            .map(|line| line.number.clone())
            .collect();
        let written = form.get("gebied").split(|c: char| c.is_whitespace() || c == ',' || c == ';');
        let areas: Result<Vec<Postcode>, _> =
            written.filter(|part| !part.is_empty()).map(Postcode::parse).collect();
        let areas = areas.ok().filter(|areas| areas.len() <= MOST_AREAS);
        if areas.is_none() {
            wrong.say(
                "gebied",
                "Schrijf postcodes van vier cijfers met een spatie ertussen, zoals 7431 7434.",
                "Write postcodes of four digits with a space between them, such as 7431 7434.",
            );
        }
        let (role, areas) = (role?, areas?);
        if role == Role::Operator && lines.is_empty() {
            wrong.say("lijn", "Kies minstens één lijn.", "Choose at least one line.");
        }
        if role == Role::Coordinator && areas.is_empty() {
            wrong.say("gebied", "Vul minstens één postcode in.", "Fill in at least one postcode.");
        }
        wrong.is_empty().then_some(Self { role, lines, areas })
    }
}
