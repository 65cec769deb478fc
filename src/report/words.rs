//! The words of reports, Dutch and English: numbers, times, names of what is counted.

use super::conceal::{Shown, Total};
use super::counts::{Ended, RingEnd};
use crate::domain::Language;

/// A whole number with its thousands apart: `1.240`, `1,240`.
pub fn number(n: u64, language: Language) -> String {
    let digits = n.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(language.pick('.', ','));
        }
        text.push(digit);
    }
    text
}

/// A number with so many decimals: `0,32`, `0.32`.
pub fn decimal(x: f64, decimals: usize, language: Language) -> String {
    let text = format!("{x:.decimals$}");
    language.pick(text.replace('.', ","), text)
}

/// `85 %`.
pub fn percent(n: u64) -> String {
    format!("{n}\u{a0}%")
}

/// What stands for a count that is not shown.
pub fn few(language: Language) -> &'static str {
    language.pick("klein", "small")
}

/// A count in a table.
pub fn shown(shown: Shown, language: Language) -> String {
    match shown {
        Shown::Count(n) => number(n, language),
        Shown::AtLeast(n) => {
            format!("{} {}", language.pick("minstens", "at least"), number(n, language))
        }
        Shown::Hidden => few(language).to_owned(),
    }
}

/// A total.
pub fn total(total: Total, language: Language) -> String {
    match total {
        Total::Exactly(n) => number(n, language),
        Total::Few | Total::Between(0, 4) => {
            language.pick("minder dan 5", "fewer than 5").to_owned()
        }
        Total::Between(least, most) => format!(
            "{} {} {}",
            number(least, language),
            language.pick("tot", "to"),
            number(most, language)
        ),
    }
}

/// A length of time in words: `40 seconden`, `2 minuten en 5 seconden`, `3 uur en 10 minuten`.
pub fn seconds(seconds: u64, language: Language) -> String {
    let unit = |n: u64, one: &'static str, more: &'static str| {
        format!("{n} {}", if n == 1 { one } else { more })
    };
    let second =
        |n| unit(n, language.pick("seconde", "second"), language.pick("seconden", "seconds"));
    let minute =
        |n| unit(n, language.pick("minuut", "minute"), language.pick("minuten", "minutes"));
    let hour = |n| unit(n, language.pick("uur", "hour"), language.pick("uur", "hours"));
    let and =
        |large: String, small: String| format!("{large} {} {small}", language.pick("en", "and"));
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, 0) => language.pick("minder dan 1 seconde", "less than 1 second").to_owned(),
        (0, 0, s) => second(s),
        (0, m, 0) => minute(m),
        (0, m, s) => and(minute(m), second(s)),
        (h, 0, _) => hour(h),
        (h, m, _) => and(hour(h), minute(m)),
    }
}

/// What stands where there is nothing to tell.
pub const NOTHING: &str = "–";

/// How a search ended.
pub fn ended(ended: Ended, language: Language) -> &'static str {
    match ended {
        Ended::Within30 => language.pick("gevonden binnen 30 seconden", "found within 30 seconds"),
        Ended::Within60 => language.pick("na 30 tot 60 seconden", "after 30 to 60 seconds"),
        Ended::Within180 => language.pick("na 1 tot 3 minuten", "after 1 to 3 minutes"),
        Ended::Later => language.pick("later, of na terugbellen", "later, or when called back"),
        Ended::Nobody => language.pick("niemand gevonden", "nobody found"),
        Ended::CallerLeft => language.pick("zelf opgehangen", "caller hung up"),
        Ended::NotReached => language
            .pick("beller niet bereikt bij terugbellen", "caller not reached when called back"),
        Ended::OtherWay => language.pick("koos iets anders", "chose something else"),
        Ended::Open => language.pick("nog bezig", "still going on"),
        Ended::ByTheDesk => {
            language.pick("anders geregeld door het loket", "arranged by the desk otherwise")
        }
        Ended::Referred => language.pick("doorverwezen", "referred"),
        Ended::CouldNot => {
            language.pick("ook het loket lukte het niet", "not possible, says the desk")
        }
    }
}

/// How a ring turned out.
pub fn ring(end: RingEnd, language: Language) -> &'static str {
    match end {
        RingEnd::Yes => language.pick("ja, doorverbonden", "yes, connected"),
        RingEnd::YesTooLate => {
            language.pick("ja, maar het was al opgelost", "yes, but already solved")
        }
        RingEnd::No => language.pick("nu niet", "not now"),
        RingEnd::StopOrPause => language.pick("pauze of gestopt", "paused or stopped"),
        RingEnd::NoKey => language.pick("opgehangen zonder antwoord", "hung up without an answer"),
        RingEnd::Voicemail => language.pick("voicemail of stilte", "voicemail or silence"),
        RingEnd::NoAnswer => language.pick("niet opgenomen", "not picked up"),
        RingEnd::Busy => language.pick("in gesprek", "engaged"),
        RingEnd::Unreachable => language.pick("niet bereikbaar", "not reachable"),
        RingEnd::CallerEnded => language.pick("beller hing op", "caller hung up"),
    }
}

/// Days of the week, Monday first, short.
pub fn weekday(at: u8, language: Language) -> &'static str {
    let names = language.pick(
        ["ma", "di", "wo", "do", "vr", "za", "zo"],
        ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
    );
    names[usize::from(at % 7)]
}
