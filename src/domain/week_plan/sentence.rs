//! Hours as a sentence for the ear: "op maandag en woensdag, van negen tot vijf uur".
//!
//! It says exactly the open hours, on the twelve-hour clock that people speak, with "'s avonds" and
//! the like wherever the bare figures could be taken for others. `from nine to five` alone always
//! begins in the morning and ends in the afternoon.

use super::super::calendar::weekdays;
use super::super::hours::{Holidays, Windows};
use super::super::{Hours, Language};
use super::runs;

const NUMBERS: [[&str; 12]; 2] = [
    [
        "twaalf", "één", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tien",
        "elf",
    ],
    [
        "twelve", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
        "eleven",
    ],
];

/// The end of a day, in minutes.
const MIDNIGHT: u32 = 24 * 60;

/// When somebody takes part, to go after "U doet mee" ("You take part"): days and times, `nooit`
/// (`never`), or for what fits no week `op uw eigen tijden` (`at times of your own`).
pub fn in_words(hours: &Hours, language: Language) -> String {
    let pick = |nl: &str, en: &str| language.pick(nl, en).to_owned();
    let Some(week) = hours.week() else {
        return pick("op uw eigen tijden", "at times of your own");
    };
    let mut phrases = Vec::new();
    for (windows, days) in alike(&week.days) {
        if !windows.is_empty() {
            phrases.push(format!("{}, {}", days_in(&days, language), times(windows, language)));
        }
    }
    let never = phrases.is_empty();
    match &week.holidays {
        Holidays::Own(windows) if !windows.is_empty() => {
            let on = pick("op feestdagen", "on public holidays");
            phrases.push(format!("{on}, {}", times(windows, language)));
        }
        Holidays::Own(_) if !never => {
            phrases.push(pick("niet op feestdagen", "not on public holidays"));
        }
        _ if never => phrases.push(pick("nooit", "never")),
        _ => {}
    }
    phrases.join("; ")
}

/// Days with the same windows, together.
fn alike(days: &[Windows; 7]) -> Vec<(&Windows, Vec<usize>)> {
    let mut alike: Vec<(&Windows, Vec<usize>)> = Vec::new();
    for (day, windows) in days.iter().enumerate() {
        match alike.iter_mut().find(|(known, _)| *known == windows) {
            Some((_, days)) => days.push(day),
            None => alike.push((windows, vec![day])),
        }
    }
    alike
}

fn days_in(days: &[usize], language: Language) -> String {
    let dutch = language == Language::Nl;
    match days {
        [0, 1, 2, 3, 4, 5, 6] => return if dutch { "elke dag" } else { "every day" }.to_owned(),
        [5, 6] => return if dutch { "in het weekend" } else { "at the weekend" }.to_owned(),
        _ => {}
    }
    let name = |day: usize| weekdays(language)[day];
    let (mut spans, mut singles) = (Vec::new(), Vec::new());
    for (first, last) in runs(days) {
        // Two days in a row are named; three or more are a span.
        match last - first {
            0 => singles.push(name(first)),
            1 => singles.extend([name(first), name(last)]),
            _ if dutch => spans.push(format!("van {} tot en met {}", name(first), name(last))),
            _ => spans.push(format!("{} to {}", name(first), name(last))),
        }
    }
    if !singles.is_empty() {
        let on = if dutch { "op" } else { "on" };
        spans.push(format!("{on} {}", list(&singles, language)));
    }
    list(&spans, language)
}

fn times(windows: &Windows, language: Language) -> String {
    let each: Vec<String> = windows.iter().map(|window| span(*window, language)).collect();
    list(&each, language)
}

fn span((from, until): (u32, u32), language: Language) -> String {
    if (from, until) == (0, MIDNIGHT) {
        return language.pick("de hele dag", "all day").to_owned();
    }
    let (start, end) = (clock(from, language), clock(until, language));
    let (part, end_part) = (part_of(from), part_of(until));
    let named = |time: &str, minutes: u32| match (minutes % MIDNIGHT, language) {
        (0, _) => time.to_owned(),
        (_, Language::Nl) => format!("{time}{} {}", hour_word(minutes), words(minutes, language)),
        (_, Language::En) => format!("{time} {}", words(minutes, language)),
    };
    let at_midnight = from == 0 || until == MIDNIGHT;
    let plain = !at_midnight && (part, end_part) == (1, 2);
    let shared = !at_midnight && part == end_part;
    let (start, end) = match (plain, shared, language) {
        (true, _, Language::Nl) => (start, format!("{end}{}", hour_word(until))),
        (true, _, Language::En) => (start, end),
        (_, true, _) => (start, named(&end, until)),
        _ => (named(&start, from), named(&end, until)),
    };
    match language {
        Language::Nl => format!("van {start} tot {end}"),
        Language::En => format!("from {start} to {end}"),
    }
}

/// Night, morning, afternoon, evening: 0 to 3.
fn part_of(minutes: u32) -> u32 {
    minutes % MIDNIGHT / 360
}

fn words(minutes: u32, language: Language) -> &'static str {
    const WORDS: [[&str; 4]; 2] = [
        ["'s nachts", "'s ochtends", "'s middags", "'s avonds"],
        ["at night", "in the morning", "in the afternoon", "in the evening"],
    ];
    WORDS[usize::from(language == Language::En)][part_of(minutes) as usize]
}

/// " uur", which is said after whole hours only.
fn hour_word(minutes: u32) -> &'static str {
    if minutes.is_multiple_of(60) { " uur" } else { "" }
}

/// A time on the clock of twelve hours.
fn clock(minutes: u32, language: Language) -> String {
    let (hour, past) = (minutes / 60, minutes % 60);
    let numbers = &NUMBERS[usize::from(language == Language::En)];
    let name = |hour: u32| numbers[(hour % 12) as usize];
    match (past, language) {
        (_, Language::Nl) if minutes.is_multiple_of(MIDNIGHT) => "middernacht".to_owned(),
        (_, Language::En) if minutes.is_multiple_of(MIDNIGHT) => "midnight".to_owned(),
        (0, _) => name(hour).to_owned(),
        (15, Language::Nl) => format!("kwart over {}", name(hour)),
        (30, Language::Nl) => format!("half {}", name(hour + 1)),
        (45, Language::Nl) => format!("kwart voor {}", name(hour + 1)),
        (1, Language::Nl) => format!("1 minuut over {}", name(hour)),
        (past, Language::Nl) => format!("{past} minuten over {}", name(hour)),
        (15, Language::En) => format!("a quarter past {}", name(hour)),
        (30, Language::En) => format!("half past {}", name(hour)),
        (45, Language::En) => format!("a quarter to {}", name(hour + 1)),
        (1, Language::En) => format!("1 minute past {}", name(hour)),
        (past, Language::En) => format!("{past} minutes past {}", name(hour)),
    }
}

/// "a", "a en b", "a, b en c"; English with "and".
pub fn list<T: AsRef<str>>(items: &[T], language: Language) -> String {
    let and = language.pick("en", "and");
    match items {
        [] => String::new(),
        [one] => one.as_ref().to_owned(),
        [all @ .., last] => {
            let all: Vec<&str> = all.iter().map(AsRef::as_ref).collect();
            format!("{} {and} {}", all.join(", "), last.as_ref())
        }
    }
}
