use super::*;
use crate::domain::{Hours, Postcode, ServiceId};
use crate::report::counts::{Asked, Counts, Ended, HourOfWeek};
use clap::Parser;

#[derive(Debug, Parser)]
struct Typed {
    #[command(flatten)]
    report: ReportCommand,
}

fn typed(words: &[&str]) -> Result<ReportCommand, clap::Error> {
    let words = std::iter::once("report").chain(words.iter().copied());
    Typed::try_parse_from(words).map(|typed| typed.report)
}

fn line() -> Line {
    let always = Hours::parse("24/7").unwrap();
    Line {
        number: Phone::from_stored("+31700002586").unwrap(),
        name: "Burenhulp Scheveningen".into(),
        area: vec![Postcode::try_from(2584).unwrap()],
        languages: vec![Language::Nl],
        services: vec![ServiceId::parse("dog").unwrap()],
        office_hours: always.clone(),
        ringing_hours: always,
        desk: Vec::new(),
        ring: std::time::Duration::from_secs(20),
        desk_ring: std::time::Duration::from_secs(20),
        voice: Default::default(),
        max_attempts: 8,
        search_budget: std::time::Duration::from_secs(180),
        offer_callback_after: std::time::Duration::from_secs(60),
        voice_note: false,
        rest_after_answer: std::time::Duration::ZERO,
        rest_after_ring: std::time::Duration::ZERO,
        ring_at_once: 1,
        background_budget: std::time::Duration::from_secs(24 * 3600),
        background_max_attempts: 25,
        coordinator_first: Vec::new(),
    }
}

/// Seven calls and six requests on the second of October 2026, five of them answered.
struct October(Option<Period>);

impl Source for October {
    fn counted(&mut self, period: Period) -> anyhow::Result<Counted> {
        self.0 = Some(period);
        let asked = Asked(ServiceId::parse("dog").ok(), Postcode::try_from(2584).ok());
        let counts = Counts {
            calls: 7,
            hours: [(HourOfWeek { weekday: 4, hour: 10 }, 7)].into(),
            asked: [(asked, 6)].into(),
            ended: [(Ended::Within30, 5), (Ended::Nobody, 1)].into(),
            ..Counts::default()
        };
        let day = "2026-10-02".parse().unwrap();
        let lines = [(line().number, counts)].into();
        Ok(Counted { days: [(day, lines)].into(), ..Counted::default() })
    }

    fn names(&mut self, _: Language) -> anyhow::Result<Names> {
        let services = [(ServiceId::parse("dog").unwrap(), "hond uitlaten".to_owned())];
        Ok(Names {
            lines: [(line().number, line().name)].into(),
            services: services.into(),
            places: [(Postcode::try_from(2584).unwrap(), "Den Haag, Badhuiskade".to_owned())]
                .into(),
        })
    }
}

fn printed(words: &[&str]) -> (Option<Period>, anyhow::Result<String>) {
    let command = typed(words).unwrap();
    let now = Timestamp::parse("2026-11-24T10:00:00+01:00").unwrap();
    let (mut october, mut out) = (October(None), Vec::new());
    let ran = command.run(&[line()], Numbering::NlFixtures, now, &mut october, &mut out);
    (october.0, ran.map(|()| String::from_utf8(out).unwrap()))
}

#[test]
fn without_a_period_it_is_about_the_last_month_that_is_over() {
    let (asked, text) = printed(&[]);
    assert_eq!(asked, Some(Period::parse("2026-10").unwrap()));
    let text = text.unwrap();
    assert!(text.starts_with("Alle lijnen, oktober 2026\n"), "{text}");
    assert!(text.contains("In oktober 2026 is er 7 keer gebeld."), "{text}");
}

#[test]
fn a_wrong_period_or_two_of_them_are_wrong_use() {
    for words in [
        &["--month", "november"][..],
        &["--month", "2026-13"],
        &["--year", "26"],
        &["--year", "2026-11"],
        &["--month", "2026-11", "--year", "2026"],
        &["--csv", "--json"],
        &["--language", "fr"],
    ] {
        assert!(typed(words).is_err(), "{words:?}");
    }
}

#[test]
fn a_line_that_is_none_of_ours_is_told_which_there_are() {
    let (_, ran) = printed(&["--line", "+31519002586"]);
    let fault = format!("{:#}", ran.unwrap_err());
    assert!(fault.contains("+31700002586 (Burenhulp Scheveningen)"), "{fault}");
}

#[test]
fn csv_is_what_a_dutch_spreadsheet_opens() {
    let (_, csv) = printed(&["--csv", "--line", "+31700002586"]);
    let csv = csv.unwrap();
    assert!(csv.starts_with("verslag;onderdeel;rij;kolom;waarde\r\n"), "{csv}");
    assert!(csv.contains("\r\nBurenhulp Scheveningen, oktober 2026;"), "{csv}");
    assert!(csv.is_ascii(), "{csv}");
}

#[test]
fn json_has_no_small_number_of_requests() {
    let (_, json) = printed(&["--json"]);
    let json: serde_json::Value = serde_json::from_str(&json.unwrap()).unwrap();
    assert_eq!(json["requests"]["exactly"], 6);
    assert_eq!(json["connected"]["exactly"], 5);
    assert_eq!(json["tables"]["not_found"], serde_json::Value::Null, "one, who found nobody");
}

#[test]
fn a_page_is_one_file_with_everything_in_it() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("oktober.html");
    let (_, said) = printed(&["--html", file.to_str().unwrap(), "--language", "en"]);
    assert!(said.unwrap().contains("October 2026"));
    let page = std::fs::read_to_string(&file).unwrap();
    assert!(page.contains("<html lang=\"en-GB\">") && page.contains("<svg role=\"img\""), "{page}");
    assert!(!page.contains("src=") && !page.contains("href="), "nothing from elsewhere");
}
