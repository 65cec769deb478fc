//! The words of reports, Dutch and English: numbers, times, names of what is counted.

use super::conceal::{Shown, Total};
use super::counts::{Ended, RingEnd};
use crate::domain::Language::{self, En, Nl};

/// The one of the two that is wanted.
pub fn say<T>(language: Language, nl: T, en: T) -> T {
    match language {
        Nl => nl,
        En => en,
    }
}

/// A whole number with its thousands apart: `1.240`, `1,240`.
pub fn number(n: u64, language: Language) -> String {
    let digits = n.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(say(language, '.', ','));
        }
        text.push(digit);
    }
    text
}

/// A number with so many decimals: `0,32`, `0.32`.
pub fn decimal(x: f64, decimals: usize, language: Language) -> String {
    let text = format!("{x:.decimals$}");
    say(language, text.replace('.', ","), text)
}

/// `85 %`.
pub fn percent(n: u64) -> String {
    format!("{n}\u{a0}%")
}

/// What stands for a count that is not shown.
pub fn few(language: Language) -> &'static str {
    say(language, "klein", "small")
}

/// A count in a table.
pub fn shown(shown: Shown, language: Language) -> String {
    match shown {
        Shown::Count(n) => number(n, language),
        Shown::AtLeast(n) => {
            format!("{} {}", say(language, "minstens", "at least"), number(n, language))
        }
        Shown::Hidden => few(language).to_owned(),
    }
}

/// A total.
pub fn total(total: Total, language: Language) -> String {
    match total {
        Total::Exactly(n) => number(n, language),
        Total::Few | Total::Between(0, 4) => {
            say(language, "minder dan 5", "fewer than 5").to_owned()
        }
        Total::Between(least, most) => format!(
            "{} {} {}",
            number(least, language),
            say(language, "tot", "to"),
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
        |n| unit(n, say(language, "seconde", "second"), say(language, "seconden", "seconds"));
    let minute =
        |n| unit(n, say(language, "minuut", "minute"), say(language, "minuten", "minutes"));
    let hour = |n| unit(n, say(language, "uur", "hour"), say(language, "uur", "hours"));
    let and =
        |large: String, small: String| format!("{large} {} {small}", say(language, "en", "and"));
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, 0) => say(language, "minder dan 1 seconde", "less than 1 second").to_owned(),
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
        Ended::Within30 => say(language, "gevonden binnen 30 seconden", "found within 30 seconds"),
        Ended::Within60 => say(language, "na 30 tot 60 seconden", "after 30 to 60 seconds"),
        Ended::Within180 => say(language, "na 1 tot 3 minuten", "after 1 to 3 minutes"),
        Ended::Later => say(language, "later, of na terugbellen", "later, or when called back"),
        Ended::Nobody => say(language, "niemand gevonden", "nobody found"),
        Ended::CallerLeft => say(language, "zelf opgehangen", "caller hung up"),
        Ended::NotReached => say(
            language,
            "beller niet bereikt bij terugbellen",
            "caller not reached when called back",
        ),
        Ended::OtherWay => say(language, "koos iets anders", "chose something else"),
        Ended::Open => say(language, "nog bezig", "still going on"),
        Ended::ByTheDesk => {
            say(language, "anders geregeld door het loket", "arranged by the desk otherwise")
        }
        Ended::Referred => say(language, "doorverwezen", "referred"),
        Ended::CouldNot => {
            say(language, "ook het loket lukte het niet", "not possible, says the desk")
        }
    }
}

/// How a ring turned out.
pub fn ring(end: RingEnd, language: Language) -> &'static str {
    match end {
        RingEnd::Yes => say(language, "ja, doorverbonden", "yes, connected"),
        RingEnd::YesTooLate => {
            say(language, "ja, maar het was al opgelost", "yes, but already solved")
        }
        RingEnd::No => say(language, "nu niet", "not now"),
        RingEnd::StopOrPause => say(language, "pauze of gestopt", "paused or stopped"),
        RingEnd::NoKey => say(language, "opgehangen zonder antwoord", "hung up without an answer"),
        RingEnd::Voicemail => say(language, "voicemail of stilte", "voicemail or silence"),
        RingEnd::NoAnswer => say(language, "niet opgenomen", "not picked up"),
        RingEnd::Busy => say(language, "in gesprek", "engaged"),
        RingEnd::Unreachable => say(language, "niet bereikbaar", "not reachable"),
        RingEnd::CallerEnded => say(language, "beller hing op", "caller hung up"),
    }
}

/// Days of the week, Monday first, short.
pub fn weekday(at: u8, language: Language) -> &'static str {
    let names = say(
        language,
        ["ma", "di", "wo", "do", "vr", "za", "zo"],
        ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
    );
    names[usize::from(at % 7)]
}
