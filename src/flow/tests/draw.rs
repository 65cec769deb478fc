//! The diagram: everything that can happen in a flow can be found on it.

use super::super::{FlowError, Flows};
use super::walk::flows;
use crate::domain::Language;

const SMALL: &str = r##"
<property name="burenhulp.key.0" value="#desk"/><property name="burenhulp.key.9" value="repeat"/>
<noinput count="3"><goto next="#desk"/></noinput>
<menu id="start"><prompt xml:lang="nl-NL">Zegt u het maar, &lt;buur&gt;.</prompt>
  <prompt xml:lang="en-GB">Go ahead.</prompt>
  <choice dtmf="1" next="#search">groceries</choice></menu>
<form id="search"><object name="search" classid="builtin:find-neighbour">
  <filled><if cond="search.result == 'connected'"><disconnect/></if><goto next="#start"/></filled></object></form>
<form id="desk"><record name="said" maxtime="30s"/><block><exit/></block></form>"##;

/// The texts of a diagram, in order.
fn texts(svg: &str) -> Vec<String> {
    let xml = roxmltree::Document::parse(svg).expect("an SVG file is XML");
    assert_eq!(xml.root_element().tag_name().name(), "svg");
    let texts = xml.descendants().filter(|node| node.has_tag_name("text"));
    texts.map(|node| node.text().unwrap_or_default().to_owned()).collect()
}

#[test]
fn a_diagram_names_forms_words_keys_and_conditions() {
    let flows = flows(SMALL);
    let dutch = texts(&flows.draw("caller", Language::Nl).expect("a diagram"));
    for wanted in [
        "#start",
        "Zegt u het maar, <buur>.",
        "1 boodschappen",
        "#search",
        "find-neighbour, may hang up",
        "#desk",
        "records 30 s, ends",
        "Everywhere: 9 again   \u{b7}   0 \u{2192} #desk   \u{b7}   noinput 3\u{d7} \u{2192} #desk",
    ] {
        assert!(dutch.iter().any(|text| text == wanted), "{wanted}: {dutch:#?}");
    }
    let english = texts(&flows.draw("caller", Language::En).expect("a diagram"));
    assert!(
        english.contains(&"1 shopping".to_owned()) && english.contains(&"Go ahead.".to_owned())
    );
}

#[test]
fn every_form_of_the_built_in_flows_is_on_their_diagrams() {
    let flows = Flows::built_in();
    for flow in flows.names() {
        let texts = texts(&flows.draw(flow, Language::Nl).expect(flow));
        let files: super::super::Files = serde_json::from_str(flows.files()).expect("files");
        let ids = files[&format!("{flow}.vxml")].split(" id=\"").skip(1);
        for id in ids.filter_map(|rest| rest.split('"').next()) {
            assert!(texts.contains(&format!("#{id}")), "{flow} {id}");
        }
    }
}

#[test]
fn what_xml_cannot_hold_does_not_spoil_a_diagram() {
    let mut files = super::walk::files(SMALL);
    let name = r#"name = { nl = "a & b\"<c>\u0007", en = "b" }"#;
    let from = r#"name = { nl = "boodschappen", en = "shopping" }"#;
    let services = files["services.toml"].replace(from, name);
    files.insert("services.toml".into(), services);
    let svg = Flows::reopen(&files).expect("readable").draw("caller", Language::Nl);
    assert!(texts(&svg.expect("a diagram")).contains(&"1 a & b\"<c>".to_owned()));
}

#[test]
fn a_flow_that_is_not_there_is_not_drawn() {
    let missing = flows(SMALL).draw("party", Language::Nl);
    assert_eq!(missing, Err(FlowError::NoSuchFlow("party".into())));
}
