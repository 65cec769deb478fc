//! The words of a document that was written here: what somebody was told, for whoever looks on.

use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};

use crate::domain::Language;

/// One stretch of speech.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// What is spoken.
    pub words: String,
    /// In which language; none for a voice that this exchange does not have.
    pub language: Option<Language>,
}

/// What `document` speaks, in order; sentences in one language that follow each other are one
/// stretch. Recordings have no words here. A text that is no document of ours says nothing, or
/// what was read of it before it went wrong.
pub fn said(document: &str) -> Vec<Said> {
    let mut reader = Reader::from_str(document);
    let (mut said, mut speaks) = (Vec::new(), None);
    loop {
        let piece = match reader.read_event() {
            Ok(Event::Start(element)) if element.name().as_ref() == b"Say" => {
                speaks = Some(begin(&mut said, &element));
                continue;
            }
            Ok(Event::End(element)) if element.name().as_ref() == b"Say" => {
                speaks = None;
                continue;
            }
            Ok(Event::Text(words)) => words.xml10_content().ok().map(|text| text.into_owned()),
            Ok(Event::GeneralRef(name)) => match name.resolve_char_ref() {
                Ok(Some(character)) => Some(character.to_string()),
                _ => name
                    .xml10_content()
                    .ok()
                    .and_then(|name| resolve_predefined_entity(&name).map(str::to_owned)),
            },
            Ok(Event::Eof) | Err(_) => break,
            Ok(_) => continue,
        };
        if let (Some(at), Some(piece)) = (speaks, piece) {
            let stretch: &mut Said = &mut said[at];
            stretch.words.push_str(&piece);
        }
    }
    said.retain(|stretch| !stretch.words.trim().is_empty());
    said
}

/// Where the words of this element go: on with the last stretch, or a new one.
fn begin(said: &mut Vec<Said>, element: &BytesStart<'_>) -> usize {
    let tag = element.try_get_attribute("language").ok().flatten();
    let language = tag.and_then(|tag| Language::parse(std::str::from_utf8(&tag.value).ok()?));
    match said.last_mut() {
        Some(last) if last.language == language => {
            if !last.words.ends_with(' ') && !last.words.is_empty() {
                last.words.push(' ');
            }
        }
        _ => said.push(Said { words: String::new(), language }),
    }
    said.len() - 1
}
