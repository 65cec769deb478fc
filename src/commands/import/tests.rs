//! Stories of files that are right and of files that are not.

use proptest::prelude::*;

use super::*;
use crate::domain::{Language, Numbering, OtherPlace, Phone, ServiceId, Timestamp};

const PARTICIPANTS: &[u8] = include_bytes!("../../../fixtures/participants.csv");
const BAD_PARTICIPANTS: &[u8] = include_bytes!("../../../fixtures/bad-participants.csv");
const PLACES: &[u8] = include_bytes!("../../../fixtures/places.csv");
const HEADER: &str = "name,phone,postcode,services,hours,languages,min_km,max_km,max_per_day,\
                      max_per_week,opted_in_at,opted_in_via,verified_at";

fn people(file: impl AsRef<[u8]>) -> Result<Vec<ParticipantRow>, Faults> {
    let services = ["groceries", "odd-job", "transport", "company", "dog", "paperwork", "digital"]
        .map(|id| ServiceId::parse(id).expect("an id"));
    let lines = [phone("+31700002586")];
    let rules = participants::Rules {
        numbering: Numbering::NlFixtures,
        lines: &lines,
        services: &services,
        now: Timestamp::parse("2026-11-24T10:00:00+01:00").expect("a time"),
    };
    participants::read(file.as_ref(), &rules, &mut |_| {})
}

fn places_of(file: impl AsRef<[u8]>) -> Result<Vec<PlaceRow>, Faults> {
    places::read(file.as_ref(), &mut |_| {})
}

fn phone(text: &str) -> Phone {
    Phone::parse(text, Numbering::NlFixtures).expect("a fixture number")
}

/// The faults as a person reads them.
fn told<T: std::fmt::Debug>(outcome: Result<T, Faults>) -> Vec<String> {
    outcome.expect_err("faults").iter().map(ToString::to_string).collect()
}

fn one_row(row: &str) -> Vec<String> {
    told(people(format!("{HEADER}\n{row}\n")))
}

#[test]
fn the_fixtures_import_without_a_fault() {
    let rows = people(PARTICIPANTS).expect("no fault");
    assert!(rows.len() >= 220, "{} people", rows.len());
    let places = places_of(PLACES).expect("no fault");
    for row in &rows {
        assert!(
            places.iter().any(|place| place.postcode == row.postcode),
            "line {}: {} has no place",
            row.line,
            row.postcode
        );
    }
    let never_rung =
        rows.iter().filter(|r| r.opted_in_at.is_none() || r.verified_at.is_none()).count();
    assert!((1..20).contains(&never_rung), "{never_rung} are never rung");
}

#[test]
fn the_people_of_the_scenarios_are_among_the_fixtures() {
    let rows = people(PARTICIPANTS).expect("no fault");
    let named = |name: &str| rows.iter().find(|row| row.name == name).expect(name);
    let bos = named("Meneer Bos");
    assert_eq!((bos.min_m, bos.max_per_week, bos.postcode.number()), (500, 2, 2584));
    let offers = |row: &&ParticipantRow, id: &str| row.services.iter().any(|s| s.as_str() == id);
    let only_one = |netnummer: &str, id: &str| {
        let mut found = rows
            .iter()
            .filter(|row| row.phone.e164().starts_with(netnummer))
            .filter(|row| offers(row, id));
        let one = found.next().expect("somebody").name.clone();
        assert!(found.next().is_none(), "more than one offers {id}");
        one
    };
    assert_eq!(only_one("+31519", "digital"), "Sjoerd");
    assert_eq!(only_one("+31570", "dog"), "Gerrit");
    assert_eq!(named("Gerrit").postcode.number(), 7434);
    assert_eq!(named("Willemien").postcode.number(), 7437);
    assert!(named("Kim").opted_in_at.is_none());
    assert!(named("Johanna").verified_at.is_none());
}

#[test]
fn every_bad_row_is_named_with_its_line_and_the_reason() {
    let faults = people(BAD_PARTICIPANTS).expect_err("faults");
    let expected = "\
line 3, phone: only Dutch numbers are rung; this one is foreign
line 4, phone: this kind of number is never rung: only fixed, mobile, 085 and 091 numbers are
line 5, phone: short and emergency numbers are never rung
line 6, postcode: a postcode is four digits, 1000 to 9999; letters may follow
line 7, services: number 2 is not a service of the catalogue; known are groceries, odd-job, transport, company, dog, paperwork, digital
line 8, hours: hours cannot be read: it stops making sense at character 1; write them like \"Mo-Fr 09:00-17:00; PH off\"
line 9, phone: the same number as on line 10; keep one of the rows
line 10, phone: the same number as on line 9; keep one of the rows
line 11, languages: write nl, en or \"nl;en\"
line 12, max_km: must be more than min_km
line 13, name: holds a line break, markup or a character that cannot be seen
line 13, max_km: write kilometres from 0 to 100, for example 2 or 0.5
line 15, max_per_day: write a whole number from 1 to 20
line 15, max_per_week: write a whole number from 1 to 50
line 16, opted_in_at: lies in the future
line 16, opted_in_via: write phone, web, desk or paper
line 16, verified_at: write a date like 2026-04-27, or a time like 2026-04-27T10:00:00+02:00
line 17, opted_in_via: is missing, while opted_in_at is filled in
line 18: 8 fields, but the header has 13
line 20, name: is missing
line 20, phone: is missing
line 20, postcode: a postcode is four digits, 1000 to 9999; letters may follow
line 21, name: holds a line break, markup or a character that cannot be seen
line 21, phone: this is a number of the exchange itself
24 faults in 17 rows; nothing was imported";
    assert_eq!(faults.to_string(), expected);
}

#[test]
fn a_fault_never_repeats_what_stands_in_the_field() {
    // Slipped by one column: the number lies under `name`, the name under `verified_at`.
    let slipped = one_row(
        "+31700010001,2584,groceries,0700010001,nl,0700010001,3,4,,2024-03-01,phone,0700010001,Aaltje",
    );
    assert!(slipped.len() >= 8, "{slipped:?}");
    for fault in slipped {
        assert!(!fault.contains("0001") && !fault.contains("Aaltje"), "{fault}");
    }
    let no_header = told(people("Aaltje,+31700010001,2584\n")).join(" ");
    assert!(
        no_header.starts_with("line 1: this is not a header; the first line must be: name,phone")
    );
    assert!(!no_header.contains("0001") && !no_header.contains("Aaltje"));
    let half_a_header = told(people("name,+31700010001\n")).join(" ");
    assert!(half_a_header.contains("unknown in the header: column 2"), "{half_a_header}");
}

#[test]
fn an_empty_field_means_the_default() {
    let rows = people(format!("{HEADER}\nAaltje,070 001 0001,2584 AB,,,,,,,,,,\n")).expect("a row");
    let [row] = &rows[..] else { panic!("one row") };
    assert_eq!(row.phone.e164(), "+31700010001");
    assert_eq!(row.postcode.number(), 2584);
    assert!(row.services.is_empty());
    assert_eq!(row.hours.as_str(), "24/7");
    assert_eq!(row.languages, [Language::Nl]);
    assert_eq!((row.min_m, row.max_m), (0, 5_000));
    assert_eq!((row.max_per_day, row.max_per_week), (2, 4));
    assert_eq!((row.opted_in_at, row.opted_in_via, row.verified_at), (None, None, None));
}

#[test]
fn services_come_in_the_order_of_the_catalogue_and_once() {
    let row = "Bart,+31700010001,2584,dog; groceries ;dog;,,en;nl;en,,,,,,,";
    let rows = people(format!("{HEADER}\n{row}\n")).expect("a row");
    let ids: Vec<&str> = rows[0].services.iter().map(ServiceId::as_str).collect();
    assert_eq!(ids, ["groceries", "dog"]);
    assert_eq!(rows[0].languages, [Language::En, Language::Nl]);
}

#[test]
fn somebody_may_do_something_near_their_work_too() {
    let read = |field: &str| {
        let row = format!("Fatima,+31700010001,2531,groceries;dog,,,,,,,,,,{field}");
        people(format!("{HEADER},other_places\n{row}\n"))
    };
    let places = |field: &str| {
        let row = read(field).expect("a row").swap_remove(0);
        let place = |place: OtherPlace| {
            let ids: Vec<_> = place.services.iter().map(ServiceId::as_str).collect();
            format!("{}: {}", place.postcode, ids.join(" "))
        };
        row.elsewhere.expect("the file has the column").into_iter().map(place).collect::<Vec<_>>()
    };
    assert_eq!(places(""), [""; 0]);
    assert_eq!(places("2516"), ["2516: groceries dog"], "the same as at home");
    assert_eq!(
        places("2521 dog company; 2516 groceries"),
        ["2516: groceries", "2521: company dog"]
    );
    for (field, why) in [
        ("2516 flying", "number 1: number 1 is not a service"),
        ("25", "number 1: a postcode is four digits"),
        ("2516;2531 dog", "number 2 is home"),
        ("2516 dog;2516 dog", "number 2 is home, or stands there twice"),
        ("2516;2521;2522", "at most 2"),
    ] {
        let told = told(read(field));
        assert!(told[0].contains(&format!("line 2, other_places: {why}")), "{told:?}");
    }
    // A file without the column says nothing of it.
    let rows = people(format!("{HEADER}\nFatima,+31700010001,2531,,,,,,,,,,\n")).expect("a row");
    assert_eq!(rows[0].elsewhere, None);
}

#[test]
fn what_a_spreadsheet_program_saves_is_read() {
    let header = HEADER.replace(',', ";").to_uppercase();
    let row = "Zoë;+31700010001;2584;\"dog;company\";\"Tu,Th 09:00-13:00\";nl;0,5;2,5;;;;;";
    let empty = ";".repeat(12);
    let file = format!("\u{feff}{header}\r\n{row}\r\n{empty}\r\n\r\n");
    let rows = people(file).expect("a row");
    let [row] = &rows[..] else { panic!("one row") };
    assert_eq!((row.name.as_str(), row.services.len()), ("Zoë", 2));
    assert_eq!((row.min_m, row.max_m), (500, 2_500));
    assert_eq!(row.hours.as_str(), "Tu,Th 09:00-13:00");
}

#[test]
fn columns_may_stand_in_any_order() {
    let mut names: Vec<&str> = HEADER.split(',').collect();
    names.reverse();
    let row = ",,,,,,,,,,2584,+31700010001,Cees";
    let rows = people(format!("{}\n{row}\n", names.join(","))).expect("a row");
    assert_eq!((rows[0].name.as_str(), rows[0].postcode.number()), ("Cees", 2584));
}

#[test]
fn a_wrong_header_names_every_column_that_is_missing_unknown_or_double() {
    let header = HEADER.replace("hours", "availability").replace("languages", "name");
    assert_eq!(
        told(people(format!("{header}\nDora,,,,,,,,,,,,\n"))),
        [
            "line 1: missing in the header: hours, languages".to_owned(),
            format!(
                "line 1: unknown in the header: availability; the first line must be: {HEADER}"
            ),
            "line 1: twice in the header: name".to_owned(),
        ]
    );
    let extra = told(people(format!("{HEADER},age\n")));
    assert!(extra[0].contains("unknown in the header: age"), "{extra:?}");
    assert!(told(people(""))[0].starts_with("line 1: the file is empty; the first line must be"));
}

#[test]
fn lines_are_counted_as_an_editor_counts_them() {
    let good = "\"Els\",+31700010001,2584,,\"Mo-Fr 09:00-12:00;\n PH off\",,,,,,,,";
    for end in ["\n", "\r\n", "\r"] {
        let good = good.replace('\n', end);
        // Line 1 is the header, 2 is empty, the good row takes 3 and 4, 5 and 6 are empty.
        let rows = [HEADER, "", &good, "", "", "Fien,,2584,,,,,,,,,,"];
        let faults = told(people(rows.join(end)));
        assert_eq!(faults, ["line 7, phone: is missing"], "{end:?}");
    }
}

#[test]
fn a_quotation_mark_that_is_never_closed_is_suspected() {
    let rows = "Guus,+31700010001,2584,,,,,,,,,,\nIvo,+31700010002,\"2584,,,,,,,,,,\nJan,,,\n";
    let faults = told(people(format!("{HEADER}\n{rows}")));
    let suspected = "line 3: 3 fields, but the header has 13; is a closing quotation mark missing?";
    assert_eq!(faults, [suspected]);
}

#[test]
fn a_file_that_is_not_utf_8_is_named_by_line_and_by_what_to_do() {
    let mut file = format!("{HEADER}\nKarim,+31700010001,2584,,,,,,,,,,\nZo").into_bytes();
    file.extend(b"\xeb,+31700010002,2584,,,,,,,,,,\nLeo,,2584,,,,,,,,,,\n");
    let faults = told(people(file));
    assert!(faults[0].starts_with("line 3: not UTF-8 text; save the file as \"CSV UTF-8\""));
    assert_eq!(faults[1], "line 4, phone: is missing");
    assert!(told(people(b"\xff\xfen\0a\0"))[0].starts_with("line 1: this is UTF-16"));
    assert!(told(people(b"PK\x03\x04rest"))[0].contains("save it as \"CSV UTF-8\" first"));
}

#[test]
fn a_number_three_times_is_a_fault_in_all_three_rows_however_it_is_written() {
    let rows = ["070 001 0001", "+31700010001", "0031 70 0010001"]
        .map(|number| format!("Mia,{number},2584,,,,,,,,,,\n"));
    assert_eq!(
        told(people(format!("{HEADER}\n{}", rows.concat()))),
        [
            "line 2, phone: the same number as on line 3, 4; keep one of the rows",
            "line 3, phone: the same number as on line 2; keep one of the rows",
            "line 4, phone: the same number as on line 2; keep one of the rows",
        ]
    );
}

#[test]
fn a_fixture_number_is_refused_where_the_telephones_are_real() {
    let rules = participants::Rules {
        numbering: Numbering::Nl,
        lines: &[],
        services: &[],
        now: Timestamp::parse("2026-11-24").expect("a day"),
    };
    let file = format!("{HEADER}\nNora,+31700010001,2584,,,,,,,,,,\n");
    let faults = told(participants::read(file.as_bytes(), &rules, &mut |_| {}));
    assert_eq!(faults.len(), 1);
    assert!(faults[0].starts_with("line 2, phone: this is a test number"), "{faults:?}");
}

#[test]
fn a_date_without_a_time_is_dutch_midnight_and_today_is_not_the_future() {
    let file =
        format!("{HEADER}\nOlga,+31700010001,2584,,,,,,,,2026-11-24,web,2026-11-24T08:59:00Z");
    let rows = people(file).expect("a row");
    assert_eq!(rows[0].opted_in_at, Timestamp::parse("2026-11-24T00:00:00+01:00"));
    assert_eq!(
        one_row("Olga,+31700010001,2584,,,,,,,,0206-03-01,web,2026-11-24T09:01:00Z"),
        [
            "line 2, opted_in_at: lies before the year 2000",
            "line 2, verified_at: lies in the future"
        ]
    );
}

#[test]
fn names_are_tidied_and_markup_is_refused() {
    let rows = people(format!("{HEADER}\n\"  Anne   Marie \",+31700010001,2584,,,,,,,,,,\n"));
    assert_eq!(rows.expect("a row")[0].name, "Anne Marie");
    for bad in
        ["Jan<br>", "Ja\tn", "{{naam}}", "J\u{202e}an", "\u{7}", "123", "=Jan()", &"n".repeat(61)]
    {
        let faults = one_row(&format!("\"{bad}\",+31700010001,2584,,,,,,,,,,"));
        assert_eq!(faults.len(), 1, "{bad:?}");
        assert!(faults[0].starts_with("line 2, name: "), "{bad:?}: {faults:?}");
    }
}

#[test]
fn places_outside_the_country_or_given_twice_are_faults() {
    let file = "postcode,place,neighbourhood,lat,lon
2584,Scheveningen,Scheveningen-Dorp,52.1024,4.2812
2586,Scheveningen,,4.2815,52.1097
2584,Den Haag,,52.1,4.28
2587,,,52.1,
99999,Nergens,,52.1,4.28
";
    assert_eq!(
        told(places_of(file)),
        [
            "line 2, postcode: the same postcode as on line 4; keep one",
            "line 3, lat: write degrees from 50.7 to 53.7, as they are in the Netherlands",
            "line 3, lon: write degrees from 3.2 to 7.3, as they are in the Netherlands",
            "line 4, postcode: the same postcode as on line 2; keep one",
            "line 5, place: is missing",
            "line 5, lon: write degrees from 3.2 to 7.3, as they are in the Netherlands",
            "line 6, postcode: a postcode is four digits, 1000 to 9999; letters may follow",
        ]
    );
}

#[test]
fn geonames_is_recognised_and_averaged_per_four_digits() {
    let file = "NL\t2584 AA\tDen Haag\tZuid-Holland\t11\tDen Haag\t0518\t\t\t52.10\t4.28\t6
NL\t2584 AB\tScheveningen\tZuid-Holland\t11\tDen Haag\t0518\t\t\t52.11\t4.29\t
NL\t2584 AC\tScheveningen\tZuid-Holland\t11\tDen Haag\t0518\t\t\t52.12\t4.30\t6
NL\t7434\tLettele\tOverijssel\t15\tDeventer\t0150\t\t\t52.2765\t6.272\t
";
    let rows = places_of(file).expect("rows");
    let short: Vec<_> =
        rows.iter().map(|r| (r.postcode.number(), &r.name[..], r.lat, r.lon)).collect();
    assert_eq!(short, [(2584, "Scheveningen", 52.11, 4.29), (7434, "Lettele", 52.2765, 6.272)]);
    let wrong = "NL\t2584\tDen Haag\nDE\t01067\tDresden\t\t\t\t\t\t\t51.0\t13.7\t4\n";
    assert_eq!(
        told(places_of(wrong)),
        [
            "line 1: 3 fields, but GeoNames has 11 or 12",
            "line 2, country: is not NL; only the file NL.txt can be read",
        ]
    );
}

#[test]
fn five_thousand_people_are_read_in_the_order_of_the_file() {
    let mut file = format!("{HEADER}\n");
    for n in 0..5_000 {
        let area = 2500 + n % 90;
        file += &format!(
            "Toos,+3170{n:07},{area},groceries;dog,Mo-Fr 09:00-12:00; PH off,nl,,3,,,,,\n"
        );
    }
    let mut told = Vec::new();
    let services = ["groceries", "dog"].map(|id| ServiceId::parse(id).expect("an id"));
    let rules = participants::Rules {
        numbering: Numbering::NlFixtures,
        lines: &[],
        services: &services,
        now: Timestamp::parse("2026-11-24").expect("a day"),
    };
    let rows = participants::read(file.as_bytes(), &rules, &mut |bytes| told.push(bytes));
    let rows = rows.expect("rows");
    assert_eq!(rows.len(), 5_000);
    assert!(rows.windows(2).all(|two| two[0].phone < two[1].phone));
    assert!(told.is_sorted() && told.len() > 10 && told.last() == Some(&file.len()));
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(file in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = people(&file);
        let _ = places_of(&file);
        let _ = places_of([b"NL\t2", &file[..]].concat());
    }

    #[test]
    fn arbitrary_text_under_a_header_never_panics_and_faults_are_inside_the_file(
        body in "([a-z0-9 \",;\n\r\t<+.:-]|[0-9]{4}|é|Mo-Fr|24/7|\\PC){0,80}"
    ) {
        let file = format!("{HEADER}\n{body}");
        let lines = file.replace("\r\n", "\n").replace('\r', "\n").split('\n').count() as u64;
        if let Err(faults) = people(&file) {
            for fault in faults.iter() {
                prop_assert!((1..=lines).contains(&fault.line), "{fault} of {lines} lines");
            }
        }
        let _ = places_of(format!("postcode,place,neighbourhood,lat,lon\n{body}"));
    }

    #[test]
    fn one_spoiled_row_among_good_ones_is_the_one_that_is_named(good in 1usize..30, at in 0usize..30) {
        let at = at % good;
        let rows = (0..good).map(|n| {
            let postcode = if n == at { "0584" } else { "2584" };
            format!("Wim,+3170001{n:04},{postcode},,\"Mo-Fr 09:00-12:00;\n PH off\",,,,,,,,\n")
        });
        let file = format!("{HEADER}\n{}", rows.collect::<String>());
        let faults = people(file).expect_err("a fault");
        let named: Vec<u64> = faults.iter().map(|fault| fault.line).collect();
        prop_assert_eq!(named, vec![2 + 2 * at as u64]);
    }
}
