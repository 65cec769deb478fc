//! Short notes of colleagues to each other, beside a promise or a request.

use super::fault::Fault;
use super::say::{day, when};
use super::signed_in::{Fields, SignedIn};
use crate::domain::{About, Deed, Language, Note, Timestamp};
use crate::store::{DeskNote, NoteAbout, StoreError};
use crate::web::App;
use crate::web::typed::{Typed, Wrong};

/// What its form is called, and the field in it; see `desk/templates/notes.html`.
const FORM: &str = "notitie";

/// A note in words.
pub(super) struct NoteLine {
    pub(super) text: String,
    pub(super) by: String,
    pub(super) made: String,
    pub(super) until: String,
}

/// Notes in words.
pub(super) fn lines(notes: Vec<DeskNote>, now: Timestamp, language: Language) -> Vec<NoteLine> {
    let line = |note: DeskNote| NoteLine {
        text: note.text,
        by: note.by,
        made: when(now, note.made_at, language),
        until: day(now, note.expires_at, language),
    };
    notes.into_iter().map(line).collect()
}

/// Writes down what was typed; or gives it back, with why not.
pub(super) async fn write(
    app: &App,
    you: &SignedIn,
    about: NoteAbout,
    form: Fields,
) -> Result<Result<(), Typed>, Fault> {
    let note = match Note::parse(form.get(FORM)) {
        Ok(note) => note,
        Err(why) => {
            let mut wrong = Wrong::none(you.language);
            wrong.not_written(FORM, &why);
            return Ok(Err(Typed::refused(FORM, form, wrong)));
        }
    };
    let (now, by) = (app.exchange.now(), you.operator.id);
    let added = app.exchange.store().write(move |tx| {
        if tx.add_desk_note(about, &note, by, now)? {
            let beside = match about {
                NoteAbout::Promise(id) => About::Promise(id),
                NoteAbout::Request(id) => About::Request(id),
            };
            tx.audit(by, Deed::NoteWritten, &beside, now)?;
        }
        Ok::<_, StoreError>(())
    });
    added.await?;
    Ok(Ok(()))
}

/// What is said when it is written down.
pub(super) fn written(you: &SignedIn) -> &'static str {
    match you.language {
        Language::Nl => "De notitie staat erbij, veertien dagen lang.",
        Language::En => "The note is there, for a fortnight.",
    }
}
