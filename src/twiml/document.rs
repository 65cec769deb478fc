//! From verbs to the text of one document, through an XML writer: nothing is pasted together.

use std::io::{self, Write};

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::Verb;
use super::text::{clean, pieces};

/// Largest document that providers accept, in bytes (beyond it: error 11750).
pub const MAX_BYTES: usize = 64 * 1024;

/// Shortest and longest ringing that may be asked for, in seconds.
const RING_SECONDS: (u32, u32) = (5, 600);

/// Shortest and longest conversation that may be asked for, in seconds.
const TALK_SECONDS: (u32, u32) = (60, 14_400);

/// The document would be larger than providers accept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the TwiML document is over {MAX_BYTES} bytes; say less in one step of the voice flow")]
pub struct TooLong;

/// Writes the document that answers a webhook. Without verbs it is an empty `<Response>`: on a
/// caller's leg that hangs up, in a screening it joins the two.
///
/// # Errors
/// [`TooLong`] above [`MAX_BYTES`].
pub fn document(verbs: &[Verb]) -> Result<String, TooLong> {
    // Memory cannot fail: the only error is the bound's own.
    let written = write_document(verbs).map_err(|_: io::Error| TooLong)?;
    Ok(String::from_utf8(written).expect("every part that was written is a str"))
}

type Xml = Writer<Bounded>;

fn write_document(verbs: &[Verb]) -> io::Result<Vec<u8>> {
    let mut xml = Writer::new(Bounded(Vec::with_capacity(1024)));
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let response = xml.create_element("Response");
    if verbs.is_empty() {
        response.write_empty()?;
    } else {
        response.write_inner_content(|xml| verbs.iter().try_for_each(|verb| write(xml, verb)))?;
    }
    Ok(xml.into_inner().0)
}

fn write(xml: &mut Xml, verb: &Verb) -> io::Result<()> {
    match verb {
        Verb::Say { .. } | Verb::Play { .. } | Verb::Pause { .. } => prompt(xml, verb),
        Verb::Gather { prompts, digits, timeout, action } => {
            let mut attributes = vec![("input", "dtmf".into())];
            attributes.extend(digits.map(|wanted| ("numDigits", wanted.max(1).to_string())));
            attributes.extend([
                ("timeout", timeout.max(&1).to_string()),
                ("finishOnKey", if *digits == Some(1) { "" } else { "#" }.into()),
                ("actionOnEmptyResult", "true".into()),
                ("action", clean(action)),
                ("method", "POST".into()),
            ]);
            element(xml, "Gather", &attributes, |xml| {
                prompts.iter().try_for_each(|verb| prompt(xml, verb))
            })
        }
        Verb::Record { max_seconds, final_silence, beep, action, status_callback } => {
            let attributes = [
                ("maxLength", max_seconds.max(&2).to_string()),
                ("timeout", final_silence.max(&1).to_string()),
                ("finishOnKey", "1234567890*#".into()),
                ("playBeep", beep.to_string()),
                ("trim", "trim-silence".into()),
                ("action", clean(action)),
                ("method", "POST".into()),
                ("recordingStatusCallback", clean(status_callback)),
                ("recordingStatusCallbackMethod", "POST".into()),
            ];
            empty(xml, "Record", &attributes)
        }
        Verb::Dial {
            number,
            caller_id,
            ring_seconds,
            ring_surplus_seconds,
            time_limit,
            action,
            screening,
            status_callback,
        } => {
            let ring = ring_seconds.saturating_sub(*ring_surplus_seconds);
            let mut attributes = vec![
                ("answerOnBridge", "true".into()),
                ("timeout", ring.clamp(RING_SECONDS.0, RING_SECONDS.1).to_string()),
                ("timeLimit", time_limit.clamp(&TALK_SECONDS.0, &TALK_SECONDS.1).to_string()),
                ("callerId", caller_id.e164().into()),
            ];
            if let Some(url) = action {
                attributes.extend([("action", clean(url)), ("method", "POST".into())]);
            }
            // One number only: with several, the first pick-up (a voicemail box) ends the others.
            let leg = leg_attributes(screening.as_deref(), status_callback.as_deref());
            element(xml, "Dial", &attributes, |xml| {
                element(xml, "Number", &leg, |xml| text(xml, number.e164()))
            })
        }
        Verb::Redirect { url } => {
            element(xml, "Redirect", &[("method", "POST".into())], |xml| text(xml, &clean(url)))
        }
        Verb::Hangup => empty(xml, "Hangup", &[]),
        Verb::Reject => empty(xml, "Reject", &[]),
    }
}

fn leg_attributes(
    screening: Option<&str>,
    status_callback: Option<&str>,
) -> Vec<(&'static str, String)> {
    let mut attributes = Vec::new();
    if let Some(url) = screening {
        attributes.extend([("url", clean(url)), ("method", "POST".into())]);
    }
    if let Some(url) = status_callback {
        attributes.extend([
            ("statusCallback", clean(url)),
            ("statusCallbackMethod", "POST".into()),
            ("statusCallbackEvent", "initiated ringing answered completed".into()),
        ]);
    }
    attributes
}

/// What may stand alone as well as inside a gather.
fn prompt(xml: &mut Xml, verb: &Verb) -> io::Result<()> {
    match verb {
        Verb::Say { text: words, language, voice } => {
            let mut attributes = vec![("language", clean(language))];
            attributes.extend(voice.as_deref().map(|voice| ("voice", clean(voice))));
            let words = clean(words);
            let mut spoken = pieces(&words).filter(|piece| !piece.trim().is_empty());
            spoken.try_for_each(|piece| element(xml, "Say", &attributes, |xml| text(xml, piece)))
        }
        Verb::Play { url } => element(xml, "Play", &[], |xml| text(xml, &clean(url))),
        Verb::Pause { seconds } => empty(xml, "Pause", &[("length", seconds.max(&1).to_string())]),
        _ => Ok(()),
    }
}

fn empty(xml: &mut Xml, name: &str, attributes: &[(&str, String)]) -> io::Result<()> {
    let attributes = attributes.iter().map(|(key, value)| (*key, value.as_str()));
    xml.create_element(name).with_attributes(attributes).write_empty()?;
    Ok(())
}

fn element(
    xml: &mut Xml,
    name: &str,
    attributes: &[(&str, String)],
    inside: impl FnOnce(&mut Xml) -> io::Result<()>,
) -> io::Result<()> {
    let attributes = attributes.iter().map(|(key, value)| (*key, value.as_str()));
    xml.create_element(name).with_attributes(attributes).write_inner_content(inside)?;
    Ok(())
}

fn text(xml: &mut Xml, words: &str) -> io::Result<()> {
    xml.write_event(Event::Text(BytesText::new(words)))
}

/// Memory that refuses to grow past what a provider would read.
struct Bounded(Vec<u8>);

impl Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.len() + bytes.len() > MAX_BYTES {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
