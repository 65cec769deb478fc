//! Which prompts are heard, in which words and which language.

use super::super::{Utterance, Value};
use super::walk::{Walk, YES, text};
use crate::domain::Language;

const MENU: &str = r##"<menu id="a">
    <prompt xml:lang="nl-NL">Kiest u maar. <enumerate>Voor <value expr="_prompt"/>: toets <value expr="_dtmf"/>.</enumerate></prompt>
    <prompt xml:lang="en-GB">What would you like? <enumerate/></prompt>
    <choice dtmf="1" next="#b">groceries</choice>
    <choice dtmf="2" next="#b">dog</choice>
    <choice dtmf="*" next="#b">iets anders</choice>
    <choice dtmf="5" next="#b"/>
  </menu>
  <form id="b"><block><prompt>Goed.</prompt></block></form>"##;

#[test]
fn a_menu_names_what_is_offered_in_the_words_of_the_catalogue() {
    let both = [("offers.groceries", YES), ("offers.dog", YES)];
    assert_eq!(
        Walk::with(MENU, Language::Nl, &both).heard(),
        "Kiest u maar. Voor boodschappen: toets 1. Voor de hond: toets 2. Voor iets anders: toets sterretje."
    );
    assert_eq!(
        Walk::with(
            MENU,
            Language::En,
            &[("offers.dog", YES), ("offers.groceries", Value::Bool(false))]
        )
        .heard(),
        "What would you like? For the dog, press 2. For iets anders, press star."
    );
    let mut walk = Walk::with(MENU, Language::Nl, &[]);
    assert_eq!(walk.keys("5").heard(), "Goed.", "a choice without words has a key all the same");
}

#[test]
fn assigning_the_language_changes_what_is_spoken_from_there_on() {
    let two = r##"<form id="a">
        <block><prompt xml:lang="nl-NL">Dag.</prompt><prompt xml:lang="en-GB">Hello.</prompt>
          <assign name="language" expr="'en'"/>
          <prompt xml:lang="nl-NL">Tot ziens.</prompt><prompt xml:lang="en-GB">Goodbye.</prompt>
          <assign name="language" expr="'fries'"/><assign name="language" expr="undefined"/>
          <prompt cond="language == 'en'">OK</prompt></block></form>"##;
    let walk = Walk::new(two);
    assert_eq!(walk.heard(), "Dag. | Goodbye. | OK");
    assert_eq!(walk.position().language(), Language::En);
    let voices: Vec<_> = walk.turn.spoken.iter().map(language_of).collect();
    assert_eq!(voices, [Language::Nl, Language::En, Language::En]);
}

#[test]
fn a_condition_on_the_language_lets_a_dutch_flow_say_one_english_sentence() {
    let ask = r##"<menu id="a"><prompt xml:lang="nl-NL">Zegt u het maar.</prompt>
        <prompt xml:lang="en-GB">Go ahead.</prompt>
        <prompt xml:lang="en-GB" cond="more_languages &amp;&amp; language == 'nl'">For English, press 8.</prompt>
        <prompt xml:lang="en-GB" cond="more_languages">Never in Dutch.</prompt>
        <choice dtmf="8" next="#b"/></menu>
        <form id="b"><block><prompt>Goed.</prompt></block></form>"##;
    let more = [("more_languages", YES)];
    let walk = Walk::with(ask, Language::Nl, &more);
    assert_eq!(walk.heard(), "Zegt u het maar. | For English, press 8.");
    assert_eq!(language_of(&walk.turn.spoken[1]), Language::En);
    assert_eq!(Walk::with(ask, Language::En, &more).heard(), "Go ahead. | Never in Dutch.");
    assert_eq!(Walk::new(ask).heard(), "Zegt u het maar.");
}

#[test]
fn of_several_prompts_those_with_the_highest_count_reached_are_heard() {
    let mut walk = Walk::new(
        r##"<form id="a"><field name="x"><grammar src="builtin:boolean"/>
        <prompt>Een.</prompt><prompt cond="known">Bekend.</prompt>
        <prompt count="3">Drie.</prompt><prompt count="3">En nog wat.</prompt>
        <prompt count="4" cond="known">Vier.</prompt></field></form>"##,
    );
    assert_eq!(walk.heard(), "Een.");
    assert_eq!(walk.silence().heard(), "Een.");
    assert_eq!(walk.silence().heard(), "Drie. | En nog wat.");
    assert_eq!(walk.silence().heard(), "Drie. | En nog wat.");
}

#[test]
fn words_join_and_recordings_and_silences_stand_apart() {
    let sounds = r##"<form id="a"><block>
        <prompt>Dag, <break time="1s"/><audio src="groet.wav">dit is <value expr="name"/></audio>.
          U hoort (<value expr="name"/>): <audio expr="note">geen bericht</audio>! <value expr="missing"/></prompt>
        </block></form>"##;
    let none = Walk::with(sounds, Language::Nl, &[("name", text("Buren & co"))]);
    assert_eq!(none.heard(), "Dag, | <1000> | [groet.wav] | U hoort (Buren & co): geen bericht!");
    let play = Utterance::Play {
        src: "groet.wav".into(),
        text: "dit is Buren & co".into(),
        language: Language::Nl,
    };
    assert_eq!(none.turn.spoken[2], play);
    let note = Walk::with(sounds, Language::Nl, &[("note", text("https://x/n.wav"))]);
    assert!(note.heard().ends_with("[https://x/n.wav]"), "{}", note.heard());
}

fn language_of(utterance: &Utterance) -> Language {
    match utterance {
        Utterance::Say { language, .. } | Utterance::Play { language, .. } => *language,
        Utterance::Pause { .. } => Language::Nl,
    }
}
