//! What somebody fills in, read kindly: a word beside the field when it cannot be.

use crate::domain::phone::Refused;
use crate::domain::week_plan::Part;
use crate::domain::{Language, Phone, Postcode};
use crate::web::App;

/// Most characters that are shown again of what was typed.
pub(super) const LONGEST: usize = 80;

/// A number that may be rung (R12), or what is wrong with it.
pub(super) fn phone(app: &App, typed: &str, language: Language) -> Result<Phone, String> {
    if typed.trim().is_empty() {
        let why = language.pick(
            "Vul uw telefoonnummer in. Het heeft tien cijfers en begint met een 0.",
            "Fill in your telephone number. It has ten digits and begins with a 0.",
        );
        return Err(why.to_owned());
    }
    let context = app.exchange.context();
    let refused = match Phone::parse(typed, context.numbering) {
        Ok(phone) if !context.is_ours(&phone) => return Ok(phone),
        Ok(_) => {
            let why = language.pick(
                "Dit is ons eigen nummer. Vul uw eigen nummer in.",
                "This is our own number. Fill in your own number.",
            );
            return Err(why.to_owned());
        }
        Err(refused) => refused,
    };
    Err(match refused {
        Refused::Foreign => {
            language.pick("Wij bellen alleen Nederlandse nummers.", "We only ring Dutch numbers.")
        }
        Refused::Short | Refused::Kind | Refused::Fixture => language.pick(
            "Dit nummer kunnen wij niet bellen. Vul een gewoon vast of mobiel nummer in.",
            "We cannot ring this number. Fill in an ordinary landline or mobile number.",
        ),
        Refused::NotANumber | Refused::Unassigned => language.pick(
            "Dit nummer klopt niet. Een nummer heeft tien cijfers en begint met een 0.",
            "This number is not right. A number has ten digits and begins with a 0.",
        ),
    }
    .to_owned())
}

/// The four digits of a postcode, or what is wrong with them.
pub(super) fn postcode(typed: &str, language: Language) -> Result<Postcode, String> {
    Postcode::parse(typed).map_err(|_| {
        language
            .pick(
                "Vul de vier cijfers van uw postcode in, zoals 2584.",
                "Fill in the four digits of your postcode, such as 2584.",
            )
            .to_owned()
    })
}

/// Somebody had this tried too often.
pub(super) fn too_often(language: Language) -> &'static str {
    language.pick(
        "Dit is net te vaak geprobeerd. Probeer het over een kwartier nog eens, of bel ons.",
        "This was tried too often just now. Try again in a quarter of an hour, or ring us.",
    )
}

/// What was typed is no code.
pub(super) fn six_digits(language: Language) -> &'static str {
    language.pick("De code heeft zes cijfers.", "The code has six digits.")
}

/// It is another code.
pub(super) fn wrong_code(left: u32, language: Language) -> String {
    match language {
        Language::Nl => format!(
            "Deze code is het niet. Kijk nog eens goed; u kunt het nog {left} keer proberen."
        ),
        Language::En => {
            format!("This is not the code. Look once more; you can try {left} more times.")
        }
    }
}

/// There is no code any more.
pub(super) fn code_over(language: Language) -> &'static str {
    language.pick(
        "Deze code geldt niet meer. Laat u opnieuw bellen.",
        "This code is good no more. Let us ring you again.",
    )
}

/// The word for a part of the day in a form.
pub(super) fn part_word(part: Part) -> &'static str {
    match part {
        Part::Morning => "ochtend",
        Part::Afternoon => "middag",
        Part::Evening => "avond",
    }
}

/// What a part of the day is called, with its hours: `ochtend (9 tot 12 uur)`.
pub(super) fn part_name(part: Part, language: Language) -> String {
    let (name, hours) = part_in_two(part, language);
    format!("{name} ({hours})")
}

/// The same apart: `ochtend`, `9 tot 12 uur`.
pub(super) fn part_in_two(part: Part, language: Language) -> (&'static str, String) {
    let (from, until) = part.window();
    let (from, until) = (from / 60, until / 60);
    match (part, language) {
        (_, Language::Nl) => (part_word(part), format!("{from} tot {until} uur")),
        (Part::Morning, Language::En) => ("morning", format!("{from} to {until}")),
        (Part::Afternoon, Language::En) => ("afternoon", format!("{from} to {until}")),
        (Part::Evening, Language::En) => ("evening", format!("{from} to {until}")),
    }
}
