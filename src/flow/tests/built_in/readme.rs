//! The examples of `voice-flows/README.md`, followed to the letter.

use super::super::super::Files;
use super::*;

const README: &str = include_str!("../../../../voice-flows/README.md");

/// The example in the README that holds these words.
fn example(words: &str) -> &'static str {
    let fenced = README.split("```").skip(1).step_by(2);
    let example = fenced.map(|block| block.split_once('\n').map_or("", |(_, text)| text));
    let mut found = example.filter(|text| text.contains(words));
    let one = found.next().unwrap_or_else(|| panic!("no example with {words}"));
    assert!(found.next().is_none(), "one example with {words}");
    one
}

fn files() -> Files {
    serde_json::from_str(built_in().files()).expect("files")
}

/// Puts `new` in the place of `old`, which is there once.
fn replace(files: &mut Files, file: &str, old: &str, new: &str) {
    let text = files.get_mut(file).expect(file);
    assert_eq!(text.matches(old).count(), 1, "{old} in {file}");
    *text = text.replace(old, new);
}

fn read(files: &Files) -> Flows {
    Flows::read(files).unwrap_or_else(|faults| panic!("{faults:#?}"))
}

#[test]
fn the_service_of_the_example_is_offered_and_searched_for() {
    let mut files = files();
    files.get_mut("services.toml").expect("there").push_str(example("id = \"plants\""));
    let choice = "<choice dtmf=\"3\" next=\"#digital\">digital</choice>";
    let with = format!("{choice}\n{}", example("<choice dtmf=\"4\""));
    replace(&mut files, "caller.vxml", choice, &with);
    let form = "<form id=\"digital\">";
    let with = format!("{}{form}", example("<form id=\"plants\">"));
    replace(&mut files, "caller.vxml", form, &with);
    let var = files["caller.vxml"].lines().find(|line| line.contains("name=\"more_services\""));
    let var = var.expect("the variable").trim().to_owned();
    replace(&mut files, "caller.vxml", &var, example("|| offers.plants").trim());

    let mut vars = but(session(), &OFFERS.map(|offer| (offer, NO)));
    vars.extend([("offers.plants", YES), ("known", YES), ("area", text("Duindorp"))]);
    let mut walk = Walk::of(read(&files), "caller", Language::Nl, &vars);
    assert!(walk.keys("1").heard().contains("Voor iets anders: toets 5."), "{}", walk.heard());
    assert!(walk.keys("5").heard().contains("Voor de planten: toets 4."), "{}", walk.heard());
    walk.keys("4").keys("1");
    assert_eq!((walk.door(), walk.param("service")), ("find-neighbour", text("plants")));
}

#[test]
fn the_greeting_of_the_example_is_the_built_in_one_and_a_recording_can_stand_around_it() {
    let mut files = files();
    for line in example("Thank you for calling.").lines() {
        assert!(files["caller.vxml"].contains(line), "{line}");
    }
    let words = "<prompt xml:lang=\"nl-NL\">Dit is <value expr=\"service_name\"/>. Fijn dat u belt.</prompt>";
    replace(&mut files, "caller.vxml", words, example("greeting-nl.wav\">").trim());
    let walk = Walk::of(read(&files), "caller", Language::Nl, &session());
    assert!(walk.heard().contains("[greeting-nl.wav]"), "{}", walk.heard());
}

#[test]
fn every_door_variable_and_element_of_the_built_in_flows_is_explained() {
    for (file, text) in files().iter().filter(|(file, _)| file.ends_with(".vxml")) {
        for door in text.split("builtin:").skip(1).filter_map(|rest| rest.split(['"', '?']).next())
        {
            let explained = README.contains(&format!("| `{door}` |"))
                || README.contains(&format!("`builtin:{door}"));
            assert!(explained, "{door} of {file}");
        }
        let xml = roxmltree::Document::parse(text).expect(file);
        for element in xml.descendants().filter(roxmltree::Node::is_element) {
            let name = element.tag_name().name();
            let row = README.lines().find(|line| {
                line.starts_with("| `")
                    && line
                        .split('|')
                        .nth(1)
                        .is_some_and(|cell| cell.contains(&format!("`{name}`")))
            });
            let row = row.unwrap_or_else(|| panic!("<{name}> of {file} has no row"));
            for attribute in element.attributes() {
                assert!(row.contains(attribute.name()), "{}= of <{name}>: {row}", attribute.name());
            }
        }
    }
    for (name, _) in session() {
        let name = if name.starts_with("offers.") { "offers.groceries" } else { name };
        assert!(README.contains(&format!("`{name}`")), "{name}");
    }
}
