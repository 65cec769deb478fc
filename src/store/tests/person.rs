//! What one person is told about themselves, and what erasing them leaves.

use super::*;
use crate::domain::{Note, OperatorId, RequestId};

/// Who asks.
pub(super) const NOOR: &str = "+31602000001";

impl Town {
    /// Somebody who works at the desk.
    pub(super) fn anneke(&self) -> OperatorId {
        self.does(|tx| {
            tx.db.execute(
                "INSERT INTO operator (name, role, password, password_given, made_at)
                 VALUES ('Anneke', 'operator', '', 0, 0)",
                [],
            )?;
            Ok(OperatorId(tx.db.last_insert_rowid()))
        })
    }

    /// Noor, who takes no part and did not call, asks an organisation to ask for her.
    pub(super) fn noor_asks(&self, starts_at: Option<Timestamp>) -> RequestId {
        let (by, line) = (self.anneke(), self.line.number.clone());
        self.does(move |tx| {
            let request = tx.enter_request(&NewIntake {
                line: line.clone(),
                source: Source::Organisation,
                agreement: Some(Agreement {
                    organisation: "Thuiszorg Duin".into(),
                    to: "Wilma Wijkverpleegster".into(),
                    on: NOW.wall_clock().date(),
                    how: AgreedHow::Spoken,
                }),
                name: "Noor".into(),
                phone: phone(NOOR),
                service: company(),
                postcode: postcode(2584),
                language: Language::Nl,
                inside: false,
                wanted_at: Some(NOW + 96 * HOUR),
                starts_at,
                by,
                now: NOW,
            })?;
            let note = Note::parse("belt liever 's middags").expect("a note");
            tx.add_desk_note(NoteAbout::Request(request), &note, by, NOW)?;
            tx.add_promise(&NewPromise {
                kind: PromiseKind::DeskAnswers,
                line,
                request: Some(request),
                message: None,
                participant: None,
                due_at: NOW + HOUR,
                now: NOW,
            })?;
            tx.put_on_board(request, NOW)?;
            Ok(request)
        })
    }

    /// What somebody is told, as one text.
    pub(super) fn told(&self, number: &'static str) -> String {
        let known = self.looks(move |tx| tx.everything_about(&phone(number)));
        crate::privacy::own_data::json(&phone(number), &known, NOW)["data"].to_string()
    }
}

#[test]
fn somebody_who_was_entered_without_a_call_gets_what_is_kept_of_it_and_not_whom_they_told() {
    let town = Town::with(vec![]);
    town.noor_asks(None);
    let told = town.told(NOOR);
    for word in ["company", "Noor", "Thuiszorg Duin", "desk_answers", "middags"] {
        assert!(told.contains(word), "{word}: {told}");
    }
    assert!(!told.contains("Wilma"), "{told}");
    assert_eq!(town.told("+31700002586"), "{}", "the line's own number is nobody's");
}

#[test]
fn a_neighbour_who_calls_back_is_not_told_what_the_desk_wrote_about_the_asker() {
    let town = Town::with(vec![somebody(BOS, 2584)]);
    let (request, line) = (town.noor_asks(None), town.line.number.clone());
    town.does(move |tx| {
        let bos = tx.participant_by_phone(&phone(BOS))?.map(|known| known.id);
        tx.add_promise(&NewPromise {
            kind: PromiseKind::RingNeighbourBack,
            line,
            request: Some(request),
            message: None,
            participant: bos,
            due_at: NOW + HOUR,
            now: NOW,
        })
        .map(|_| ())
    });
    let told = town.told(BOS);
    assert!(told.contains("ring_neighbour_back") && !told.contains("middags"), "{told}");
    assert!(!town.told(NOOR).contains("ring_neighbour_back"), "nor she of that call");
}

#[test]
fn of_somebody_who_is_erased_no_planned_request_is_left_to_be_searched_for() {
    let town = Town::with(vec![somebody(BOS, 2584)]);
    let request = town.noor_asks(Some(NOW + 48 * HOUR));
    let up = town.does(move |tx| tx.can_be_taken_up(request));
    assert_eq!(up, Some(Some(NOW + 48 * HOUR)), "the question means something");
    let erased = town.does(|tx| tx.erase_number(&phone(NOOR), NOW));
    assert!(matches!(erased, Erasing::Done(_)), "{erased:?}");
    let left = town.does(move |tx| {
        Ok((
            tx.can_be_taken_up(request)?,
            tx.not_searched_yet(request)?,
            tx.take_planned(NOW + 96 * HOUR, 9)?,
            tx.db.query_row("SELECT outcome FROM request", [], |row| row.get::<_, String>(0))?,
        ))
    });
    assert_eq!(left, (None, None, vec![], "not_needed".into()));
}
