//! From the text of a file to a [`Document`], with every fault in it and its line.

mod actions;
mod items;
mod words;

use roxmltree::{Node, ParsingOptions};

use super::Fault;
use super::expr::Expr;
use super::tree::{Choice, Document, Form, Kind, Property, Var};

/// The star as a global key; after a point may stand what must hold for it.
const STAR: &str = "burenhulp.key.star";

/// Deepest nesting of elements; no honest flow comes near.
const DEEPEST: usize = 40;

/// Reads one file.
///
/// # Errors
/// Every fault found, each with its line; a file that is not XML has one.
pub fn read(file: &str, text: &str) -> Result<Document, Vec<Fault>> {
    let options = ParsingOptions { allow_dtd: false, nodes_limit: 20_000, ..Default::default() };
    let xml = roxmltree::Document::parse_with_options(text, options).map_err(|fault| {
        // What is missing at the end of a file is missing from its last line.
        let lines = text.lines().count().max(1);
        let line = usize::try_from(fault.pos().row).unwrap_or(1).clamp(1, lines);
        vec![Fault::new(file, line, format!("this is not XML: {fault}"))]
    })?;
    let mut reader = Reader { file, faults: Vec::new() };
    let document = reader.document(xml.root_element());
    reader.loose_words(xml.root_element());
    if reader.faults.is_empty() { Ok(document) } else { Err(reader.faults) }
}

struct Reader<'f> {
    file: &'f str,
    faults: Vec<Fault>,
}

fn line_of(node: Node<'_, '_>) -> usize {
    let at = node.document().text_pos_at(node.range().start);
    usize::try_from(at.row).unwrap_or(1)
}

fn elements<'a, 'i>(node: Node<'a, 'i>) -> impl Iterator<Item = Node<'a, 'i>> {
    node.children().filter(Node::is_element)
}

impl Reader<'_> {
    fn fault(&mut self, node: Node<'_, '_>, sentence: impl Into<String>) {
        self.faults.push(Fault::new(self.file, line_of(node), sentence.into()));
    }

    fn unknown(&mut self, node: Node<'_, '_>, inside: &str) {
        let name = node.tag_name().name().to_owned();
        self.fault(node, format!("<{name}> cannot stand in <{inside}>; see voice-flows/README.md"));
    }

    /// Only these attributes may stand on an element.
    fn only(&mut self, node: Node<'_, '_>, known: &[&str]) {
        for attribute in node.attributes() {
            if !known.contains(&attribute.name()) {
                let (name, on) = (attribute.name(), node.tag_name().name());
                self.fault(node, format!("{name}= means nothing on <{on}>; leave it out"));
            }
        }
    }

    fn needs<'a>(&mut self, node: Node<'a, '_>, name: &str) -> &'a str {
        node.attribute(name).unwrap_or_else(|| {
            let on = node.tag_name().name().to_owned();
            self.fault(node, format!("<{on}> needs {name}="));
            ""
        })
    }

    fn expr(&mut self, node: Node<'_, '_>, text: &str) -> Expr {
        Expr::read(text).unwrap_or_else(|fault| {
            self.fault(node, fault.to_string());
            Expr::Literal(super::Value::Undefined)
        })
    }

    fn optional_expr(&mut self, node: Node<'_, '_>, attribute: &str) -> Option<Expr> {
        node.attribute(attribute).map(|text| self.expr(node, text))
    }

    fn number<T: std::str::FromStr>(
        &mut self,
        node: Node<'_, '_>,
        attribute: &str,
        otherwise: T,
    ) -> T {
        let Some(text) = node.attribute(attribute) else { return otherwise };
        text.parse().unwrap_or_else(|_| {
            self.fault(node, format!("{attribute}=\"{text}\" is not a whole number"));
            otherwise
        })
    }

    /// `8s` or `800ms`, in milliseconds.
    fn milliseconds(&mut self, node: Node<'_, '_>, attribute: &str, otherwise: u32) -> u32 {
        let Some(text) = node.attribute(attribute) else { return otherwise };
        duration_ms(text).unwrap_or_else(|| {
            self.fault(node, format!("{attribute}=\"{text}\" is not a time; write 8s or 500ms"));
            otherwise
        })
    }

    /// Words outside a prompt, which VoiceXML would speak in some places and not in others.
    fn loose_words(&mut self, root: Node<'_, '_>) {
        const HOLD_WORDS: [&str; 5] = ["prompt", "audio", "say-as", "enumerate", "choice"];
        let holds = |node: &Node<'_, '_>| HOLD_WORDS.contains(&node.tag_name().name());
        for node in root.descendants().filter(|node| node.is_element() && !holds(node)) {
            let blank =
                |child: Node<'_, '_>| child.text().is_none_or(|words| words.trim().is_empty());
            if let Some(words) = node.children().find(|child| child.is_text() && !blank(*child)) {
                let inside = node.tag_name().name();
                self.fault(
                    words,
                    format!("words in <{inside}> are not heard; put them in a <prompt>"),
                );
            }
        }
    }

    fn document(&mut self, root: Node<'_, '_>) -> Document {
        let mut document = Document::default();
        if root.tag_name().name() != "vxml" {
            self.fault(root, "a flow begins with <vxml version=\"2.1\">");
            return document;
        }
        for node in elements(root) {
            match node.tag_name().name() {
                "form" => document.forms.extend(self.form(node)),
                "menu" => document.forms.extend(self.menu(node)),
                "var" => document.vars.extend(self.var(node)),
                "property" => document.properties.extend(self.property(node)),
                "noinput" | "nomatch" => document.handlers.extend(self.handler(node)),
                _ => self.unknown(node, "vxml"),
            }
        }
        if document.forms.is_empty() {
            self.fault(root, "a flow needs at least one <form> or <menu>");
        }
        document
    }

    fn var(&mut self, node: Node<'_, '_>) -> Option<Var> {
        self.only(node, &["name", "expr"]);
        let name = self.needs(node, "name").to_owned();
        Some(Var { name, expr: self.optional_expr(node, "expr"), line: line_of(node) })
    }

    fn property(&mut self, node: Node<'_, '_>) -> Option<Property> {
        self.only(node, &["name", "value"]);
        let name = match self.needs(node, "name") {
            // The schema wants a name token here, and a star is none.
            name if name == STAR => "burenhulp.key.*".to_owned(),
            name => match name.strip_prefix(STAR).and_then(|rest| rest.strip_prefix('.')) {
                Some(variable) => format!("burenhulp.key.*.{variable}"),
                None => name.to_owned(),
            },
        };
        let value = self.needs(node, "value").to_owned();
        let fits = match name.as_str() {
            "timeout" => duration_ms(&value).is_some(),
            "bargein" => value == "true" || value == "false",
            key => matches!(
                key.strip_prefix("burenhulp.key.").map(str::as_bytes),
                Some([b'0'..=b'9' | b'*'] | [b'0'..=b'9' | b'*', b'.', b'a'..=b'z', ..])
            ),
        };
        if !fits {
            self.fault(node, format!("the property {name}=\"{value}\" means nothing here"));
        }
        Some(Property { name, value, line: line_of(node) })
    }

    fn form(&mut self, node: Node<'_, '_>) -> Option<Form> {
        self.only(node, &["id"]);
        let id = node.attribute("id").unwrap_or_default().to_owned();
        let mut form = Form { id, line: line_of(node), ..Form::default() };
        for child in elements(node) {
            match child.tag_name().name() {
                "block" => {
                    self.only(child, &["cond", "name"]);
                    let actions = self.actions(child);
                    form.items.push(self.item(child, Kind::Block(actions)));
                }
                "field" => form.items.push(self.field(child)),
                "record" => form.items.push(self.record(child)),
                "object" => form.items.push(self.object(child)),
                "transfer" => form.items.push(self.transfer(child)),
                "property" => form.properties.extend(self.property(child)),
                "noinput" | "nomatch" => form.handlers.extend(self.handler(child)),
                _ => self.unknown(child, "form"),
            }
        }
        Some(form)
    }

    fn menu(&mut self, node: Node<'_, '_>) -> Option<Form> {
        self.only(node, &["id", "dtmf"]);
        let mut item = self.item(node, Kind::Block(Vec::new()));
        let mut choices = Vec::new();
        for child in elements(node) {
            match child.tag_name().name() {
                "choice" => choices.extend(self.choice(child)),
                // A menu leads elsewhere; nothing ever fills it.
                "filled" => self.unknown(child, "menu"),
                _ => self.part_of_item(child, &mut item, "menu"),
            }
        }
        item.kind = Kind::Menu(choices);
        let id = node.attribute("id").unwrap_or_default().to_owned();
        Some(Form { id, line: line_of(node), items: vec![item], ..Form::default() })
    }

    fn choice(&mut self, node: Node<'_, '_>) -> Option<Choice> {
        self.only(node, &["dtmf", "next"]);
        let key = self.needs(node, "dtmf").to_owned();
        let mut keys = key.chars();
        let (Some(key), None) = (keys.next().filter(|k| "0123456789*#".contains(*k)), keys.next())
        else {
            self.fault(node, "dtmf= is one key: 0 to 9, * or #");
            return None;
        };
        for inside in elements(node) {
            self.unknown(inside, "choice");
        }
        let next = self.form_named(node);
        let text = node.text().unwrap_or_default().trim().to_owned();
        Some(Choice { key, next, text, line: line_of(node) })
    }

    /// `next="#form"`, without its `#`.
    fn form_named(&mut self, node: Node<'_, '_>) -> String {
        let next = self.needs(node, "next").to_owned();
        match next.strip_prefix('#') {
            Some(form) => form.to_owned(),
            None => {
                self.fault(node, format!("next=\"{next}\" must name a form of this file: #name"));
                String::new()
            }
        }
    }
}

/// `8s` or `500ms`, in milliseconds.
pub(super) fn duration_ms(text: &str) -> Option<u32> {
    match text.strip_suffix("ms") {
        Some(ms) => ms.parse().ok(),
        None => text.strip_suffix('s')?.parse::<u32>().ok()?.checked_mul(1000),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::flow::tree::Action;

    const SMALL: &str = r##"<?xml version="1.0"?>
<vxml version="2.1" xmlns="http://www.w3.org/2001/vxml">
  <property name="burenhulp.key.0" value="#desk"/>
  <menu id="start">
    <prompt xml:lang="nl-NL">Wat kan een buurtgenoot voor u doen?
      <enumerate>Voor <value expr="_prompt"/>: toets <value expr="_dtmf"/>.</enumerate></prompt>
    <choice dtmf="1" next="#desk">boodschappen</choice>
    <noinput count="2"><goto next="#desk"/></noinput>
  </menu>
  <form id="desk">
    <object name="found" classid="builtin:find-desk">
      <prompt count="2">Een ogenblik.</prompt>
      <filled><if cond="found.result == 'closed'"><exit/><else/><disconnect/></if></filled>
    </object>
  </form>
</vxml>"##;

    #[test]
    fn a_small_flow_is_read_with_its_lines() {
        let document = read("small.vxml", SMALL).expect("no faults");
        let ids: Vec<_> = document.forms.iter().map(|f| (f.id.as_str(), f.line)).collect();
        assert_eq!(ids, [("start", 4), ("desk", 10)]);
        let Kind::Menu(choices) = &document.forms[0].items[0].kind else { panic!("a menu") };
        assert_eq!((choices[0].key, choices[0].next.as_str()), ('1', "desk"));
        let object = &document.forms[1].items[0];
        assert!(matches!(&object.kind, Kind::Object { door, .. } if door == "find-desk"));
        let [Action::If(branches)] = object.filled.as_slice() else { panic!("one if") };
        assert_eq!(branches.len(), 2);
    }

    #[test]
    fn every_fault_is_named_with_its_line_at_once() {
        let text = SMALL
            .replace("<exit/>", "<explode/>")
            .replace("dtmf=\"1\"", "dtmf=\"12\"")
            .replace("found.result ==", "found.result +");
        let faults = read("small.vxml", &text).expect_err("three faults");
        let lines: Vec<_> = faults.iter().map(|f| f.line).collect();
        assert_eq!(lines, [7, 13, 13], "{faults:?}");
        assert!(faults[0].to_string().starts_with("small.vxml:7: "), "{}", faults[0]);
    }

    #[test]
    fn the_star_is_spelt_out_because_it_is_no_name_in_xml() {
        let document = read("star.vxml", &SMALL.replace("key.0", "key.star")).expect("no faults");
        assert_eq!(document.properties[0].name, "burenhulp.key.*");
        assert!(read("letter.vxml", &SMALL.replace("key.0", "key.a")).is_err());
    }

    #[test]
    fn nothing_is_passed_over_in_silence() {
        let spoiled = |from: &str, to: &str| {
            assert!(SMALL.contains(from), "{from}");
            let faults = read("small.vxml", &SMALL.replace(from, to)).expect_err(to);
            assert_eq!(faults.len(), 1, "{faults:?}");
            (faults[0].line, faults[0].sentence.clone())
        };
        for (from, to, line, words) in [
            ("</if></filled>", "</if>Dag!</filled>", 13, "words in <filled> are not heard"),
            ("boodschappen</choice>", "<value expr=\"a\"/></choice>", 7, "<value> cannot stand in"),
            ("</menu>", "<filled><exit/></filled></menu>", 9, "<filled> cannot stand in <menu>"),
            ("burenhulp.key.0", "interdigittimeout", 3, "means nothing here"),
            ("Een ogenblik", "<say-as interpret-as=\"date\">1</say-as>", 12, "\"digits\" here"),
            ("prompt count", "prompt bargein=\"false\" count", 12, "bargein= means nothing on"),
        ] {
            let (at, told) = spoiled(from, to);
            assert!(at == line && told.contains(words), "{at}: {told}");
        }
    }

    #[test]
    fn a_file_that_is_not_xml_is_one_fault() {
        let faults = read("letter.vxml", "Beste buren,").expect_err("not XML");
        assert_eq!(faults.len(), 1);
        assert!(faults[0].sentence.contains("not XML"));
        let faults = read("open.vxml", "<vxml>\n<!-- open\n").expect_err("not XML");
        assert_eq!(faults[0].line, 2, "a line that is there");
    }

    proptest! {
        #[test]
        fn no_text_ever_panics(text in ".{0,300}", at in 0usize..900, cut in 0usize..60) {
            let _ = read("any.vxml", &text);
            let mut spoiled: Vec<char> = SMALL.chars().collect();
            let at = at.min(spoiled.len());
            let end = (at + cut).min(spoiled.len());
            spoiled.splice(at..end, text.chars().take(3));
            let _ = read("any.vxml", &spoiled.into_iter().collect::<String>());
        }
    }
}
