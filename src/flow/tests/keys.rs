//! Keys, silence and wrong keys.

use super::super::{Event, Wait};
use super::walk::{Walk, YES, text};
use crate::domain::Language;

const MENU: &str = r##"
<property name="burenhulp.key.0" value="#desk"/>
<property name="burenhulp.key.9" value="repeat"/>
<noinput><prompt>Rustig aan.</prompt></noinput>
<noinput count="3"><goto next="#desk"/></noinput>
<nomatch><prompt>Die toets hoort hier niet bij.</prompt></nomatch>
<nomatch count="3"><goto next="#desk"/></nomatch>
<menu id="services">
  <prompt>Zegt u het maar.</prompt>
  <prompt count="2">Nog een keer.</prompt>
  <choice dtmf="1" next="#shop">groceries</choice>
  <choice dtmf="2" next="#walk">dog</choice>
</menu>
<form id="shop"><field name="digits"><grammar src="builtin:digits?length=4"/><prompt>Postcode?</prompt></field>
  <block><prompt>Dat is <say-as interpret-as="digits"><value expr="digits"/></say-as>.</prompt></block></form>
<form id="walk"><field name="now"><grammar src="builtin:boolean"/><prompt>Nu?</prompt></field>
  <block><if cond="now"><prompt>Nu.</prompt><else/><prompt>Later.</prompt></if></block></form>
<form id="desk"><block><prompt>Het loket.</prompt><disconnect/></block></form>"##;

fn menu() -> Walk {
    let offers = [("offers.groceries", YES), ("offers.dog", YES)];
    Walk::with(MENU, Language::Nl, &offers)
}

#[test]
fn a_key_of_the_menu_leads_where_it_says() {
    let mut walk = menu();
    assert_eq!(walk.turn.wait, Wait::Keys { digits: Some(1), timeout: 8, barge_in: true });
    walk.keys("1");
    assert_eq!(walk.heard(), "Postcode?");
    assert_eq!(walk.turn.wait, Wait::Keys { digits: Some(4), timeout: 8, barge_in: true });
    walk.keys("2584");
    assert_eq!(walk.heard(), "Dat is 2, 5, 8, 4.");
    assert_eq!(walk.turn.wait, Wait::Exit, "nothing left to visit ends the flow");
}

#[test]
fn one_is_yes_and_two_is_no() {
    assert_eq!(menu().keys("2").keys("1").heard(), "Nu.");
    assert_eq!(menu().keys("2").keys("2").heard(), "Later.");
}

#[test]
fn a_service_that_is_not_offered_has_no_key() {
    let mut walk = Walk::with(MENU, Language::Nl, &[("offers.dog", YES)]);
    assert_eq!(walk.keys("1").heard(), "Die toets hoort hier niet bij. | Nog een keer.");
    assert_eq!(walk.keys("2").heard(), "Nu?");
}

#[test]
fn silences_and_wrong_keys_are_counted_apart_and_the_third_acts() {
    let mut walk = menu();
    walk.silence();
    assert_eq!(walk.heard(), "Rustig aan. | Nog een keer.");
    assert!(matches!(walk.turn.wait, Wait::Keys { timeout: 10, .. }), "more time the second time");
    walk.keys("7");
    assert_eq!(walk.heard(), "Die toets hoort hier niet bij. | Nog een keer.");
    walk.silence().keys("77");
    assert!(!walk.ended(), "two of each are not three of one");
    assert_eq!(walk.silence().heard(), "Het loket.");
    assert_eq!(walk.turn.wait, Wait::Disconnect);
}

#[test]
fn counters_begin_again_when_a_form_is_entered() {
    let mut walk = Walk::new(
        r##"<noinput count="2"><prompt>Tweede keer stil.</prompt></noinput>
        <nomatch><prompt>Fout.</prompt></nomatch>
        <menu id="a"><prompt>A.</prompt><choice dtmf="1" next="#b">b</choice></menu>
        <menu id="b"><prompt>B.</prompt><choice dtmf="1" next="#a">a</choice></menu>"##,
    );
    walk.silence().keys("1").silence();
    assert_eq!(walk.heard(), "B.", "one silence in each");
    assert_eq!(walk.silence().heard(), "Tweede keer stil. | B.");
    walk.keys("1").silence();
    assert_eq!(walk.heard(), "A.", "entering a again forgot its first silence");
}

#[test]
fn the_highest_count_wins_and_the_innermost_among_equals() {
    let mut walk = Walk::new(
        r##"<noinput><prompt>document 1</prompt></noinput>
        <noinput count="3"><prompt>document 3</prompt></noinput>
        <form id="a"><noinput><prompt>vorm 1</prompt></noinput>
          <noinput count="2"><prompt>vorm 2</prompt></noinput>
          <field name="ok"><grammar src="builtin:boolean"/>
            <prompt>Ja?</prompt><noinput><prompt>veld 1</prompt></noinput></field></form>"##,
    );
    let heard: Vec<_> = (0..4).map(|_| walk.silence().heard()).collect();
    assert_eq!(heard, ["veld 1 | Ja?", "vorm 2 | Ja?", "document 3 | Ja?", "document 3 | Ja?"]);
}

#[test]
fn without_a_handler_the_item_is_asked_again() {
    let ask = r#"<form id="a"><field name="ok"><grammar src="builtin:boolean"/><prompt>Goed?</prompt></field></form>"#;
    let mut walk = Walk::new(ask);
    assert_eq!(walk.silence().heard(), "Goed?");
    assert_eq!(walk.keys("8").heard(), "Goed?");
}

#[test]
fn nine_repeats_without_counting_and_zero_goes_to_the_desk() {
    let mut walk = menu();
    for _ in 0..5 {
        assert_eq!(walk.keys("9").heard(), "Zegt u het maar.");
    }
    assert_eq!(walk.silence().heard(), "Rustig aan. | Nog een keer.", "the first silence");
    assert_eq!(walk.keys("0").heard(), "Het loket.");
}

#[test]
fn a_lonely_global_key_counts_among_longer_digits_too() {
    assert_eq!(menu().keys("1").keys("0").heard(), "Het loket.");
    assert_eq!(menu().keys("1").keys("9").heard(), "Postcode?");
    let mut walk = menu();
    assert_eq!(walk.keys("1").keys("09").heard(), "Die toets hoort hier niet bij. | Postcode?");
    assert_eq!(walk.keys("9000").heard(), "Dat is 9, 0, 0, 0.", "digits, as they fit");
}

#[test]
fn a_key_that_the_item_needs_is_not_global_there() {
    let one_digit = r##"<property name="burenhulp.key.2" value="#desk"/>
        <form id="a">
          <field name="ok"><grammar src="builtin:boolean"/><prompt>Goed?</prompt></field>
          <field name="n"><grammar src="builtin:digits?length=1"/><prompt>Hoeveel?</prompt></field>
          <block><prompt>Klaar.</prompt></block></form>
        <form id="desk"><block><prompt>Het loket.</prompt></block></form>"##;
    let mut walk = Walk::new(one_digit);
    assert_eq!(walk.keys("2").heard(), "Hoeveel?");
    assert_eq!(walk.keys("2").heard(), "Klaar.");
    let mut menu_with_nine = Walk::new(
        r##"<property name="burenhulp.key.9" value="repeat"/>
        <menu id="a"><prompt>A.</prompt><choice dtmf="9" next="#b">b</choice></menu>
        <form id="b"><block><prompt>B.</prompt></block></form>"##,
    );
    assert_eq!(menu_with_nine.keys("9").heard(), "B.");
}

#[test]
fn inner_settings_win_and_an_empty_one_switches_a_key_off() {
    let mut walk = Walk::new(
        r##"<property name="burenhulp.key.0" value="#desk"/>
        <property name="timeout" value="5s"/>
        <form id="a"><property name="timeout" value="3500ms"/>
          <field name="x"><grammar src="builtin:boolean"/><prompt>X?</prompt>
            <property name="burenhulp.key.0" value=""/><property name="bargein" value="false"/></field>
          <field name="y"><grammar src="builtin:boolean"/><prompt>Y?</prompt></field></form>
        <form id="desk"><block><prompt>Het loket.</prompt></block></form>"##,
    );
    assert_eq!(walk.turn.wait, Wait::Keys { digits: Some(1), timeout: 4, barge_in: false });
    assert_eq!(walk.keys("0").heard(), "X?", "switched off: a wrong key");
    assert_eq!(walk.keys("1").heard(), "Y?");
    assert_eq!(walk.turn.wait, Wait::Keys { digits: Some(1), timeout: 4, barge_in: true });
    assert_eq!(walk.keys("0").heard(), "Het loket.");
    assert!(matches!(
        Walk::new(
            r##"<property name="timeout" value="4s"/><property name="timeout" value="5s"/>
            <menu id="a"><prompt>A.</prompt><choice dtmf="1" next="#a"/></menu>"##
        )
        .turn
        .wait,
        Wait::Keys { timeout: 5, .. }
    ));
}

#[test]
fn an_event_of_the_wrong_kind_is_silence() {
    for event in
        [Event::Recorded { seconds: 3 }, Event::Returned([].into()), Event::Keys("".into())]
    {
        assert_eq!(menu().event(event).heard(), "Rustig aan. | Nog een keer.");
    }
}

#[test]
fn keys_stay_out_of_debug() {
    let mut walk = menu();
    walk.keys("1").keys("2584");
    let shown =
        format!("{:?} {:?} {:?}", walk.position(), Event::Keys("2584".into()), text("2584"));
    assert!(!shown.contains("2584"), "{shown}");
}
