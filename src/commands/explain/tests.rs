//! Stories of the explanation as it is printed.

use std::collections::BTreeMap;
use std::time::Duration;

use clap::Parser;

use super::*;
use crate::domain::Hours;

#[derive(Parser)]
struct Cli {
    #[command(flatten)]
    explain: Explain,
}

fn number(text: &str) -> Phone {
    Phone::parse(text, Numbering::NlFixtures).expect("a fixture number")
}

fn line() -> Line {
    let hours = |text| Hours::parse(text).expect("hours");
    let id = |text| ServiceId::parse(text).expect("an id");
    Line {
        number: number("070 000 2586"),
        name: "Burenhulp Scheveningen".into(),
        area: vec![Postcode::parse("2584").expect("a postcode")],
        languages: vec![Language::Nl],
        services: vec![id("groceries"), id("company")],
        office_hours: hours("Mo-Fr 09:00-17:00; PH off"),
        ringing_hours: hours("Mo-Sa 09:00-21:00"),
        desk: vec![],
        ring: Duration::from_secs(20),
        desk_ring: Duration::from_secs(20),
        voice: BTreeMap::new(),
        max_attempts: 8,
        search_budget: Duration::from_secs(180),
        offer_callback_after: Duration::from_secs(60),
        voice_note: false,
        rest_after_answer: Duration::from_secs(10_800),
        rest_after_ring: Duration::from_secs(3_600),
        ring_at_once: 1,
        background_budget: std::time::Duration::from_secs(24 * 3600),
        background_max_attempts: 25,
        coordinator_first: Vec::new(),
    }
}

fn told(id: i64, phone: &str, distance_m: Option<u32>, why: &str) -> Told {
    Told { participant: ParticipantId(id), phone: number(phone), distance_m, why: why.into() }
}

fn town() -> Explanation {
    Explanation {
        order: vec![
            told(17, "070 001 0042", Some(0), "same postcode; often picks up"),
            told(3, "06 0100 0001", Some(1_251), "within 2 km; not asked lately"),
        ],
        passed_over: vec![told(120, "070 001 0007", None, "their postcode is not known")],
    }
}

/// What is printed for these arguments, and the question that was put.
fn explained(arguments: &[&str], town: Explanation) -> anyhow::Result<String> {
    let arguments = [&["explain"], arguments].concat();
    let explain = Cli::try_parse_from(arguments)?.explain;
    let now = Timestamp::parse("2026-11-24T10:00:00+01:00").expect("a time");
    let mut out = Vec::new();
    explain.run(&[line()], Numbering::NlFixtures, now, &mut |_| Ok(town.clone()), &mut out)?;
    Ok(String::from_utf8(out)?)
}

const ASKED: [&str; 6] = ["--line", "0700002586", "--postcode", "2584", "--service", "company"];

#[test]
fn candidates_and_those_passed_over_are_listed_with_their_reasons() {
    let text = explained(&ASKED, town()).expect("an explanation");
    assert_eq!(
        text,
        "\
Burenhulp Scheveningen: company, 2584, 2026-11-24 10:00

Would be rung, in this order:
  1.  participant 17  +31 70 ••• ••42  0.0 km  same postcode; often picks up
  2.  participant 3   +31 6 •••• ••01  1.3 km  within 2 km; not asked lately

Would not be rung:
  -  participant 120  +31 70 ••• ••07  distance unknown  their postcode is not known

Not listed: who does not offer this, and who lives more than 20 km away.
"
    );
}

#[test]
fn r14_no_number_is_printed_in_full() {
    let text = explained(&ASKED, town()).expect("an explanation");
    let digits_in_a_row = text.split(|c: char| !c.is_ascii_digit()).map(str::len).max();
    assert_eq!(digits_in_a_row, Some(4), "a year or a postcode at most: {text}");
}

#[test]
fn in_dutch_and_with_nobody() {
    let arguments = [&ASKED[..], &["--language", "nl", "--postcode", "2599"]].concat();
    // The later --postcode would be a fault of usage; ask anew.
    assert!(explained(&arguments, town()).is_err());
    let arguments =
        ["--line", "0700002586", "--postcode", "2599", "--service", "company", "--language", "nl"];
    let text = explained(&arguments, Explanation::default()).expect("an explanation");
    for words in ["hoort niet bij de lijn", "\nEr wordt niemand gebeld.\n", "\nNiet genoemd: "] {
        assert!(text.contains(words), "{text}");
    }
}

#[test]
fn the_question_is_read_whole() {
    let arguments = [&ASKED[..], &["--at", "2026-04-27T21:30:00+02:00", "--from", "06 0100 0001"]];
    let arguments = [&["explain"], &arguments.concat()[..]].concat();
    let explain = Cli::try_parse_from(arguments).expect("arguments").explain;
    let lines = [line()];
    let question =
        explain.question(&lines, Numbering::NlFixtures, Timestamp(0)).expect("a question");
    assert_eq!(Some(question.at), Timestamp::parse("2026-04-27T19:30:00Z"));
    assert_eq!(question.from, Some(number("+31601000001")));
    assert_eq!(question.service.as_str(), "company");
}

#[test]
fn what_cannot_be_asked_is_told_with_what_can() {
    for (at, wrong, advice) in [
        (1, "0700002587", "none of the lines; they are +31 70 ••• ••86 (Burenhulp Scheveningen)"),
        (1, "112", "--line: short and emergency numbers"),
        (3, "0584", "--postcode: a postcode is four digits"),
        (
            5,
            "dog",
            "nobody can ask for this on Burenhulp Scheveningen; they can ask for groceries, company",
        ),
    ] {
        let mut arguments = ASKED;
        arguments[at] = wrong;
        let error = explained(&arguments, town()).expect_err("a fault");
        let error = format!("{error:#}");
        assert!(error.contains(advice), "{error}");
        assert!(wrong == "112" || wrong == "0584" || !error.contains(wrong), "{error}");
    }
    for wrong in [["--at", "tomorrow"], ["--language", "fr"], ["--from", "0900-8844"]] {
        let error = explained(&[&ASKED[..], &wrong].concat(), town()).expect_err("a fault");
        assert!(format!("{error:#}").starts_with(wrong[0]), "{error:#}");
    }
}

#[test]
fn company_inside_is_asked_for_with_a_word_behind_the_service() {
    let text = explained(&[&ASKED[..], &["--inside"]].concat(), town()).expect("an explanation");
    assert!(text.contains(": company (inside too), 2584"), "{text}");
    let dutch = [&ASKED[..], &["--inside", "--language", "nl"]].concat();
    let text = explained(&dutch, town()).expect("an explanation");
    assert!(text.contains(": company (ook mee naar binnen), 2584"), "{text}");
}

#[test]
fn a_background_search_is_explained_with_how_long_it_goes_on() {
    let arguments = [&["explain"], &ASKED[..], &["--background"]].concat();
    let explain = Cli::try_parse_from(arguments).expect("arguments").explain;
    let lines =
        [Line { coordinator_first: vec![Postcode::try_from(2584).expect("a postcode")], ..line() }];
    let mut asked = None;
    let mut out = Vec::new();
    let mut choose = |question: &Question<'_>| {
        asked = Some(question.background);
        Ok(town())
    };
    explain
        .run(&lines, Numbering::NlFixtures, Timestamp(0), &mut choose, &mut out)
        .expect("an explanation");
    let text = String::from_utf8(out).expect("text");
    assert_eq!(asked, Some(true));
    assert!(text.contains("In the background: for 24 h within ringing hours, 25 people"), "{text}");
    assert!(text.contains("The coordinator goes first here"), "{text}");
    let plain = explained(&ASKED, town()).expect("an explanation");
    assert!(!plain.contains("background") && !plain.contains("coordinator"), "{plain}");
}
