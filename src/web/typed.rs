//! A form that could not be taken: everything that was typed in it, and a word beside each field that
//! is wrong.
//!
//! A handler reads its form with a [`Wrong`] at hand. When that is not empty at the end, it shows the
//! form's own page again, with [`Typed::refused`] in it and the status that it names.
//! In the template, of a form called `notitie` with a field of the same name:
//!
//! ```text
//! {% let form = typed.of("notitie") %}
//! <input name="notitie" value="{{ form.get("notitie") }}"{{ form.marks("notitie", "uitleg")|safe }}>
//! {{ form.told("notitie")|safe }}
//! ```
//!
//! Passwords are never shown again: their fields write no value.

use std::sync::LazyLock;

use axum::http::StatusCode;

use super::form::Fields;
use super::notice::{Notice, Tone};
use crate::domain::{Language, NotWritten};

/// What is wrong, field by field; all of it is told at once.
#[derive(Debug, Clone)]
pub(super) struct Wrong {
    language: Language,
    fields: Vec<(&'static str, String)>,
}

impl Wrong {
    /// Nothing yet; what comes is told in this language.
    pub(super) fn none(language: Language) -> Self {
        Self { language, fields: Vec::new() }
    }

    /// This one thing.
    pub(super) fn only(language: Language, field: &'static str, nl: &str, en: &str) -> Self {
        let mut wrong = Self::none(language);
        wrong.say(field, nl, en);
        wrong
    }

    /// This field: a sentence that says what to fill in.
    pub(super) fn say(&mut self, field: &'static str, nl: &str, en: &str) {
        self.told(field, self.language.pick(nl, en));
    }

    /// This field: a sentence in their language already.
    pub(super) fn told(&mut self, field: &'static str, why: impl Into<String>) {
        self.fields.push((field, why.into()));
    }

    /// This field holds something that is not written down here.
    pub(super) fn not_written(&mut self, field: &'static str, why: &NotWritten) {
        self.told(field, why.advice(self.language));
    }

    pub(super) fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }
}

/// A form of a page as somebody left it; by default one that nobody has filled in.
#[derive(Debug, Clone, Default)]
pub(super) struct Typed {
    form: String,
    fields: Fields,
    wrong: Vec<(&'static str, String)>,
}

/// A form that nobody has filled in.
static NEW: LazyLock<Typed> = LazyLock::new(Typed::default);

impl Typed {
    /// This form of the page could not be taken.
    pub(super) fn refused(form: impl Into<String>, fields: Fields, wrong: Wrong) -> Self {
        Self { form: form.into(), fields, wrong: wrong.fields }
    }

    /// A form with passwords in it: nothing of it is kept.
    pub(super) fn refused_blank(form: impl Into<String>, wrong: Wrong) -> Self {
        Self::refused(form, Fields::default(), wrong)
    }

    /// The form of this name, if it is the one that was filled in; else a new one.
    pub(super) fn of(&self, form: &str) -> &Self {
        if self.form == form { self } else { &NEW }
    }

    /// Whether nobody has filled it in.
    pub(super) fn is_new(&self) -> bool {
        self.wrong.is_empty()
    }

    /// What was typed here.
    pub(super) fn get<'a>(&'a self, field: &'a str) -> &'a str {
        self.fields.get(field)
    }

    /// Whether the form had this field, empty or not.
    pub(super) fn has(&self, field: &str) -> bool {
        self.fields.all(field).next().is_some()
    }

    /// What was typed here; in a new form what stands there already.
    pub(super) fn or<'a>(&'a self, field: &'a str, known: &'a str) -> &'a str {
        if self.is_new() { known } else { self.get(field) }
    }

    /// Whether this choice was made.
    pub(super) fn chose(&self, field: &str, choice: &str) -> bool {
        self.fields.all(field).any(|value| value == choice)
    }

    /// Attributes for a field: what explains it, and whether it is wrong. The first one that is
    /// wrong has the cursor.
    pub(super) fn marks(&self, field: &str, explained_by: &str) -> String {
        let invalid = if self.at(field).is_some() { r#" aria-invalid="true""# } else { "" };
        format!("{invalid}{}", self.marks_choice(field, explained_by))
    }

    /// The same for the first of several to choose from, which by itself is neither right nor wrong.
    pub(super) fn marks_choice(&self, field: &str, explained_by: &str) -> String {
        let fault = self.at(field).map(|_| format!("fout-{field}")).unwrap_or_default();
        let ids = format!("{fault} {explained_by}");
        let focus = if self.at(field) == Some(0) { " autofocus" } else { "" };
        match ids.trim() {
            "" => String::new(),
            ids => format!(r#" aria-describedby="{ids}"{focus}"#),
        }
    }

    fn at(&self, field: &str) -> Option<usize> {
        self.wrong.iter().position(|(name, _)| *name == field)
    }

    /// The word beside a field that is wrong.
    pub(super) fn told(&self, field: &str) -> String {
        let words = self.wrong.iter().filter(|(name, _)| *name == field);
        let words: Vec<_> = words.map(|(_, told)| escaped(told)).collect();
        match words.is_empty() {
            true => String::new(),
            false => format!(r#"<p class="wrong" id="fout-{field}">{}</p>"#, words.join(" ")),
        }
    }

    /// With which status the page is shown.
    pub(super) fn status(&self) -> StatusCode {
        if self.is_new() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY }
    }

    /// What is said on top of the page when the form was refused.
    pub(super) fn notice(&self, language: Language) -> Option<Notice> {
        let text = match language {
            Language::Nl => {
                "Er klopt nog iets niet; er is niets veranderd. Kijk bij de rode regels."
            }
            Language::En => "Something is not right yet; nothing was changed. See the red lines.",
        };
        (!self.is_new()).then(|| Notice { tone: Tone::Warning, text: text.to_owned() })
    }
}

fn escaped(text: &str) -> String {
    let escaped = askama::filters::escape(text, askama::filters::Html);
    escaped.map(|text| text.to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused() -> Typed {
        let fields = vec![("naam".into(), "<b>".into()), ("hoe".into(), "balie".into())];
        let wrong = Wrong {
            language: Language::Nl,
            fields: vec![("naam", "Geen < hier.".into()), ("postcode", "Vier cijfers.".into())],
        };
        Typed::refused("nieuw", Fields::of(fields), wrong)
    }

    #[test]
    fn the_first_wrong_field_has_the_cursor_and_each_its_own_word() {
        let typed = refused();
        assert_eq!(
            typed.marks("naam", "uitleg"),
            r#" aria-invalid="true" aria-describedby="fout-naam uitleg" autofocus"#
        );
        assert_eq!(
            typed.marks("postcode", ""),
            r#" aria-invalid="true" aria-describedby="fout-postcode""#
        );
        assert_eq!(typed.marks("taal", "uitleg"), r#" aria-describedby="uitleg""#);
        assert_eq!(typed.marks("taal", ""), "");
        assert_eq!(typed.marks_choice("naam", ""), r#" aria-describedby="fout-naam" autofocus"#);
        assert_eq!(typed.told("naam"), r#"<p class="wrong" id="fout-naam">Geen &#60; hier.</p>"#);
        assert_eq!(typed.told("taal"), "");
    }

    #[test]
    fn only_the_form_that_was_sent_keeps_what_was_typed() {
        let typed = refused();
        assert_eq!(typed.of("nieuw").or("naam", "Jo"), "<b>");
        assert!(typed.of("nieuw").chose("hoe", "balie"));
        let other = typed.of("anders");
        assert_eq!((other.or("naam", "Jo"), other.told("naam")), ("Jo", String::new()));
        assert!(!other.chose("hoe", "balie"));
    }
}
