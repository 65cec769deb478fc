//! The commands about what is kept, on a real database.

use serde_json::Value;

use super::export::write_person;
use super::forget::Forget;
use super::stop::{Rooms, Stop};
use crate::domain::{
    Caller, Hours, Language, Numbering, Phone, Postcode, ServiceId, Timestamp, unkind_word,
};
use crate::privacy::own_data;
use crate::store::{
    Direction, NewCall, NewMessage, NewParticipant, NewPromise, PromiseKind, Role, Store,
};

const NOW: Timestamp = Timestamp(1_795_510_800_000);
const BOS: &str = "+31700010001";
const VISSER: &str = "+31700010002";
const LINE: &str = "+31700002586";

fn phone(number: &str) -> Phone {
    Phone::from_stored(number).expect(number)
}

/// Bos and Visser take part; Bos called and left a message.
fn town() -> (Store, tempfile::TempDir) {
    let dir = tempfile::tempdir().expect("a directory");
    let store = Store::open(&dir.path().join("town.db"), [1; 32]).expect("a database");
    store
        .write_blocking(|tx| {
            for (number, name) in [(BOS, "Bos"), (VISSER, "<b>Visser</b>")] {
                let new = NewParticipant {
                    phone: phone(number),
                    name: name.into(),
                    postcode: Postcode::try_from(2584).expect("a postcode"),
                    services: vec![ServiceId::parse("company").expect("an id")],
                    elsewhere: Vec::new(),
                    hours: Hours::parse("24/7").expect("hours"),
                    languages: vec![Language::Nl],
                    min_m: 0,
                    max_m: 15_000,
                    max_per_day: 2,
                    max_per_week: 4,
                    opted_in: Some((NOW, "phone".into())),
                    verified_at: Some(NOW),
                };
                tx.put_participant(&new, NOW)?;
            }
            let bos = tx.participant_by_phone(&phone(BOS))?.map(|known| known.id);
            let call = tx.open_call(&NewCall {
                sid: "CA1".into(),
                parent_sid: None,
                direction: Direction::Incoming,
                role: Role::Caller,
                line: phone(LINE),
                caller: Caller::Known(phone(BOS)),
                participant: bos,
                attempt: None,
                now: NOW,
            })?;
            let message = tx.add_message(&NewMessage {
                line: phone(LINE),
                caller: Caller::Known(phone(BOS)),
                call: call.id,
                step: 0,
                request: None,
                recording_url: "https://provider.example/RE1".into(),
                recording_sid: Some(format!("RE{}", "0".repeat(32))),
                seconds: 7,
                now: NOW,
            })?;
            tx.add_promise(&NewPromise {
                kind: PromiseKind::DeskAnswers,
                line: phone(LINE),
                request: None,
                message: Some(message),
                participant: None,
                due_at: NOW,
                now: NOW,
            })?;
            tx.call_ended(call.id, NOW)
        })
        .expect("a town");
    (store, dir)
}

fn stop(store: &Store, number: &str, yes: bool, answer: bool) -> anyhow::Result<String> {
    let command = Stop {
        number: number.split(' ').map(str::to_owned).collect(),
        yes,
        config: "burenhulp.toml".into(),
    };
    let mut asked = 0;
    let mut ask = |question: &str| {
        asked += 1;
        assert!(!question.contains(BOS), "R14: {question}");
        Ok(answer)
    };
    let numbering = Numbering::NlFixtures;
    let mut out = Vec::new();
    let done = command.run(&mut Rooms { store, numbering, now: NOW, ask: &mut ask }, &mut out);
    assert_eq!(asked, usize::from(!yes), "asked once, unless told not to");
    done.map(|()| String::from_utf8(out).expect("text"))
}

fn called(what: &str, id: &str) -> Option<String> {
    (what == "service" && id == "company").then(|| "een praatje of een wandeling".to_owned())
}

fn export(store: &Store, number: &str, html: Option<Language>) -> String {
    let mut out = Vec::new();
    let number = [number.to_owned()];
    let numbering = Numbering::NlFixtures;
    write_person(&number, html, &called, numbering, store, NOW, &mut out).expect("exported");
    String::from_utf8(out).expect("text")
}

#[test]
fn r9_a_stop_is_asked_about_once_and_then_erases() {
    let (store, _dir) = town();
    assert!(stop(&store, "070 001 0001", false, false).is_err(), "the answer was no");
    assert!(export(&store, BOS, None).contains("\"Bos\""));
    let said = stop(&store, "070 001 0001", false, true).expect("stopped");
    assert!(said.contains("is not rung any more") && said.contains("Erased everywhere"), "{said}");
    let left: Value = serde_json::from_str(&export(&store, BOS, None)).expect("JSON");
    let kinds: Vec<&String> = left["data"].as_object().expect("an object").keys().collect();
    assert_eq!(kinds, ["consents", "stop"], "the proof and the stop, under a hash");
    let posted = store.read_blocking(|tx| tx.due_outbox([2, 3], NOW, 9)).expect("read");
    assert_eq!(posted.len(), 1, "the recording is deleted at the provider");
    let again = stop(&store, BOS, true, false).expect("twice is once");
    assert!(again.contains("did not take part"), "{again}");
}

#[test]
fn a_number_that_is_none_is_refused_before_anything_is_asked() {
    let (store, _dir) = town();
    for wrong in ["112", "0900 8844", "Bos", "+44 113 496 0000"] {
        let fault = stop(&store, wrong, true, true).expect_err("refused");
        assert!(format!("{fault:#}").starts_with("the number"), "{fault:#}");
    }
}

#[test]
fn a_person_gets_everything_about_themselves_and_nothing_about_others() {
    let (store, _dir) = town();
    let told: Value = serde_json::from_str(&export(&store, BOS, None)).expect("JSON");
    assert_eq!(told["number"], BOS);
    let data = &told["data"];
    assert_eq!(data["participant"][0]["name"], "Bos");
    assert_eq!(data["offers"][0]["service"], "company");
    assert_eq!(data["consents"][0]["given_at"], "2026-11-24T10:00:00+01:00");
    assert_eq!(data["messages"][0]["seconds"], 7);
    assert_eq!(data["promises"][0]["kind"], "desk_answers");
    assert_eq!(data["calls"][0]["line"], LINE);
    let text = told.to_string();
    assert!(!text.contains(VISSER) && !text.contains("Visser"));
    let seen: Value = serde_json::from_str(&export(&store, BOS, None)).expect("JSON");
    assert_eq!(
        seen["data"]["seen_by_the_desk"][0]["what"], "person-exported",
        "they can see that too"
    );
}

#[test]
fn the_page_is_in_words_and_a_name_cannot_break_out_of_it() {
    let (store, _dir) = town();
    for language in Language::ALL {
        let page = export(&store, VISSER, Some(language));
        assert!(page.contains("&#60;b&#62;Visser") && !page.contains("<b>Visser"), "{page}");
        let known = store.read_blocking(|tx| tx.everything_about(&phone(BOS))).expect("read");
        let paper = own_data::paper(&phone(BOS), &known, &called, NOW, language);
        let text = paper.markdown();
        assert!(
            text.contains("een praatje of een wandeling") && !text.contains("company"),
            "{text}"
        );
        for block in &paper.blocks {
            match block {
                crate::privacy::Block::Heading(text) => assert!(!text.is_empty()),
                crate::privacy::Block::Table { head, .. } => {
                    assert!(head.iter().all(|cell| !cell.is_empty()), "{head:?}");
                }
                _ => {}
            }
        }
        assert_eq!(unkind_word(&paper.markdown(), language), None);
        let first = paper.blocks.iter().find_map(|block| match block {
            crate::privacy::Block::Table { head, .. } => head.first(),
            _ => None,
        });
        let name = language.pick("naam", "name");
        assert_eq!(first.map(String::as_str), Some(name), "as it is read, not by letter");
    }
    for kind in crate::store::ReadTx::kinds_known() {
        assert!(
            !own_data::title(kind)[0].is_empty() && !own_data::title(kind)[1].is_empty(),
            "{kind}"
        );
    }
}

#[test]
fn a_dry_run_says_what_would_go_and_erases_nothing() {
    let (store, _dir) = town();
    let later = Timestamp(NOW.0 + 15 * 86_400_000);
    let run = |dry_run| {
        let mut out = Vec::new();
        let forget = Forget { dry_run, config: "burenhulp.toml".into() };
        forget.run(&store, &[], later, &mut out).expect("run");
        String::from_utf8(out).expect("text")
    };
    let rows = |text: &str| {
        let line = text.lines().find(|line| {
            line.ends_with("The sound of every message, also one that was not seen to")
        });
        line.expect("a line").split_whitespace().next().expect("a count").to_owned()
    };
    let dry = run(true);
    assert!(dry.contains("2026-11-24") && dry.contains("Nothing was erased"), "{dry}");
    assert_eq!(rows(&run(true)), "1", "still there");
    let done = run(false);
    assert!(done.contains("Erased: 1 rows."), "{done}");
    assert_eq!(rows(&run(true)), "0");
    let last = store.read_blocking(|tx| tx.last_forgotten()).expect("read");
    assert_eq!(last, Some(later));
}
