//! R13: the Dutch clock, its two odd nights a year, and the Dutch holidays.

use chrono::{Datelike, TimeDelta};
use proptest::prelude::*;

use super::*;
use crate::domain::Language;

const DAY: Duration = Duration::from_secs(24 * 3600);

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).expect(text)
}

fn hours(text: &str) -> Hours {
    Hours::parse(text).expect(text)
}

fn opens(text: &str, now: &str) -> Option<Timestamp> {
    hours(text).next_opening(at(now), DAY * 60)
}

#[test]
fn r13_office_hours_of_an_ordinary_week() {
    let office = hours("Mo-Fr 09:00-17:00; PH off");
    assert!(!office.is_open(at("2026-11-24T08:59:59+01:00")));
    assert!(office.is_open(at("2026-11-24T09:00:00+01:00")));
    assert!(office.is_open(at("2026-11-24T16:59:59+01:00")));
    assert!(!office.is_open(at("2026-11-24T17:00:00+01:00")));
    assert!(!office.is_open(at("2026-11-28T12:00:00+01:00")), "a Saturday");
    assert_eq!(
        office.next_opening(at("2026-11-27T17:30:00+01:00"), DAY * 14),
        Some(at("2026-11-30T09:00:00+01:00"))
    );
    let now = at("2026-11-24T10:00:30+01:00");
    assert_eq!(office.next_opening(now, DAY), Some(now), "open already");
}

#[test]
fn r13_the_night_that_skips_an_hour() {
    // 2026-03-29: 02:00 becomes 03:00.
    let inside = "Mo-Su 02:15-02:45";
    assert_eq!(opens(inside, "2026-03-28T12:00:00+01:00"), Some(at("2026-03-30T02:15:00+02:00")));
    assert!(!hours(inside).is_open(at("2026-03-29T01:30:00Z")), "03:30 on the wall");
    let over = "Mo-Su 02:30-04:00";
    let jump = at("2026-03-29T03:00:00+02:00");
    assert_eq!(opens(over, "2026-03-29T01:00:00+01:00"), Some(jump));
    assert!(!hours(over).is_open(jump - Duration::from_millis(1)));
    assert_eq!(
        opens("Mo-Su 09:00-21:00", "2026-03-28T21:30:00+01:00"),
        Some(at("2026-03-29T09:00:00+02:00"))
    );
}

#[test]
fn r13_the_night_that_has_an_hour_twice() {
    // 2026-10-25: 03:00 becomes 02:00.
    let inside = hours("Mo-Su 02:15-02:45");
    for moment in ["2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00"] {
        assert!(inside.is_open(at(moment)), "{moment}");
    }
    let between = at("2026-10-25T02:50:00+02:00");
    assert!(!inside.is_open(between));
    assert_eq!(inside.next_opening(between, DAY), Some(at("2026-10-25T02:15:00+01:00")));
    assert_eq!(
        opens("Mo-Su 01:00-02:30", "2026-10-25T02:40:00+02:00"),
        Some(at("2026-10-25T02:00:00+01:00")),
        "the clock goes back into a window that had ended"
    );
}

#[test]
fn r13_kings_day_is_on_the_26th_when_the_27th_is_a_sunday() {
    let office = hours("Mo-Su 09:00-17:00; PH off");
    for (day, open) in [
        ("2026-04-27", false),
        ("2026-04-26", true),
        ("2025-04-26", false),
        ("2025-04-27", true),
        ("2031-04-26", false),
        ("2031-04-27", true),
    ] {
        assert_eq!(office.is_open(at(&format!("{day}T12:00:00+02:00"))), open, "{day}");
    }
}

#[test]
fn r13_the_holidays_of_the_law_and_no_others() {
    let office = hours("Mo-Su 00:00-24:00; PH off");
    let mut closed = Vec::new();
    for day in at("2026-01-01").wall_clock().date().iter_days().take(365) {
        if !office.is_open(Timestamp::from_wall_clock(day.and_hms_opt(12, 0, 0).expect("noon"))) {
            closed.push(day.format("%m-%d").to_string());
        }
    }
    assert_eq!(
        closed.join(" "),
        "01-01 04-05 04-06 04-27 05-05 05-14 05-24 05-25 12-25 12-26",
        "New Year, Easter, King's Day, Liberation Day, Ascension, Whitsun, Christmas; \
         Good Friday 04-03 is an ordinary day"
    );
}

#[test]
fn r13_easter_monday_and_the_days_that_hang_on_it_for_six_years() {
    let off = hours("24/7; PH off");
    for (year, monday, ascension, whit_monday) in [
        (2026, "04-06", "05-14", "05-25"),
        (2027, "03-29", "05-06", "05-17"),
        (2028, "04-17", "05-25", "06-05"),
        (2029, "04-02", "05-10", "05-21"),
        (2030, "04-22", "05-30", "06-10"),
        (2031, "04-14", "05-22", "06-02"),
    ] {
        for day in [monday, ascension, whit_monday] {
            assert!(!off.is_open(at(&format!("{year}-{day}T12:00:00+02:00"))), "{year}-{day}");
        }
    }
    assert!(off.is_open(at("2026-04-03T12:00:00+02:00")), "Good Friday");
}

#[test]
fn r13_an_organisation_that_works_on_liberation_day_says_so() {
    let office = hours("Mo-Fr 09:00-17:00; PH off; May 5 09:00-17:00");
    assert!(office.is_open(at("2026-05-05T10:00:00+02:00")));
    assert!(!office.is_open(at("2026-05-14T10:00:00+02:00")), "Ascension");
}

#[test]
fn r13_other_hours_on_sundays_and_holidays() {
    let ringing = hours("Mo-Sa 09:00-21:00; Su,PH 10:00-20:00");
    assert!(!ringing.is_open(at("2026-05-14T09:30:00+02:00")), "Ascension, a Thursday");
    assert!(ringing.is_open(at("2026-05-14T19:59:00+02:00")));
    assert!(!ringing.is_open(at("2026-05-14T20:00:00+02:00")));
    assert!(ringing.is_open(at("2026-05-15T20:30:00+02:00")));
}

#[test]
fn r13_a_window_across_midnight_and_across_the_year() {
    let night = hours("Mo-Su 22:00-02:00");
    assert!(night.is_open(at("2026-12-31T23:59:00+01:00")));
    assert!(night.is_open(at("2027-01-01T01:59:00+01:00")));
    assert!(!night.is_open(at("2027-01-01T02:00:00+01:00")));
    assert_eq!(
        night.next_opening(at("2027-01-01T03:00:00+01:00"), DAY),
        Some(at("2027-01-01T22:00:00+01:00"))
    );
    let year_end = opens("Mo-Fr 09:00-17:00; PH off", "2026-12-31T23:59:00+01:00");
    assert_eq!(year_end, Some(at("2027-01-04T09:00:00+01:00")), "Friday 1 January is a holiday");
}

#[test]
fn hours_that_never_open_are_recognised() {
    let now = at("2026-11-24");
    for text in ["off", "24/7 closed", "2020 Mo-Fr 09:00-17:00", "Mo-Fr 09:00-17:00 unknown"] {
        assert!(hours(text).never_opens_within(14, now), "{text}");
        assert_eq!(hours(text).next_opening(now, Duration::MAX), None, "{text}");
    }
    assert!(hours("Dec 24 10:00-12:00").never_opens_within(14, now));
    assert!(!hours("Dec 1 10:00-12:00").never_opens_within(14, now));
    assert!(!hours("24/7").never_opens_within(0, now));
}

#[test]
fn what_is_unknown_or_depends_on_a_comment_counts_as_closed() {
    let noon = at("2026-11-24T12:00:00+01:00");
    assert!(!hours("Mo-Fr 09:00-17:00 unknown").is_open(noon));
    assert!(!hours("\"by appointment\"").is_open(noon));
    assert!(!hours("Mo-Fr 09:00-17:00 open \"if at home, also in SH\"").is_open(noon));
    assert!(hours("Mo-Fr 09:00-17:00; Sa \"if at home\"").is_open(noon), "only that rule");
}

#[test]
fn a_fault_is_told_in_one_line_with_its_place() {
    for (text, part) in [
        ("Mo-Fx 09:00-17:00", "at character"),
        ("maandag tot vrijdag", "at character"),
        ("", "nothing is written"),
        ("   ", "nothing is written"),
        ("Mo-Fr sunrise-sunset", "the sun is not known"),
        ("Mo-Fr 09:00-17:00; SH off", "school holidays"),
        ("Mo 09:00-17:00,10:00-11:00", "inside another"),
        ("Mo 22:00-06:00,23:00-01:00", "inside another"),
        ("2030-2020 Mo", "nverted"),
        (&"Mo,".repeat(200), "600 characters are too many"),
    ] {
        let fault = Hours::parse(text).expect_err(text).to_string();
        assert!(fault.contains(part), "{text}: {fault}");
        assert!(!fault.contains('\n'), "{fault}");
        assert!(fault.contains("write them like"), "{fault}");
    }
    assert!(Hours::parse("Mo 09:00-12:00,13:00-17:00").is_ok());
}

#[test]
fn nobody_is_rung_around_the_silence_of_4_may() {
    for (moment, silent) in [
        ("2026-05-04T19:54:59+02:00", false),
        ("2026-05-04T19:55:00+02:00", true),
        ("2026-05-04T19:58:00+02:00", true),
        ("2026-05-04T20:04:59+02:00", true),
        ("2026-05-04T20:05:00+02:00", false),
        ("2026-05-05T20:00:00+02:00", false),
        ("2026-04-04T20:00:00+02:00", false),
        ("2026-05-04T20:00:00Z", false),
    ] {
        assert_eq!(quiet(at(moment)), silent, "{moment}");
    }
}

#[test]
fn the_day_of_a_promise_in_words() {
    let now = at("2026-12-28T23:30:00+01:00");
    for (then, nl, en) in [
        ("2026-12-28T23:59:00+01:00", "vandaag", "today"),
        ("2026-12-29T00:10:00+01:00", "morgen", "tomorrow"),
        ("2026-12-30T09:00:00+01:00", "woensdag", "on Wednesday"),
        ("2027-01-03T09:00:00+01:00", "zondag", "on Sunday"),
        ("2027-01-04T09:00:00+01:00", "op maandag 4 januari", "on Monday 4 January"),
        ("2026-12-27T09:00:00+01:00", "op zondag 27 december", "on Sunday 27 December"),
    ] {
        assert_eq!(day_in_words(now, at(then), Language::Nl), nl);
        assert_eq!(day_in_words(now, at(then), Language::En), en);
    }
}

/// Text in and just outside the language, to reach deep into the parser and the evaluation.
fn near_hours() -> impl Strategy<Value = String> {
    let dates = prop::sample::select(vec![
        "",
        "Jan ",
        "Feb 29 ",
        "Dec 31 ",
        "easter ",
        "easter +1 day ",
        "easter -9999 days ",
        "Dec 31 +9999 days ",
        "week 01 ",
        "week 53 ",
        "week 1-53/2 ",
        "week 50-53 ",
        "2026 ",
        "2026-2030/2 ",
        "2026+ ",
        "Feb 30-Mar 1 ",
        "Dec 20-Jan 5 ",
        "Feb 29-Feb 29 ",
        "2027 Jan 1-2026 Dec 1 ",
        "May Su[-1] ",
        "Oct Mo[5] ",
        "Feb 31 ",
    ]);
    let days = prop::sample::select(vec![
        "",
        "Mo-Fr ",
        "Sa-Mo ",
        "PH ",
        "Su,PH ",
        "PH +1 day ",
        "PH -9999 days ",
        "Mo[1] ",
        "Fr[-1] ",
        "Su[5] ",
        "Mo[1] +9999 days ",
        "We,Fr ",
    ]);
    let times = prop::sample::select(vec![
        "",
        "09:00-17:00",
        "22:00-02:00",
        "22:00-26:00",
        "10:00-48:00",
        "00:00-24:00",
        "12:00+",
        "10:00-18:00/30",
        "09:00-12:00,13:00-17:00",
        "02:00-03:00",
        "24:00-24:00",
        "9:00-9:00",
    ]);
    let states =
        prop::sample::select(vec!["", "", "", " off", " open", " unknown", " \"x\"", "24/7"]);
    let joins = prop::sample::select(vec!["; ", ", ", " || ", ";", ""]);
    let rule = (dates, days, times, states, joins)
        .prop_map(|(date, day, time, state, join)| [date, day, time, state, join].concat());
    prop::collection::vec(rule, 1..5)
        .prop_map(|rules| rules.concat().trim_end_matches([';', ',', '|', ' ']).to_owned())
}

fn survives(text: &str, now: Timestamp) -> Result<(), TestCaseError> {
    let Ok(hours) = Hours::parse(text) else { return Ok(()) };
    let open = hours.is_open(now);
    let next = hours.next_opening(now, DAY * 40);
    prop_assert_eq!(open, next == Some(now));
    if let Some(next) = next {
        prop_assert!(next >= now && hours.is_open(next));
        if next > now {
            prop_assert!(!hours.is_open(next - Duration::from_millis(1)), "it opened earlier");
        }
    }
    prop_assert_eq!(Hours::parse(hours.as_str()), Ok(hours.clone()));
    Ok(())
}

proptest! {
    #[test]
    fn arbitrary_text_never_panics(text in any::<String>(), minute in 0_i64..60_000_000) {
        survives(&text, Timestamp(minute * 60_000))?;
    }

    #[test]
    fn text_near_the_language_never_panics_and_opens_when_it_says(
        text in near_hours(),
        minute in 29_000_000_i64..32_000_000,
    ) {
        survives(&text, Timestamp(minute * 60_000))?;
    }

    #[test]
    fn the_next_opening_is_the_first_minute_that_is_open(
        start in 0_u32..1440, length in 1_u32..1440, minute in 0_i64..3 * 1440,
    ) {
        let end = (start + length) % 1440;
        let clock = |m: u32| format!("{:02}:{:02}", m / 60, m % 60);
        let hours = hours(&format!("Mo-Su {}-{}", clock(start), clock(end)));
        for first_day in ["2026-03-28", "2026-10-24"] {
            let now = at(first_day) + Duration::from_secs(60 * minute.unsigned_abs());
            let by_minutes = (0..2 * 1440)
                .map(|m| now + Duration::from_secs(60 * m))
                .find(|at| hours.is_open(*at));
            prop_assert_eq!(hours.next_opening(now, DAY * 3), by_minutes);
        }
    }
}

#[test]
fn a_calendar_of_our_own_agrees_with_the_librarys_until_2076() {
    let off = hours("24/7; PH off");
    for year in 2025..=2076 {
        let easter = easter(year);
        let kings = chrono::NaiveDate::from_ymd_opt(year, 4, 27).expect("a date");
        let sunday = kings.weekday() == chrono::Weekday::Sun;
        let kings = if sunday { kings - TimeDelta::days(1) } else { kings };
        let fixed = [(1, 1), (5, 5), (12, 25), (12, 26)]
            .map(|(month, day)| chrono::NaiveDate::from_ymd_opt(year, month, day).expect("a date"));
        let moving = [0, 1, 39, 49, 50].map(|days| easter + TimeDelta::days(days));
        let first = chrono::NaiveDate::from_ymd_opt(year, 1, 1).expect("a date");
        for day in first.iter_days().take_while(|day| day.year() == year) {
            let noon = Timestamp::from_wall_clock(day.and_hms_opt(12, 0, 0).expect("noon"));
            let holiday = day == kings || fixed.contains(&day) || moving.contains(&day);
            assert_eq!(off.is_open(noon), !holiday, "{day}");
        }
    }
}

/// Easter Sunday of the Gregorian calendar (the anonymous computus).
fn easter(year: i32) -> chrono::NaiveDate {
    let (a, b, c) = (year % 19, year / 100, year % 100);
    let (d, e) = (b / 4, b % 4);
    let f = (b + 8) / 25;
    let g = (b - f + 1) / 3;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let (month, day) = ((h + l - 7 * m + 114) / 31, (h + l - 7 * m + 114) % 31 + 1);
    chrono::NaiveDate::from_ymd_opt(year, month.unsigned_abs(), day.unsigned_abs()).expect("Easter")
}

#[test]
fn an_expression_that_would_keep_the_parser_busy_for_ever_is_refused() {
    // Each of these triples the time of the one before it; twelve took three seconds.
    for unit in ["Jan Mo[1],", "jan mo[1],", "Jan Mo[1]-Feb Tu[-1],", "2027 Jan Mo[1] +1 day,"] {
        let fault = Hours::parse(&unit.repeat(20)).expect_err(unit).to_string();
        assert!(fault.contains("more than 4 dates like"), "{fault}");
    }
    assert!(Hours::parse("Jan Mo[1],Apr Mo[1],Jul Mo[1],Oct Mo[1] 09:00-12:00").is_ok());
    assert!(Hours::parse("Mo[1],Tu[2],We[3],Th[4],Fr[-1],Sa[1] 09:00-12:00").is_ok());
}
