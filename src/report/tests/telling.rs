//! Reports as people read them.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::domain::{Language, Phone, Postcode, ServiceId, unkind_word};
use crate::report::counts::{
    Asked, Counts, Ended, Habitat, HourOfWeek, MonthCounts, RingEnd, Seconds,
};
use crate::report::summary::Counted;
use crate::report::{Document, Month, Names, Period, Report, Scope, csv, page, text};

fn line() -> Phone {
    Phone::from_stored("+31700002586").unwrap()
}

fn service(id: &str) -> ServiceId {
    ServiceId::parse(id).unwrap()
}

fn postcode(number: u16) -> Postcode {
    Postcode::try_from(number).unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn seconds(all: &[u64]) -> Seconds {
    let mut times = Seconds::default();
    all.iter().for_each(|s| times.add(std::time::Duration::from_secs(*s)));
    times
}

/// 60 calls, 43 requests, 35 of them found.
fn busy_day() -> Counts {
    let asked = |id, place, n| (Asked(Some(service(id)), Some(postcode(place))), n);
    Counts {
        calls: 60,
        hours: (9..17)
            .map(|hour| (HourOfWeek { weekday: 0, hour }, 7))
            .chain([(HourOfWeek { weekday: 5, hour: 11 }, 4)])
            .collect(),
        asked: [
            asked("groceries", 2583, 14),
            asked("groceries", 2584, 9),
            asked("dog", 2583, 12),
            asked("dog", 2584, 8),
        ]
        .into(),
        ended: [
            (Ended::Within30, 20),
            (Ended::Within60, 9),
            (Ended::Within180, 6),
            (Ended::Nobody, 5),
            (Ended::CallerLeft, 3),
        ]
        .into(),
        to_first_ring: seconds(&[1; 43]),
        to_connection: seconds(&[12, 15, 18, 20, 22, 25, 25, 28, 29, 30, 31, 44, 59, 75, 120]),
        rings: [(RingEnd::Yes, 35), (RingEnd::No, 20), (RingEnd::NoAnswer, 41), (RingEnd::Busy, 6)]
            .into(),
        worked_out: 24,
        did_not_work_out: 2,
        desk_asked: 12,
        desk_spoken: 9,
        promises_due: 7,
        promises_on_time: 6,
    }
}

fn around() -> Habitat {
    let offers =
        [("groceries", 2583, 11), ("groceries", 2584, 8), ("dog", 2583, 6), ("dog", 2584, 9)];
    Habitat {
        spread: [(0, 10), (1, 12), (2, 8), (4, 5)].into_iter().collect(),
        offers: offers.map(|(id, place, n)| ((service(id), postcode(place)), n)).into(),
    }
}

fn counted(days: &[(&str, Counts)]) -> Counted {
    let lines = |counts: &Counts| BTreeMap::from([(line(), counts.clone())]);
    let months = days.iter().map(|(text, _)| {
        let around = MonthCounts { lines: [(line(), around())].into(), whole: around() };
        (Month::of(day(text)), around)
    });
    Counted {
        months: months.collect(),
        days: days.iter().map(|(text, counts)| (day(text), lines(counts))).collect(),
    }
}

fn report(period: &str, counted: &Counted) -> Report {
    let scope = Scope::new(Some(line()), Period::parse(period).unwrap(), day("2027-02-01"));
    Report::of(scope, counted)
}

fn names() -> Names {
    let services = [("groceries", "boodschappen"), ("dog", "hond uitlaten")];
    Names {
        lines: [(line(), "Burenhulp Scheveningen".to_owned())].into(),
        services: services.map(|(id, name)| (service(id), name.to_owned())).into(),
        places: [(postcode(2583), "Scheveningen, Duindorp".to_owned())].into(),
    }
}

fn document(period: &str, counted: &Counted, language: Language) -> Document {
    Document::of(&report(period, counted), &names(), language)
}

#[test]
fn a_month_reads_like_this() {
    let month = document("2026-11", &counted(&[("2026-11-02", busy_day())]), Language::Nl);
    insta::assert_snapshot!(text::text(&month));
}

#[test]
fn a_year_begins_with_what_a_funder_asks() {
    let days = [("2026-03-02", busy_day()), ("2026-11-02", busy_day())];
    let year = document("2026", &counted(&days), Language::Nl);
    assert_eq!(year.story[0], "In 2026 is Burenhulp Scheveningen 120 keer gebeld.");
    assert_eq!(year.story[2], "70 keer is er iemand gevonden: ongeveer 8 van de 10 keer.");
    assert_eq!(year.sections[0].id, "months");
    assert!(!year.sections.iter().any(|section| section.id == "fairness"), "by month only");
    let months = year.sections[0].table.as_ref().unwrap();
    assert_eq!(months.rows[0].head, "maart");
    assert_eq!(months.rows[0].cells, ["60", "43", "0,50"]);
}

#[test]
fn a_month_without_anything_reads_well() {
    for language in Language::ALL {
        let empty = document("2026-11", &Counted::default(), language);
        assert_eq!(empty.story.len(), 1, "{:?}", empty.story);
        assert!(empty.figures.is_empty() && empty.sections.is_empty());
    }
    let calls = Counts { calls: 9, ..Counts::default() };
    let calls = document("2026-11", &counted(&[("2026-11-02", calls)]), Language::Nl);
    assert_eq!(calls.story[1], "Niemand vroeg om iemand uit de buurt.");
}

#[test]
fn a_very_quiet_month_tells_no_more_than_that() {
    let asked = Asked(Some(service("dog")), Some(postcode(2584)));
    let quiet = Counts {
        calls: 3,
        hours: [(HourOfWeek { weekday: 0, hour: 9 }, 3)].into(),
        asked: [(asked, 2)].into(),
        ended: [(Ended::Within30, 1), (Ended::Nobody, 1)].into(),
        to_first_ring: seconds(&[1, 1]),
        to_connection: seconds(&[17]),
        rings: [(RingEnd::Yes, 1), (RingEnd::No, 1)].into(),
        worked_out: 1,
        ..Counts::default()
    };
    let counted = counted(&[("2026-11-02", quiet)]);
    let report = report("2026-11", &counted);
    assert_eq!(
        (report.tables.found, report.tables.not_found, report.tables.hours),
        (None, None, None)
    );
    assert_eq!((report.worked_out_percent, report.to_connection.median), (None, None));
    let text = text::text(&document("2026-11", &counted, Language::Nl));
    assert!(text.contains("minder dan 5 keer gebeld"), "{text}");
    assert!(!text.contains("17"), "{text}");
}

/// A year whose one month had three requests for a dog: what the year shows beside the other months
/// does not give that away.
#[test]
fn a_year_less_its_months_gives_no_small_number_away() {
    let mut november = busy_day();
    let dog = |place| Asked(Some(service("dog")), Some(postcode(place)));
    november.asked = [
        (dog(2583), 3),
        (Asked(Some(service("groceries")), Some(postcode(2583))), 40),
        (Asked(Some(service("company")), Some(postcode(2583))), 30),
    ]
    .into();
    let counted = counted(&[("2026-03-02", busy_day()), ("2026-11-02", november)]);
    let of = |period, id| {
        let asked = report(period, &counted).tables.asked.unwrap();
        asked
            .services
            .iter()
            .find(|(service, _)| service.as_ref().unwrap().as_str() == id)
            .unwrap()
            .1
            .count()
    };
    assert_eq!((of("2026-03", "dog"), of("2026-11", "dog")), (Some(20), None));
    assert_eq!(of("2026", "dog"), None, "23 less the 20 of March would be the 3 of November");
}

#[test]
fn nothing_in_a_report_is_unkind() {
    let days = [("2026-03-02", busy_day()), ("2026-11-02", busy_day())];
    for language in Language::ALL {
        for period in ["2026-11", "2026", "2026-07"] {
            let text = text::text(&document(period, &counted(&days), language));
            assert_eq!(unkind_word(&text, language), None, "{text}");
        }
    }
}

#[test]
fn every_plot_has_a_name_a_description_and_a_table_under_it() {
    let days = [("2026-03-02", busy_day()), ("2026-11-02", busy_day())];
    let mut plots = 0;
    for period in ["2026-11", "2026"] {
        for section in document(period, &counted(&days), Language::Nl).sections {
            let Some(plot) = &section.plot else { continue };
            plots += 1;
            let svg = roxmltree::Document::parse(plot.svg()).unwrap();
            let root = svg.root_element();
            assert_eq!(root.attribute("role"), Some("img"));
            let named = |tag| {
                root.children()
                    .find(|node| node.has_tag_name(("http://www.w3.org/2000/svg", tag)))
                    .and_then(|node| node.text())
            };
            assert!(named("title").is_some_and(|title| !title.is_empty()));
            assert!(named("desc").is_some_and(|desc| desc.contains("tabel")));
            assert!(
                root.descendants()
                    .any(|node| node.has_tag_name(("http://www.w3.org/2000/svg", "text"))),
                "letters are letters"
            );
            assert!(!plot.svg().contains("style="), "a strict policy allows no inline style");
            assert!(section.table.is_some(), "{}", section.id);
        }
    }
    assert!(plots >= 7, "{plots}");
}

#[test]
fn a_page_escapes_what_an_organisation_may_have_called_things() {
    let mut names = names();
    names.services.insert(service("dog"), "<script>hond</script> & kat".to_owned());
    let counted = counted(&[("2026-11-02", busy_day())]);
    let document = Document::of(&report("2026-11", &counted), &names, Language::Nl);
    let page = page::alone(&document).unwrap();
    assert!(!page.contains("<script>") && page.contains("&#38; kat"), "{page}");
}

#[test]
fn csv_has_a_row_for_every_figure_of_every_table() {
    let document = document("2026-11", &counted(&[("2026-11-02", busy_day())]), Language::Nl);
    let text = csv::csv(&document).unwrap();
    assert!(
        text.contains(";areas;2583 Scheveningen, Duindorp, boodschappen;Vragen;14\r\n"),
        "{text}"
    );
    assert!(
        text.contains(
            ";waiting;mensen gebeld voor elke doorverbinding;Hoe lang of hoe vaak;2,9\r\n"
        ),
        "{text}"
    );
    let mut reader = ::csv::ReaderBuilder::new().delimiter(b';').from_reader(text.as_bytes());
    assert!(reader.records().all(|record| record.unwrap().len() == 5));
}
