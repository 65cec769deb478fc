//! Forms, variables, objects, recordings, transfers and endings.

use super::super::{Event, FlowError, Flows, Value, Vars, Wait};
use super::walk::{Walk, YES, files, flows, text};
use crate::domain::Language;

#[test]
fn a_form_visits_what_holds_nothing_and_whose_condition_holds_in_order() {
    let mut walk = Walk::with(
        r##"<var name="greeting" expr="'Dag'"/><var name="place" expr="'hier'"/>
        <form id="a">
          <block cond="known"><prompt>Welkom terug.</prompt></block>
          <block cond="!known"><prompt><value expr="greeting"/>.</prompt></block>
          <field name="now" cond="!known"><grammar src="builtin:boolean"/><prompt>Nu?</prompt></field>
          <block cond="now"><prompt>Goed, <value expr="place"/>.</prompt><disconnect/></block>
        </form>"##,
        Language::Nl,
        &[("place", text("Dokkum"))],
    );
    assert_eq!(walk.heard(), "Dag. | Nu?", "the file's first value, the item with its condition");
    assert_eq!(walk.keys("1").heard(), "Goed, Dokkum.", "the session's value wins");
    assert_eq!(walk.turn.wait, Wait::Disconnect);
}

#[test]
fn entering_a_form_forgets_its_items_and_keeps_the_rest() {
    let mut walk = Walk::new(
        r##"<form id="a"><field name="digits"><grammar src="builtin:digits?length=2"/><prompt>Cijfers?</prompt></field>
          <object name="place" classid="builtin:look-up-place"><param name="digits" expr="digits"/></object>
          <block><prompt>Was <value expr="place.name"/>.</prompt><goto next="#b"/></block></form>
        <form id="b"><field name="ok"><grammar src="builtin:boolean"/><prompt>Klopt <value expr="place.name"/>?</prompt></field>
          <block cond="ok"><exit/></block><block><goto next="#a"/></block></form>"##,
    );
    walk.keys("25");
    let params = Vars::from([("digits".into(), text("25"))]);
    assert_eq!(walk.turn.wait, Wait::Object { name: "look-up-place".into(), params });
    walk.returns(&[("name", text("Laak")), ("found", YES)]);
    assert_eq!(walk.heard(), "Was Laak. | Klopt Laak?");
    assert_eq!(walk.keys("2").heard(), "Cijfers?", "back in a: asked anew");
    walk.keys("26").returns(&[("found", Value::Bool(false))]);
    assert_eq!(walk.heard(), "Was. | Klopt?", "an earlier answer does not linger");
    assert_eq!(walk.keys("1").turn.wait, Wait::Exit);
}

const SEARCH: &str = r##"<form id="search">
    <object name="search" classid="builtin:find-neighbour">
      <prompt>Wij zoeken iemand.</prompt>
      <prompt count="2">Wij bellen iemand anders.</prompt>
      <filled><if cond="search.result == 'connected'"><prompt>Verbonden.</prompt>
        <elseif cond="search.result == 'nobody'"/><prompt>Niemand vrij.</prompt>
        <else/><prompt>Iets anders.</prompt></if></filled>
    </object>
    <block cond="search"><prompt>Dag.</prompt><disconnect/></block></form>"##;

#[test]
fn a_search_that_rings_again_says_so_before_every_further_ring() {
    let mut walk = Walk::new(SEARCH);
    assert_eq!(walk.heard(), "Wij zoeken iemand.");
    for _ in 0..3 {
        walk.returns(&[("again", YES)]);
        assert_eq!(walk.heard(), "Wij bellen iemand anders.");
        assert!(matches!(&walk.turn.wait, Wait::Object { name, .. } if name == "find-neighbour"));
    }
    walk.returns(&[("result", text("nobody")), ("", Value::Bool(false))]);
    assert_eq!(walk.heard(), "Niemand vrij. | Dag.", "the object itself is true afterwards");
    assert_eq!(walk.turn.wait, Wait::Disconnect);
}

#[test]
fn the_first_branch_that_holds_is_the_only_one() {
    let end = |word| Walk::new(SEARCH).returns(&[("result", text(word))]).heard();
    assert_eq!(end("connected"), "Verbonden. | Dag.");
    assert_eq!(end("closed"), "Iets anders. | Dag.");
}

#[test]
fn a_recording_is_true_with_its_seconds() {
    let mut walk = Walk::new(
        r##"<form id="a"><record name="msg" maxtime="90s" finalsilence="3s" beep="true"><prompt>Na de toon.</prompt></record>
          <block cond="msg"><prompt>Dat was <value expr="msg$.duration"/>.</prompt></block></form>"##,
    );
    assert_eq!(walk.turn.wait, Wait::Record { max_seconds: 90, final_silence: 3, beep: true });
    assert_eq!(walk.event(Event::Recorded { seconds: 12 }).heard(), "Dat was 12.");
}

#[test]
fn a_transfer_tells_how_it_ended() {
    let mut walk = Walk::new(
        r##"<form id="a"><transfer name="put" dest="tel:+31700090001"><prompt>Een ogenblik.</prompt></transfer>
          <block cond="put == 'busy' &amp;&amp; put.result == 'busy'"><prompt>In gesprek.</prompt></block></form>"##,
    );
    assert_eq!(walk.turn.wait, Wait::Transfer { dest: "tel:+31700090001".into() });
    assert_eq!(walk.returns(&[("result", text("busy"))]).heard(), "In gesprek.");
}

#[test]
fn a_field_that_is_emptied_is_asked_again() {
    let mut walk = Walk::new(
        r##"<form id="a"><field name="code"><grammar src="builtin:digits?length=2"/>
          <prompt>Code?</prompt><prompt count="2">Nog eens?</prompt>
          <filled><if cond="code != '42'"><prompt>Nee.</prompt><assign name="code" expr="undefined"/></if></filled></field>
          <block><prompt>Ja.</prompt></block></form>"##,
    );
    assert_eq!(walk.keys("11").heard(), "Nee. | Nog eens?");
    assert_eq!(walk.keys("42").heard(), "Ja.");
}

#[test]
fn a_circle_without_a_wait_is_an_error_and_not_a_hang() {
    let circle = r##"<form id="a"><block><goto next="#b"/></block></form>
        <form id="b"><block><goto next="#a"/></block></form>"##;
    let error = flows(circle).start("caller", Language::Nl, Vars::new()).expect_err("a circle");
    assert!(matches!(error, FlowError::Loop { .. }), "{error}");
}

#[test]
fn a_flow_that_has_ended_stays_ended() {
    let mut walk =
        Walk::new(r#"<form id="a"><block><prompt>Dag.</prompt><disconnect/></block></form>"#);
    for event in [Event::Silence, Event::Keys("1".into()), Event::Returned(Vars::new())] {
        walk.event(event);
        assert_eq!((walk.heard().as_str(), &walk.turn.wait), ("", &Wait::Disconnect));
    }
}

#[test]
fn a_position_of_other_files_or_another_form_is_refused() {
    let walk = Walk::new(SEARCH);
    let other = flows(&SEARCH.replace("Dag.", "Tot ziens."));
    let error = other.resume(walk.position(), Event::Silence).expect_err("other files");
    assert!(matches!(error, FlowError::OtherVersion { .. }), "{error}");

    let mut stored = serde_json::to_value(walk.position()).expect("JSON");
    stored["v"] = 2.into();
    let later = serde_json::from_value(stored.clone()).expect("still a position");
    let error = flows(SEARCH).resume(later, Event::Silence).expect_err("another form");
    assert_eq!(error, FlowError::OtherForm(2));

    stored["v"] = 1.into();
    stored["form"] = 99.into();
    let lost = serde_json::from_value(stored).expect("still a position");
    let error = flows(SEARCH).resume(lost, Event::Silence).expect_err("no such form");
    assert_eq!(error, FlowError::Damaged("caller".into()));
}

#[test]
fn a_flow_that_is_not_there_is_named() {
    let error = flows(SEARCH).start("party", Language::Nl, Vars::new()).expect_err("no such flow");
    assert_eq!(error, FlowError::NoSuchFlow("party".into()));
}

#[test]
fn the_version_follows_the_files_and_the_files_read_back() {
    let (one, two) = (flows(SEARCH), flows(&SEARCH.replace("Dag.", "Tot ziens.")));
    assert_ne!(one.version(), two.version());
    let stored = serde_json::from_str(one.files()).expect("files");
    assert_eq!(Flows::reopen(&stored).expect("the same files").version(), one.version());
    assert_eq!(stored, files(SEARCH));
}

#[test]
fn the_built_in_flows_greet_and_ask() {
    let flows = Flows::built_in();
    for language in Language::ALL {
        for flow in ["caller", "neighbour", "desk"] {
            let (position, turn) = flows.start(flow, language, Vars::new()).expect(flow);
            assert!(!turn.spoken.is_empty() && matches!(turn.wait, Wait::Keys { .. }), "{flow}");
            assert_eq!((position.language(), position.version()), (language, flows.version()));
        }
    }
}
