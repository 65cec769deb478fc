//! Plan, expression, sentence, and back.

use proptest::prelude::*;

use super::*;
use crate::domain::Language;

fn hours(text: &str) -> Hours {
    Hours::parse(text).expect(text)
}

fn any_plan() -> impl Strategy<Value = WeekPlan> {
    (any::<[[bool; 3]; 7]>(), any::<bool>())
        .prop_map(|(ticks, not_on_holidays)| WeekPlan { ticks, not_on_holidays })
}

#[test]
fn a_plan_is_stored_as_a_short_expression() {
    let office =
        WeekPlan { not_on_holidays: true, ..WeekPlan::on(0..5, &[Part::Morning, Part::Afternoon]) };
    assert_eq!(office.hours().as_str(), "Mo-Fr 09:00-17:00; PH off");
    let odd = {
        let mut plan = WeekPlan::on([0, 2, 3], &[Part::Morning, Part::Evening]);
        plan.tick(6, Part::Afternoon, true);
        plan
    };
    assert_eq!(odd.hours().as_str(), "Mo,We-Th 09:00-12:00,17:00-21:00; Su 12:00-17:00");
    assert_eq!(WeekPlan::on(0..7, &Part::ALL).hours().as_str(), "Mo-Su 09:00-21:00");
}

#[test]
fn an_empty_plan_means_never_and_is_recognised() {
    let never = WeekPlan::default();
    assert!(never.is_never());
    assert_eq!(never.hours().as_str(), "off");
    assert!(never.hours().never_opens_within(366, crate::domain::Timestamp(0)));
    assert_eq!(WeekPlan::of(&hours("24/7 closed")), Some(never));
    assert_eq!(in_words(&hours("off"), Language::Nl), "nooit");
    assert_eq!(in_words(&hours("off"), Language::En), "never");
}

#[test]
fn what_no_plan_can_say_is_not_made_into_one() {
    for text in [
        "24/7",
        "Mo-Fr 18:00-21:00",
        "Mo-Fr 09:00-13:00",
        "Mo-Fr 09:00-17:00; Dec 24 off",
        "2031 Mo-Fr 09:00-17:00",
        "week 1-53/2 Mo 09:00-12:00",
        "Mo[1] 09:00-12:00",
        "Mo-Fr 09:00-12:00 \"if at home\"",
        "Mo-Fr 09:00-12:00; PH 09:00-12:00",
        "Mo-Fr 09:00-12:00; PH +1 day off",
        "Mo-Su 21:00-09:00",
        "Mo 12:00+",
    ] {
        assert_eq!(WeekPlan::of(&hours(text)), None, "{text}");
    }
    let as_written = WeekPlan::of(&hours("Su,Mo 09:00-12:00,12:00-17:00"));
    assert_eq!(as_written, Some(WeekPlan::on([0, 6], &[Part::Morning, Part::Afternoon])));
}

#[test]
fn hours_as_they_are_said() {
    for (text, nl, en) in [
        (
            "Mo,We 09:00-17:00",
            "op maandag en woensdag, van negen tot vijf uur",
            "on Monday and Wednesday, from nine to five",
        ),
        (
            "Mo-Fr 18:00-21:00",
            "van maandag tot en met vrijdag, van zes tot negen uur 's avonds",
            "Monday to Friday, from six to nine in the evening",
        ),
        (
            "Mo-Su 09:00-21:00; PH off",
            "elke dag, van negen uur 's ochtends tot negen uur 's avonds; niet op feestdagen",
            "every day, from nine in the morning to nine in the evening; not on public holidays",
        ),
        (
            "Mo-We,Fr 09:30-12:00,13:00-16:45; Sa-Su 10:00-12:30",
            "van maandag tot en met woensdag en op vrijdag, van half tien tot twaalf uur en van één \
             tot kwart voor vijf 's middags; in het weekend, van tien tot half één",
            "Monday to Wednesday and on Friday, from half past nine to twelve and from one to a \
             quarter to five in the afternoon; at the weekend, from ten to half past twelve",
        ),
        ("24/7", "elke dag, de hele dag", "every day, all day"),
        (
            "Mo-Sa 09:00-17:00; Su,PH 10:00-16:00",
            "van maandag tot en met zaterdag, van negen tot vijf uur; op zondag, van tien tot vier \
             uur; op feestdagen, van tien tot vier uur",
            "Monday to Saturday, from nine to five; on Sunday, from ten to four; on public \
             holidays, from ten to four",
        ),
        (
            "Fr 20:00-24:00; Sa 00:00-02:10",
            "op vrijdag, van acht uur 's avonds tot middernacht; op zaterdag, van middernacht tot \
             10 minuten over twee 's nachts",
            "on Friday, from eight in the evening to midnight; on Saturday, from midnight to 10 \
             minutes past two at night",
        ),
        ("Dec 24 10:00-12:00", "op uw eigen tijden", "at times of your own"),
    ] {
        assert_eq!(in_words(&hours(text), Language::Nl), nl, "{text}");
        assert_eq!(in_words(&hours(text), Language::En), en, "{text}");
    }
}

#[test]
fn the_sample_holidays_are_holidays_on_their_weekdays() {
    let holidays = hours("PH").week().expect("every holiday alike");
    assert!(holidays.days.iter().all(Vec::is_empty), "and the sample week has none");
    assert_eq!(holidays.holidays, Holidays::Own(vec![(0, 1440)]));
}

proptest! {
    #[test]
    fn plan_to_expression_and_back_is_the_same_plan(plan in any_plan()) {
        let back = WeekPlan::of(&plan.hours()).expect("a plan is a plan");
        let expected = WeekPlan { not_on_holidays: plan.not_on_holidays && !plan.is_never(), ..plan };
        prop_assert_eq!(back, expected);
    }

    #[test]
    fn the_sentence_says_exactly_the_open_hours(
        week in prop::array::uniform7(any_windows()),
        holidays in prop::option::of(any_windows()),
    ) {
        let mut rules: Vec<String> = week.iter().enumerate()
            .filter(|(_, windows)| !windows.is_empty())
            .map(|(day, windows)| format!("{} {}", SHORT[day], times(windows)))
            .collect();
        if let Some(windows) = &holidays {
            rules.push(if windows.is_empty() { "PH off".into() } else { format!("PH {}", times(windows)) });
        }
        prop_assume!(!rules.is_empty());
        let hours = hours(&rules.join("; "));
        let said = hours.week().expect("it repeats every week");
        prop_assert_eq!(&said.days, &week);
        for language in Language::ALL {
            let sentence = in_words(&hours, language);
            let understood = listen::week(&sentence, language);
            prop_assert_eq!(understood.as_ref(), Some(&said), "{}", sentence);
        }
    }

    #[test]
    fn anything_that_can_be_written_can_be_said(text in "[A-Za-z0-9:;,\\[\\] +-]{0,40}") {
        if let Ok(hours) = Hours::parse(&text) {
            let plan = WeekPlan::of(&hours);
            prop_assert!(!in_words(&hours, Language::Nl).is_empty());
            if let Some(plan) = plan {
                prop_assert_eq!(plan.hours().week(), hours.week());
            }
        }
    }
}

/// Up to three windows a day, at any minute, that do not touch.
fn any_windows() -> impl Strategy<Value = Windows> {
    prop_oneof![
        1 => Just(vec![(0, 1440)]),
        2 => Just(vec![]),
        6 => prop::collection::btree_set(prop_oneof![
            (0..=96u32).prop_map(|quarter| quarter * 15),
            0..=1440u32,
        ], 0..=6).prop_map(|edges| {
            let edges: Vec<u32> = edges.into_iter().collect();
            edges.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect()
        }),
    ]
}

/// Somebody who listens to the sentence and writes down what it says, knowing nothing of how it
/// was made.
mod listen {
    use super::super::super::hours::{Holidays, Week, Windows};
    use super::Language;

    const NUMBERS: [(&str, &str, u32); 12] = [
        ("twaalf", "twelve", 0),
        ("één", "one", 1),
        ("twee", "two", 2),
        ("drie", "three", 3),
        ("vier", "four", 4),
        ("vijf", "five", 5),
        ("zes", "six", 6),
        ("zeven", "seven", 7),
        ("acht", "eight", 8),
        ("negen", "nine", 9),
        ("tien", "ten", 10),
        ("elf", "eleven", 11),
    ];
    const DAYS: [(&str, &str); 7] = [
        ("maandag", "Monday"),
        ("dinsdag", "Tuesday"),
        ("woensdag", "Wednesday"),
        ("donderdag", "Thursday"),
        ("vrijdag", "Friday"),
        ("zaterdag", "Saturday"),
        ("zondag", "Sunday"),
    ];

    pub(super) fn week(sentence: &str, language: Language) -> Option<Week> {
        let mut week = Week::default();
        if ["nooit", "never"].contains(&sentence) {
            return Some(week);
        }
        for phrase in sentence.split("; ") {
            if ["niet op feestdagen", "not on public holidays"].contains(&phrase) {
                week.holidays = Holidays::Own(Vec::new());
                continue;
            }
            let (on, times) = phrase
                .split_once(", van ")
                .or_else(|| phrase.split_once(", from "))
                .or_else(|| phrase.split_once(", de hele dag"))
                .or_else(|| phrase.split_once(", all day"))?;
            let windows = windows(times, language)?;
            if ["op feestdagen", "on public holidays"].contains(&on) {
                week.holidays = Holidays::Own(windows);
                continue;
            }
            for day in days(on) {
                week.days[day].clone_from(&windows);
            }
        }
        Some(week)
    }

    fn days(on: &str) -> Vec<usize> {
        match on {
            "elke dag" | "every day" => return (0..7).collect(),
            "in het weekend" | "at the weekend" => return vec![5, 6],
            _ => {}
        }
        let mut days = Vec::new();
        let words: Vec<&str> = on.split([' ', ',']).filter(|w| !w.is_empty()).collect();
        let mut span = false;
        for word in words {
            if let Some(day) = DAYS.iter().position(|(nl, en)| [*nl, *en].contains(&word)) {
                let from = if span { days.last().copied().unwrap_or(0) + 1 } else { day };
                days.extend(from..=day);
                span = false;
            } else {
                span |= ["tot", "to"].contains(&word);
            }
        }
        days
    }

    fn windows(times: &str, language: Language) -> Option<Windows> {
        if times.is_empty() {
            return Some(vec![(0, 1440)]);
        }
        let (and, from, to) = match language {
            Language::Nl => (" en van ", "van ", " tot "),
            Language::En => (" and from ", "from ", " to "),
        };
        let times = times.replace(&format!(", {from}"), and);
        let mut windows = Vec::new();
        for window in times.split(and) {
            // "a quarter to five" has a "to" of its own.
            let window = window.replace("quarter to", "quarter before");
            let (start, end) = window.split_once(to)?;
            let (end, end_part) = clock(end)?;
            let (start, start_part) = clock(start)?;
            let (start, end) = match (start_part, end_part) {
                (None, None) => (in_part(start, 1), in_part(end, 2)),
                (None, Some(part)) => (in_part(start, part), in_part(end, part)),
                (Some(one), Some(other)) => (in_part(start, one), in_part(end, other)),
                (Some(_), None) => return None,
            };
            windows.push((start, if end == 0 { 1440 } else { end }));
        }
        Some(windows)
    }

    /// Minutes on the clock of twelve hours, and the part of the day if it is said.
    fn clock(words: &str) -> Option<(u32, Option<u32>)> {
        let parts = [
            ("'s nachts", 0),
            ("'s ochtends", 1),
            ("'s middags", 2),
            ("'s avonds", 3),
            ("at night", 0),
            ("in the morning", 1),
            ("in the afternoon", 2),
            ("in the evening", 3),
        ];
        if ["middernacht", "midnight"].contains(&words) {
            return Some((0, Some(0)));
        }
        let part = parts.iter().find(|(name, _)| words.ends_with(name));
        let bare = part.map_or(words, |(name, _)| words.strip_suffix(name).unwrap_or(words));
        let bare = bare.trim().trim_end_matches(" uur");
        let (rest, hour) = bare.rsplit_once(' ').unwrap_or(("", bare));
        let hour = NUMBERS.iter().find(|(nl, en, _)| [*nl, *en].contains(&hour))?.2 * 60;
        let minutes = match rest {
            "" => hour,
            "half" => hour + 720 - 30,
            "half past" => hour + 30,
            "kwart over" | "a quarter past" => hour + 15,
            "kwart voor" | "a quarter before" => hour + 720 - 15,
            other => hour + other.split(' ').next()?.parse::<u32>().ok()?,
        };
        Some((minutes % 720, part.map(|(_, part)| *part)))
    }

    /// The minute of the day that a clock of twelve hours shows in this quarter of it.
    fn in_part(minutes: u32, part: u32) -> u32 {
        let quarter = part * 360;
        (0..2)
            .map(|half| minutes + half * 720)
            .find(|m| (quarter..quarter + 360).contains(m))
            .unwrap_or(minutes)
    }
}
