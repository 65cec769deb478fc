//! Reading TwiML as the providers document it, strictly: an element, an attribute or a value that
//! the documentation does not have is a fault (12200), not something to be lenient about.
//!
//! It shares nothing with the module that writes TwiML; that is the point of it.

use std::time::Duration;

use super::document::{Dial, Fault, Gather, Progress, Prompt, Record, Target, Verb};
use super::speech;
use super::xml::{self, Element, Node};
use crate::domain::Language;

/// Most bytes of a document.
const LARGEST: usize = 64 * 1024;

/// Reads an answer by its content type.
///
/// A sound is played and the leg ends; plain text that is no document is read aloud.
pub(super) fn read_answer(content_type: Option<&str>, body: &[u8]) -> Result<Vec<Verb>, Fault> {
    if body.len() > LARGEST {
        return Err(Fault::new(11750, "the document is larger than 64 kB"));
    }
    let kind = content_type.unwrap_or("").split(';').next().unwrap_or("").trim();
    match kind.to_ascii_lowercase().as_str() {
        "text/xml" | "application/xml" | "text/html" => read(body),
        "text/plain" => match read(body) {
            Ok(verbs) => Ok(verbs),
            Err(_) => Ok(vec![Verb::Hear(Prompt::Say {
                text: String::from_utf8_lossy(body).into_owned(),
                language: None,
            })]),
        },
        _ => Err(Fault::new(12300, "the content type is not one for documents")),
    }
}

/// Reads one document.
pub(super) fn read(body: &[u8]) -> Result<Vec<Verb>, Fault> {
    let text =
        std::str::from_utf8(body).map_err(|_| Fault::new(12100, "the document is not UTF-8"))?;
    let root = xml::parse(text).map_err(|what| Fault::new(12100, what))?;
    if root.name != "Response" {
        return Err(Fault::new(12100, "the root is not <Response>"));
    }
    root.only(&[])?;
    root.elements()?.map(verb).collect()
}

fn verb(element: &Element) -> Result<Verb, Fault> {
    Ok(match element.name.as_str() {
        "Say" | "Play" | "Pause" => Verb::Hear(prompt(element)?),
        "Gather" => Verb::Gather(gather(element)?),
        "Record" => Verb::Record(record(element)?),
        "Dial" => Verb::Dial(dial(element)?),
        "Redirect" => {
            element.only(&["method"])?;
            Verb::Redirect(Target { url: element.required_text()?, get: get(element, "method")? })
        }
        "Hangup" => {
            element.only(&[])?;
            Verb::Hangup
        }
        "Reject" => {
            element.only(&["reason"])?;
            match element.attribute("reason") {
                None | Some("rejected") => Verb::Reject(false),
                Some("busy") => Verb::Reject(true),
                Some(_) => return Err(element.bad("reason")),
            }
        }
        other => return Err(Fault::new(12200, format!("<{other}> is not a verb here"))),
    })
}

fn prompt(element: &Element) -> Result<Prompt, Fault> {
    match element.name.as_str() {
        "Say" => {
            element.only(&["voice", "language", "loop"])?;
            let language = element.attribute("language");
            if let Some(voice) = element.attribute("voice")
                && !speech::is_voice(voice)
            {
                return Err(Fault::new(12200, format!("there is no voice {voice}")));
            }
            let text = speech_text(element)?;
            if text.len() > speech::longest(element.attribute("voice")) {
                return Err(Fault::new(13521, "<Say> has too much text"));
            }
            Ok(Prompt::Say { text, language: language.and_then(Language::parse) })
        }
        "Play" => {
            element.only(&["loop", "digits"])?;
            if let Some(tones) = element.attribute("digits") {
                let halves = tones.chars().map(|c| if c == 'W' { 2 } else { 1 }).sum::<u64>();
                return Ok(Prompt::Tones { time: Duration::from_millis(500 * halves) });
            }
            Ok(Prompt::Play { url: element.required_text()? })
        }
        "Pause" => {
            element.only(&["length"])?;
            Ok(Prompt::Pause(seconds(element, "length", 1, 0..=3600)?))
        }
        other => Err(Fault::new(12200, format!("<{other}> cannot stand inside <Gather>"))),
    }
}

/// What is spoken: text, and the text inside the few speech elements that voices understand.
fn speech_text(element: &Element) -> Result<String, Fault> {
    const INSIDE: [&str; 10] =
        ["break", "emphasis", "lang", "p", "phoneme", "prosody", "s", "say-as", "sub", "w"];
    let mut text = String::new();
    for node in &element.children {
        match node {
            Node::Text(words) => text.push_str(words),
            Node::Element(inner) if INSIDE.contains(&inner.name.as_str()) => {
                text.push_str(&speech_text(inner)?);
            }
            Node::Element(inner) => {
                return Err(Fault::new(12200, format!("<{}> cannot be spoken", inner.name)));
            }
        }
    }
    Ok(text.split_whitespace().collect::<Vec<_>>().join(" "))
}

fn gather(element: &Element) -> Result<Gather, Fault> {
    element.only(&[
        "action",
        "method",
        "input",
        "numDigits",
        "finishOnKey",
        "timeout",
        "actionOnEmptyResult",
        "language",
        "hints",
        "profanityFilter",
    ])?;
    if !matches!(element.attribute("input"), None | Some("dtmf")) {
        return Err(Fault::new(12200, "this network understands keys, no speech"));
    }
    let finish = match element.attribute("finishOnKey") {
        None => Some('#'),
        Some("") => None,
        Some(keys) => Some(one_key(keys).ok_or_else(|| element.bad("finishOnKey"))?),
    };
    Ok(Gather {
        prompts: element.elements()?.map(prompt).collect::<Result<_, _>>()?,
        action: target(element, "action", "method")?,
        digits: match element.attribute("numDigits") {
            None => None,
            Some(n) => match n.parse() {
                Ok(n) if n > 0 => Some(n),
                _ => return Err(element.bad("numDigits")),
            },
        },
        finish,
        timeout: seconds(element, "timeout", 5, 0..=600)?,
        empty_too: truth(element, "actionOnEmptyResult", false)?,
    })
}

fn record(element: &Element) -> Result<Record, Fault> {
    element.only(&[
        "action",
        "method",
        "timeout",
        "finishOnKey",
        "maxLength",
        "playBeep",
        "trim",
        "recordingStatusCallback",
        "recordingStatusCallbackMethod",
        "recordingStatusCallbackEvent",
        "transcribe",
    ])?;
    element.empty()?;
    let finish = element.attribute("finishOnKey").unwrap_or("1234567890*#").to_owned();
    if !finish.chars().all(is_key) {
        return Err(element.bad("finishOnKey"));
    }
    Ok(Record {
        action: target(element, "action", "method")?,
        timeout: seconds(element, "timeout", 5, 0..=3600)?,
        finish,
        max: seconds(element, "maxLength", 3600, 2..=14400)?,
        beep: truth(element, "playBeep", true)?,
        trim: match element.attribute("trim") {
            None | Some("trim-silence") => true,
            Some("do-not-trim") => false,
            Some(_) => return Err(element.bad("trim")),
        },
        callback: target(element, "recordingStatusCallback", "recordingStatusCallbackMethod")?,
    })
}

fn dial(element: &Element) -> Result<Dial, Fault> {
    element.only(&[
        "action",
        "method",
        "timeout",
        "timeLimit",
        "answerOnBridge",
        "callerId",
        "hangupOnStar",
        "ringTone",
        "record",
    ])?;
    if !matches!(element.attribute("record"), None | Some("do-not-record")) {
        return Err(Fault::new(12200, "this network records no conversations"));
    }
    let mut nouns = element.children.iter().filter_map(|node| match node {
        Node::Element(noun) => Some(noun),
        Node::Text(_) => None,
    });
    let (noun, more) = (nouns.next(), nouns.next());
    if more.is_some() {
        return Err(Fault::new(12200, "this network rings one number in a <Dial>"));
    }
    let plain = Element::default();
    let (number, noun) = match noun {
        None => (element.required_text()?, &plain),
        Some(noun) if noun.name == "Number" => (noun.required_text()?, noun),
        Some(noun) => {
            return Err(Fault::new(12200, format!("<{}> cannot be dialled here", noun.name)));
        }
    };
    noun.only(&["url", "method", "statusCallback", "statusCallbackEvent", "statusCallbackMethod"])?;
    Ok(Dial {
        number,
        caller_id: element.attribute("callerId").map(str::to_owned),
        timeout: seconds(element, "timeout", 30, 5..=600)?,
        time_limit: seconds(element, "timeLimit", 14400, 1..=14400)?,
        answer_on_bridge: truth(element, "answerOnBridge", false)?,
        hangup_on_star: truth(element, "hangupOnStar", false)?,
        action: target(element, "action", "method")?,
        screening: target(noun, "url", "method")?,
        callback: target(noun, "statusCallback", "statusCallbackMethod")?,
        events: match noun.attribute("statusCallbackEvent") {
            None => vec![Progress::Completed],
            Some(words) => words
                .split_whitespace()
                .map(|word| Progress::read(word).ok_or_else(|| noun.bad("statusCallbackEvent")))
                .collect::<Result<_, _>>()?,
        },
    })
}

fn target(element: &Element, name: &str, method: &str) -> Result<Option<Target>, Fault> {
    let get = get(element, method)?;
    Ok(element.attribute(name).map(|url| Target { url: url.to_owned(), get }))
}

fn get(element: &Element, method: &str) -> Result<bool, Fault> {
    match element.attribute(method) {
        None | Some("POST") => Ok(false),
        Some("GET") => Ok(true),
        Some(_) => Err(element.bad(method)),
    }
}

fn truth(element: &Element, name: &str, default: bool) -> Result<bool, Fault> {
    match element.attribute(name) {
        None => Ok(default),
        Some("true") => Ok(true),
        Some("false") => Ok(false),
        Some(_) => Err(element.bad(name)),
    }
}

fn seconds(
    element: &Element,
    name: &str,
    default: u64,
    range: std::ops::RangeInclusive<u64>,
) -> Result<Duration, Fault> {
    let value = match element.attribute(name) {
        None => default,
        Some(text) => text.parse().map_err(|_| element.bad(name))?,
    };
    if range.contains(&value) { Ok(Duration::from_secs(value)) } else { Err(element.bad(name)) }
}

fn one_key(text: &str) -> Option<char> {
    let mut keys = text.chars();
    keys.next().filter(|key| is_key(*key) && keys.next().is_none())
}

fn is_key(key: char) -> bool {
    key.is_ascii_digit() || key == '*' || key == '#'
}

#[cfg(test)]
mod tests;
