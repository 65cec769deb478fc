//! What the house asks of flows. One sound flow, spoiled in one way at a time: each time just
//! that is told, with its line.

use super::super::{Files, Flows};
use super::walk::{SERVICES, files};
use crate::domain::Language;

/// Begins on line 1 of the file; sound.
const SOUND: &str = r##"
<property name="burenhulp.key.0" value="#desk"/>
<property name="burenhulp.key.9" value="repeat"/>
<noinput><prompt xml:lang="nl-NL">Rustig aan.</prompt><prompt xml:lang="en-GB">Take your time.</prompt></noinput>
<nomatch count="2"><goto next="#desk"/></nomatch>
<var name="service" expr="'groceries'"/>
<menu id="start">
  <prompt xml:lang="nl-NL">Wat kan een buurtgenoot doen? <enumerate/></prompt>
  <prompt xml:lang="en-GB">What could a neighbour do? <enumerate/></prompt>
  <choice dtmf="1" next="#search">groceries</choice>
  <choice dtmf="2" next="#dog">dog</choice>
</menu>
<form id="dog"><block><assign name="service" expr="'dog'"/><goto next="#search"/></block></form>
<form id="search">
  <object name="search" classid="builtin:find-neighbour">
    <param name="service" expr="service"/>
    <filled>
      <if cond="search.result == 'connected'">
        <disconnect/>
      </if>
      <prompt xml:lang="nl-NL">Er is niemand vrij.</prompt>
      <prompt xml:lang="en-GB">Nobody is free.</prompt>
      <goto next="#start"/>
    </filled>
  </object>
</form>
<form id="desk">
  <object name="desk" classid="builtin:find-desk"/>
  <block><disconnect/></block>
</form>"##;

fn faults_of(files: &Files) -> Vec<String> {
    let faults = Flows::read(files).err().unwrap_or_default();
    faults.iter().map(ToString::to_string).collect()
}

/// The sound flow with one piece replaced, and what is told about it.
fn spoiled(from: &str, to: &str) -> Vec<String> {
    assert!(SOUND.contains(from), "{from}");
    faults_of(&files(&SOUND.replacen(from, to, 1)))
}

#[track_caller]
fn tells(from: &str, to: &str, expected: &[(usize, &str)]) {
    let told = spoiled(from, to);
    let fits = told.len() == expected.len()
        && told.iter().zip(expected).all(|(told, (line, words))| {
            told.starts_with(&format!("caller.vxml:{line}: ")) && told.contains(words)
        });
    assert!(fits, "expected {expected:?}, was told:\n{}", told.join("\n"));
}

#[test]
fn a_sound_flow_has_no_fault() {
    assert_eq!(faults_of(&files(SOUND)), Vec::<String>::new());
}

#[test]
fn the_built_in_flows_have_no_fault() {
    let files = serde_json::from_str(Flows::built_in().files()).expect("files");
    assert_eq!(faults_of(&files), Vec::<String>::new());
}

#[test]
fn every_way_leads_to_a_form_that_is_there() {
    let gone = "there is no form #party";
    tells("next=\"#dog\"", "next=\"#party\"", &[(11, gone)]);
    tells("<goto next=\"#start\"/>", "<goto next=\"#party\"/>", &[(23, gone)]);
    tells("count=\"2\"><goto next=\"#desk\"/>", "><goto next=\"#party\"/>", &[(5, gone)]);
    tells("key.0\" value=\"#desk\"", "key.0\" value=\"#party\"", &[(2, gone)]);
}

#[test]
fn a_global_key_leads_to_a_form_or_repeats() {
    tells("value=\"repeat\"", "value=\"again\"", &[(3, "\"again\" is neither")]);
}

#[test]
fn a_form_has_its_id_alone() {
    tells(
        "<form id=\"dog\">",
        "<form id=\"search\">",
        &[(11, "no form #dog"), (14, "already the form of line 13")],
    );
}

#[test]
fn a_form_that_nobody_gets_to_is_told() {
    tells(
        "  <choice dtmf=\"2\" next=\"#dog\">dog</choice>\n",
        "\n",
        &[(13, "nobody ever gets to #dog")],
    );
}

#[test]
fn a_form_that_runs_out_is_a_dead_end() {
    tells(
        "<goto next=\"#search\"/></block></form>",
        "</block></form>",
        &[(13, "#dog can come to an end")],
    );
    tells(
        "<goto next=\"#start\"/>",
        "<if cond=\"service\"><goto next=\"#start\"/></if>",
        &[(14, "#search can come to an end")],
    );
}

#[test]
fn from_everywhere_there_is_a_way_to_an_end() {
    let told = spoiled("<disconnect/>\n      </if>", "</if>").len();
    assert_eq!(told, 0, "the desk still ends");
    let inside = SOUND.replace("<disconnect/>", "<goto next=\"#start\"/>");
    let told = faults_of(&files(&inside));
    assert_eq!(told.len(), 4, "{told:#?}");
    assert!(told.iter().all(|fault| fault.contains("nobody ever gets to an end")), "{told:#?}");
}

#[test]
fn a_circle_on_which_nobody_is_asked_anything_is_told_once() {
    tells(
        "<goto next=\"#start\"/>",
        "<goto next=\"#dog\"/>",
        &[(13, "#dog to #search and back: nobody is asked")],
    );
    tells(
        "<disconnect/></block>",
        "<if cond=\"desk.result == 'closed'\"><goto next=\"#desk\"/></if><disconnect/></block>",
        &[(27, "#desk and back")],
    );
    let perhaps = "<field name=\"sure\" cond=\"known\"><grammar src=\"builtin:boolean\"/><prompt>Ja?</prompt></field>";
    tells(
        "<block><disconnect/></block>",
        &format!(
            "{perhaps}<block cond=\"sure\"><disconnect/></block><block><goto next=\"#desk\"/></block>"
        ),
        &[(27, "#desk and back")],
    );
    let surely = perhaps.replace(" cond=\"known\"", "");
    tells(
        "<block><disconnect/></block>",
        &format!(
            "{surely}<block cond=\"sure\"><disconnect/></block><block><goto next=\"#desk\"/></block>"
        ),
        &[],
    );
}

#[test]
fn whoever_presses_nothing_or_something_else_is_told_what_to_do() {
    tells("<nomatch count=\"2\"><goto next=\"#desk\"/></nomatch>", "", &[(7, "add a <nomatch>")]);
    let silent = "<noinput><prompt xml:lang=\"nl-NL\">Rustig aan.</prompt><prompt xml:lang=\"en-GB\">Take your time.</prompt></noinput>";
    tells(silent, "", &[(7, "add a <noinput>")]);
    let of_the_menu = "<menu id=\"start\"><noinput><disconnect/></noinput>";
    assert_eq!(spoiled(silent, "\n").len(), 1);
    let moved = SOUND.replace(silent, "").replace("<menu id=\"start\">", of_the_menu);
    assert_eq!(faults_of(&files(&moved)), Vec::<String>::new(), "one in the menu will do");
}

#[test]
fn a_menu_has_at_most_five_choices_beside_zero_nine_and_the_star() {
    let choices = |keys: &str| -> String {
        keys.chars().map(|key| format!("<choice dtmf=\"{key}\" next=\"#desk\"/>")).collect()
    };
    tells("</menu>", &format!("{}</menu>", choices("34509*")), &[]);
    tells("</menu>", &format!("{}</menu>", choices("345609*")), &[(7, "this menu has 6 choices")]);
    tells("</menu>", &format!("{}</menu>", choices("2")), &[(12, "key 2 is taken")]);
}

#[test]
fn what_is_said_in_one_language_is_said_in_the_other() {
    let missing = "nothing to hear in English here";
    tells("<prompt xml:lang=\"en-GB\">Nobody is free.</prompt>", "", &[(21, missing)]);
    tells(
        "<prompt xml:lang=\"en-GB\">What could a neighbour do? <enumerate/></prompt>",
        "",
        &[(8, missing)],
    );
    tells(
        "<prompt xml:lang=\"en-GB\">Nobody is free.</prompt>",
        "<prompt xml:lang=\"en-GB\" cond=\"kind != 'b'\">Nobody is free.</prompt>",
        &[(21, missing)],
    );
    tells("xml:lang=\"en-GB\">Take", "xml:lang=\"en-GB\" cond=\"known\">Take", &[(4, missing)]);
    tells(
        "  <choice dtmf=\"1\"",
        "  <prompt xml:lang=\"nl-NL\" count=\"2\">Nog eens: toets 1.</prompt><choice dtmf=\"1\"",
        &[],
    );
    tells(
        "<prompt xml:lang=\"en-GB\">Nobody is free.</prompt>",
        "<prompt xml:lang=\"en-GB\" cond=\"kind == 'a'\">A.</prompt><prompt xml:lang=\"en-GB\" cond=\"kind != 'a'\">B.</prompt>",
        &[],
    );
}

#[test]
fn a_question_is_never_silent() {
    let never = SOUND
        .replace("<prompt xml:lang=\"nl-NL\">Wat", "<prompt cond=\"known\" xml:lang=\"nl-NL\">Wat")
        .replace(
            "<prompt xml:lang=\"en-GB\">What",
            "<prompt cond=\"known\" xml:lang=\"en-GB\">What",
        );
    let told = faults_of(&files(&never));
    assert_eq!(told.len(), 1, "{told:#?}");
    assert!(told[0].starts_with("caller.vxml:7: at this question"), "{told:#?}");
}

#[test]
fn flows_in_one_language_are_sound_until_a_line_offers_the_other() {
    let dutch: String =
        SOUND.lines().filter(|line| !line.contains("en-GB")).collect::<Vec<_>>().join("\n")
            + "<noinput><prompt xml:lang=\"nl-NL\">Rustig aan.</prompt></noinput>";
    let flows = Flows::read(&files(&dutch)).expect("sound in Dutch");
    assert_eq!(flows.speak(&[Language::Nl]), Ok(()));
    let told = flows.speak(&Language::ALL).expect_err("silent in English");
    assert_eq!(told.len(), 3, "{told:#?}");
    assert!(told.iter().all(|fault| fault.sentence.contains("English")), "{told:#?}");
}

#[test]
fn nobody_listens_longer_than_twenty_seconds() {
    let words = |n: usize| format!("Er is {}vrij.", "heel ".repeat(n - 3));
    tells("Er is niemand vrij.", &words(46), &[]);
    tells("Er is niemand vrij.", &words(47), &[(21, "21 s to hear in Dutch (47 words)")]);
    // The two services make nine words, an unspoken alternative makes none.
    tells("Wat kan een buurtgenoot doen?", &words(37), &[]);
    tells("Wat kan een buurtgenoot doen?", &words(38), &[(8, "(47 words)")]);
    let either = format!(
        "<if cond=\"known\"><prompt>{}</prompt><else/><prompt>{}</prompt></if><prompt xml:lang=\"nl-NL\">Er is niemand vrij.",
        words(40),
        words(42)
    );
    tells("<prompt xml:lang=\"nl-NL\">Er is niemand vrij.", &either, &[]);
    let away = format!(
        "<if cond=\"known\"><prompt>{}</prompt><goto next=\"#desk\"/></if><prompt xml:lang=\"nl-NL\">Er is niemand vrij.",
        words(43)
    );
    tells("<prompt xml:lang=\"nl-NL\">Er is niemand vrij.", &away, &[]);
}

#[test]
fn words_that_make_a_neighbour_into_a_case_are_refused() {
    tells(
        "een buurtgenoot doen",
        "een vrijwilliger doen",
        &[(8, "\"vrijwilliger\" is not said here")],
    );
    tells("a neighbour do", "a volunteer do", &[(9, "\"volunteer\" is not said here")]);
    tells("2\" next=\"#dog\">dog", "2\" next=\"#dog\">mantelzorg", &[(11, "\"mantelzorg\"")]);
    let mut spoiled = files(SOUND);
    let services = SERVICES.replace("a hand with shopping", "shopping for the needy");
    spoiled.insert("services.toml".into(), format!("# needy is no word of ours{services}"));
    let told = faults_of(&spoiled);
    assert_eq!(told.len(), 1, "{told:#?}");
    assert!(told[0].starts_with("services.toml:5: \"needy\""), "{told:#?}");
}

#[test]
fn doors_are_called_by_their_names_and_given_what_they_need() {
    tells(
        "builtin:find-desk",
        "builtin:find-desks",
        &[(28, "there is no builtin:find-desks; there are look-up-place")],
    );
    tells(
        "<param name=\"service\" expr=\"service\"/>",
        "",
        &[(15, "needs <param name=\"service\"")],
    );
    tells(
        "<param name=\"service\"",
        "<param name=\"colour\" value=\"red\"/><param name=\"service\"",
        &[(15, "no use for the param \"colour\"")],
    );
    tells(
        "search.result ==",
        "search.resutl ==",
        &[(15, "search.resutl is never set; search returns result")],
    );
    let answer = "builtin:answer\"><param name=\"is\" value=\"perhaps\"/></object>";
    tells("builtin:find-desk\"/>", answer, &[(28, "nobody answers \"perhaps\"")]);
}

#[test]
fn services_are_those_of_the_catalogue() {
    let none = "there is no service \"cat\"";
    tells("expr=\"'dog'\"", "expr=\"'cat'\"", &[(13, none)]);
    tells("expr=\"'groceries'\"", "expr=\"'cat'\"", &[(6, none)]);
    tells("expr=\"'groceries'\"", "expr=\"offers.dog || offers.cat\"", &[(6, none)]);
    tells("name=\"service\" expr=\"service\"", "name=\"service\" value=\"cat\"", &[(15, none)]);
    tells(
        "<prompt xml:lang=\"nl-NL\">Er",
        "<prompt cond=\"offers.cat\">Kat.</prompt><prompt xml:lang=\"nl-NL\">Er",
        &[(21, none)],
    );
}

#[test]
fn a_transfer_goes_to_a_telephone_and_a_language_is_spoken_here() {
    let transfer = |dest| format!("<transfer name=\"put\" dest=\"{dest}\"/><object name=\"desk\"");
    tells("<object name=\"desk\"", &transfer("tel:+31700090001"), &[]);
    tells(
        "<object name=\"desk\"",
        &transfer("sip:desk"),
        &[(28, "a transfer goes to a telephone")],
    );
    tells(
        "name=\"service\" expr=\"'dog'\"",
        "name=\"language\" expr=\"'fy'\"",
        &[(13, "\"fy\" is not spoken here")],
    );
}

#[test]
fn files_that_are_missing_or_strange_are_told_together_with_the_rest() {
    let mut spoiled = files(&SOUND.replace("next=\"#dog\"", "next=\"#party\""));
    spoiled.remove("desk.vxml");
    spoiled.insert("readme.txt".into(), "Hoe het werkt".into());
    spoiled.insert("party.vxml".into(), "<vxml><form><dance/></form></vxml>".into());
    let told = faults_of(&spoiled);
    let places: Vec<_> = told.iter().filter_map(|told| told.split(": ").next()).collect();
    assert_eq!(
        places,
        ["caller.vxml:11", "desk.vxml:1", "party.vxml:1", "readme.txt:1"],
        "{told:#?}"
    );
}

#[test]
fn every_fault_of_the_catalogue_is_told_with_its_line() {
    let catalogue = |text: &str| {
        let mut spoiled = files(SOUND);
        spoiled.insert("services.toml".into(), format!("{SERVICES}{text}"));
        faults_of(&spoiled)
    };
    let last = SERVICES.lines().count();
    let told = catalogue(
        "[[service]]\nid = \"Dog\"\nname = { nl = \"hond\", fr = \"chien\" }\ncolour = \"red\"\n\
         [[service]]\nid = \"dog\"\nname = { nl = \"a\", en = \" \" }\ntask = \"b\"\n[party]\n",
    );
    let expected = [
        (1, "has no task"),
        (2, "lower-case"),
        (3, "\"fr\" is not a language"),
        (3, "name has no words in \"en\""),
        (4, "\"colour\" means nothing"),
        (7, "has no words; write them"),
        (8, "write task = {"),
        (9, "\"party\" means nothing"),
    ];
    assert_eq!(told.len(), expected.len(), "{told:#?}");
    for (told, (line, words)) in told.iter().zip(expected) {
        assert!(told.starts_with(&format!("services.toml:{}: ", last + line)), "{told}");
        assert!(told.contains(words), "{told}");
    }
    let twice = catalogue(
        "[[service]]\nid = \"dog\"\nname = { nl = \"a\", en = \"b\" }\ntask = { nl = \"a\", en = \"b\" }",
    );
    assert_eq!(twice, [format!("services.toml:{}: the service \"dog\" is here twice", last + 1)]);
    assert!(catalogue("[[service")[0].contains("this is not TOML"));
}
