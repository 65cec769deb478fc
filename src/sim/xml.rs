//! A small tree of an XML document: names, attributes, text. No namespaces, no entities of its own.

use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

use super::document::Fault;

#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Element {
    pub(super) name: String,
    pub(super) attributes: Vec<(String, String)>,
    pub(super) children: Vec<Node>,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Node {
    Element(Element),
    Text(String),
}

impl Element {
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// Refuses attributes that the documentation does not give to this element.
    pub(super) fn only(&self, known: &[&str]) -> Result<(), Fault> {
        match self.attributes.iter().find(|(name, _)| !known.contains(&name.as_str())) {
            None => Ok(()),
            Some((name, _)) => {
                Err(Fault::new(12200, format!("<{}> has no attribute {name}", self.name)))
            }
        }
    }

    pub(super) fn bad(&self, attribute: &str) -> Fault {
        Fault::new(12200, format!("<{} {attribute}=…> has a value that cannot be", self.name))
    }

    /// The elements inside; text between them must be blank.
    pub(super) fn elements(&self) -> Result<impl Iterator<Item = &Self>, Fault> {
        if self.children.iter().any(|n| matches!(n, Node::Text(t) if !t.trim().is_empty())) {
            return Err(Fault::new(12200, format!("<{}> cannot hold text", self.name)));
        }
        Ok(self.children.iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        }))
    }

    pub(super) fn empty(&self) -> Result<(), Fault> {
        match self.elements()?.next() {
            None => Ok(()),
            Some(_) => Err(Fault::new(12200, format!("<{}> cannot hold elements", self.name))),
        }
    }

    /// The text inside, without blanks around it; there must be some, and nothing else.
    pub(super) fn required_text(&self) -> Result<String, Fault> {
        let mut text = String::new();
        for node in &self.children {
            match node {
                Node::Text(words) => text.push_str(words),
                Node::Element(_) => {
                    return Err(Fault::new(12200, format!("<{}> holds text only", self.name)));
                }
            }
        }
        let text = text.trim();
        if text.is_empty() {
            return Err(Fault::new(12200, format!("<{}> is empty", self.name)));
        }
        Ok(text.to_owned())
    }
}

/// Parses a whole document; the error is one sentence.
pub(super) fn parse(text: &str) -> Result<Element, String> {
    if !text.starts_with('<') {
        return Err("something stands before the document".to_owned());
    }
    if text.chars().any(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r')) {
        return Err("the document has a control character".to_owned());
    }
    let mut reader = Reader::from_str(text);
    let mut open: Vec<Element> = Vec::new();
    let mut root = None;
    loop {
        match reader.read_event().map_err(|e| e.to_string())? {
            Event::Start(start) => open.push(element(&start)?),
            Event::Empty(start) => close(element(&start)?, &mut open, &mut root)?,
            // The reader has already checked that the end fits its start.
            Event::End(_) => match open.pop() {
                Some(done) => close(done, &mut open, &mut root)?,
                None => return Err("an element ends that never began".to_owned()),
            },
            Event::Text(words) => {
                add(&words.xml10_content().map_err(|e| e.to_string())?, &mut open)?
            }
            Event::CData(words) => {
                add(&words.xml10_content().map_err(|e| e.to_string())?, &mut open)?
            }
            Event::GeneralRef(name) => {
                let words = match name.resolve_char_ref().map_err(|e| e.to_string())? {
                    Some(c) => c.to_string(),
                    None => {
                        let name = name.xml10_content().map_err(|e| e.to_string())?;
                        quick_xml::escape::resolve_predefined_entity(&name)
                            .ok_or("an entity is not one of XML's five")?
                            .to_owned()
                    }
                };
                add(&words, &mut open)?;
            }
            Event::DocType(_) => return Err("a document type is not accepted".to_owned()),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
            Event::Eof => break,
        }
    }
    if !open.is_empty() {
        return Err("an element is not ended".to_owned());
    }
    root.ok_or_else(|| "there is no element".to_owned())
}

fn element(start: &BytesStart<'_>) -> Result<Element, String> {
    let utf8 = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).map_err(|e| e.to_string());
    let mut attributes = Vec::new();
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|e| e.to_string())?;
        let value =
            attribute.normalized_value(XmlVersion::Explicit1_0).map_err(|e| e.to_string())?;
        attributes.push((utf8(attribute.key.as_ref())?, value.into_owned()));
    }
    Ok(Element { name: utf8(start.name().as_ref())?, attributes, children: Vec::new() })
}

fn close(done: Element, open: &mut [Element], root: &mut Option<Element>) -> Result<(), String> {
    match open.last_mut() {
        Some(parent) => parent.children.push(Node::Element(done)),
        None if root.is_some() => return Err("there are two roots".to_owned()),
        None => *root = Some(done),
    }
    Ok(())
}

fn add(words: &str, open: &mut [Element]) -> Result<(), String> {
    match open.last_mut() {
        Some(parent) => parent.children.push(Node::Text(words.to_owned())),
        None if words.trim().is_empty() => {}
        None => return Err("text stands outside the document".to_owned()),
    }
    Ok(())
}
