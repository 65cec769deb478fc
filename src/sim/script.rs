//! What a person at a telephone does, step by step, and how it is written in a scenario.
//!
//! A script only knows what a person can know: what was heard, how much time has passed, that
//! somebody is on the line.

use std::time::Duration;

/// One thing that a person does or waits for. Each begins when the one before it is done.
#[derive(Clone, PartialEq, Eq)]
pub enum Act {
    /// Waits until these words have been spoken, in any letter case. Words that had been spoken
    /// to the end before this step began do not count.
    Hear(String),
    /// Waits until a question has been asked to its end and keys are waited for.
    Question,
    /// Waits for the tone of a recording.
    Tone,
    /// Waits until the other person is on the line.
    Joined,
    /// Lets this much time pass.
    Wait(Duration),
    /// Presses these keys, one after another.
    Press(String),
    /// Talks for so long.
    Talk(Duration),
    /// Hangs up.
    HangUp,
}

/// Keyed digits stay out of logs (R14).
impl std::fmt::Debug for Act {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Press(_) => f.write_str("press …"),
            other => f.write_str(&other.words()),
        }
    }
}

impl Act {
    /// Waits until the question has been asked, then presses this: what most answers are.
    pub fn answer(key: &str) -> [Self; 2] {
        [Self::Question, Self::Press(key.to_owned())]
    }

    /// Whether this step waits for the other side to do something.
    pub(super) fn waits_for_others(&self) -> bool {
        matches!(self, Self::Hear(_) | Self::Question | Self::Tone | Self::Joined)
    }

    /// The step as it is written in a script.
    pub(super) fn words(&self) -> String {
        match self {
            Self::Hear(text) => format!("hear '{text}'"),
            Self::Question => "question".to_owned(),
            Self::Tone => "tone".to_owned(),
            Self::Joined => "joined".to_owned(),
            Self::Wait(time) => format!("wait {}", time.as_secs_f64()),
            Self::Press(keys) => format!("press {keys}"),
            Self::Talk(time) => format!("talk {}", time.as_secs_f64()),
            Self::HangUp => "hang up".to_owned(),
        }
    }

    /// Reads one step of a script:
    ///
    /// | written | meaning |
    /// |---|---|
    /// | `hear 'toets 1'` | wait until these words were spoken |
    /// | `question` | wait until a question was asked to its end |
    /// | `tone` | wait for the tone of a recording |
    /// | `joined` | wait until the other person is on the line |
    /// | `wait 5` | let 5 seconds pass; `0.5` is fine |
    /// | `press 2584` | press these keys, half a second for each |
    /// | `talk 4` | talk for 4 seconds |
    /// | `hang up` | hang up |
    ///
    /// # Errors
    /// One sentence that names the step.
    pub fn read(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
        let rest = rest.trim();
        Ok(match (word, rest) {
            ("hear", quoted) => Self::Hear(unquote(quoted).ok_or_else(|| {
                format!("after \"hear\", words in quotes are expected, not {quoted:?}")
            })?),
            ("question", "") => Self::Question,
            ("tone", "") => Self::Tone,
            ("joined", "") => Self::Joined,
            ("wait", time) => Self::Wait(seconds(time)?),
            ("talk", time) => Self::Talk(seconds(time)?),
            ("press", keys) if is_keys(keys) => Self::Press(keys.to_owned()),
            ("press", _) => {
                return Err("after \"press\", keys 0-9, * and # are expected".to_owned());
            }
            ("hang", "up") => Self::HangUp,
            _ => {
                return Err(format!(
                    "{text:?} is no step; steps are: hear '…', question, tone, joined, wait N, \
                     press KEYS, talk N, hang up"
                ));
            }
        })
    }
}

/// Reads what a person does: clauses with commas between them.
///
/// | written | meaning |
/// |---|---|
/// | `presses 1` | waits until a question was asked, then presses |
/// | `presses 1 at once` | presses a second later, into the question |
/// | `presses 1 after 'words'` | presses when these words were spoken |
/// | `talks 30` | waits for the other person, talks for 30 s, hangs up |
/// | `hangs up`, `hangs up after 3` | so it is |
/// | `stays silent` | does nothing; good to read |
///
/// and every step of [`Act::read`].
///
/// # Errors
/// One sentence that names the clause.
pub fn read_sentence(text: &str) -> Result<Vec<Act>, String> {
    let mut script = Vec::new();
    for clause in clauses(text) {
        script.extend(read_clause(&clause)?);
    }
    Ok(script)
}

pub(super) fn read_clause(clause: &str) -> Result<Vec<Act>, String> {
    if let Some(rest) = clause.strip_prefix("presses ") {
        let (keys, when) = rest.split_once(' ').unwrap_or((rest, ""));
        let first = match when.trim() {
            "" => Act::Question,
            "at once" => Act::Wait(Duration::from_secs(1)),
            when => {
                let words = when.strip_prefix("after ").and_then(unquote);
                Act::Hear(words.ok_or_else(|| {
                    format!("a key is pressed \"at once\" or \"after 'words'\", not {when:?}")
                })?)
            }
        };
        return Ok(vec![first, Act::read(&format!("press {keys}"))?]);
    }
    if let Some(time) = clause.strip_prefix("talks ") {
        return Ok(conversation(seconds(time)?).into());
    }
    if let Some(time) = clause.strip_prefix("hangs up after ") {
        return Ok(vec![Act::Wait(seconds(time)?), Act::HangUp]);
    }
    Ok(match clause {
        "hangs up" => vec![Act::HangUp],
        "stays silent" => Vec::new(),
        step => vec![Act::read(step)?],
    })
}

/// Waits for the other person, talks and hangs up.
pub(super) fn conversation(time: Duration) -> [Act; 3] {
    [Act::Joined, Act::Talk(time), Act::HangUp]
}

/// Splits at commas that stand outside single quotes.
pub(super) fn clauses(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut quoted = false;
    for c in text.chars() {
        quoted ^= c == '\'';
        match c {
            ',' if !quoted => parts.push(String::new()),
            _ => parts.last_mut().into_iter().for_each(|part| part.push(c)),
        }
    }
    parts.into_iter().map(|part| part.trim().to_owned()).collect()
}

/// Reads seconds: `5`, `0.5`.
pub(super) fn seconds(text: &str) -> Result<Duration, String> {
    text.parse()
        .ok()
        .and_then(|s| Duration::try_from_secs_f64(s).ok())
        .ok_or_else(|| format!("seconds are expected, like 5 or 0.5, not {text:?}"))
}

fn unquote(text: &str) -> Option<String> {
    let inner = text.strip_prefix('\'')?.strip_suffix('\'')?;
    (!inner.is_empty() && !inner.contains('\'')).then(|| inner.to_owned())
}

fn is_keys(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_digit() || c == '*' || c == '#')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_reads_back_as_it_was_written() {
        for written in [
            "hear 'toets 1'",
            "question",
            "tone",
            "joined",
            "wait 0.5",
            "press 25*#",
            "talk 4",
            "hang up",
        ] {
            assert_eq!(Act::read(written).unwrap().words(), written);
        }
    }

    #[test]
    fn a_step_that_cannot_be_read_is_named() {
        for wrong in ["", "listen", "hear toets", "hear ''", "press a", "wait", "wait -1", "hang"] {
            assert!(Act::read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_sentence_says_what_a_person_does() {
        let script = read_sentence("presses 25, wait 0.5, presses 1 at once, hangs up after 3");
        let words: Vec<_> = script.unwrap().iter().map(Act::words).collect();
        let steps = ["question", "press 25", "wait 0.5", "wait 1", "press 1", "wait 3", "hang up"];
        assert_eq!(words, steps);
        assert_eq!(read_sentence("stays silent").unwrap(), []);
        assert!(read_sentence("presses 1, sings").unwrap_err().contains("sings"));
    }

    #[test]
    fn r14_keys_are_masked_when_a_script_is_printed_for_debugging() {
        assert_eq!(format!("{:?}", Act::Press("2584".to_owned())), "press …");
    }
}
