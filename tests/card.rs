//! The printed card against the telephone: what stands on it is what a caller hears, in that order,
//! also after somebody changed the flows; and its code leads to the form on the web.

use burenhulp::card::{Card, Menu, alone};
use burenhulp::domain::{Language, Line};
use burenhulp::flow::{Files, Flows};
use burenhulp::sim::log::What;
use burenhulp::sim::scenario::Scenario;
use burenhulp::sim::virtual_time::{self, Pace};

use crate::house::{House, TOKEN};

/// A stranger goes down to the last menu, and hears each to its end.
const STRANGER: &str = r#"
title = "somebody listens to every menu"
at = "2026-11-24T10:00:00+01:00"
[[desk]]
name = "balie"
[[caller]]
does = "presses 1, presses 5, hear 'staat uw vraag er niet bij', hang up"
ends = "hangs-up"
cut_off = true
"#;
const PUBLIC_URL: &str = "https://centrale.example.nl";

/// Puts something above what stands there once.
fn put(files: &mut Files, file: &str, before: &str, more: &str) {
    let text = files.get_mut(file).unwrap();
    assert_eq!(text.matches(before).count(), 1, "{before} in {file}");
    *text = text.replace(before, &format!("{more}\n{before}"));
}

/// The built-in flows, and one service more in the second menu: as `voice-flows/README.md` tells.
pub(crate) fn one_more_service() -> Flows {
    let mut files: Files = serde_json::from_str(Flows::built_in().files()).unwrap();
    put(
        &mut files,
        "services.toml",
        "[[service]]\nid = \"groceries\"",
        "[[service]]\nid = \"plants\"\nname = { nl = \"de planten\", en = \"the plants\" }\n\
         task = { nl = \"hulp bij de planten\", en = \"a hand with the plants\" }\n",
    );
    // Spoken before the third: the card is to follow what is heard, not the digits.
    let last = "<choice dtmf=\"3\" next=\"#digital\">digital</choice>";
    put(&mut files, "caller.vxml", last, "<choice dtmf=\"4\" next=\"#plants\">plants</choice>");
    put(
        &mut files,
        "caller.vxml",
        "<form id=\"digital\">",
        "<form id=\"plants\"><block><assign name=\"service\" expr=\"'plants'\"/><goto next=\"#place\"/></block></form>",
    );
    Flows::read(&files).unwrap_or_else(|faults| panic!("{faults:#?}"))
}

fn scenario_with(services: &[&str]) -> Scenario {
    let offered: Vec<String> = services.iter().map(|id| format!("\"{id}\"")).collect();
    let line = format!(
        "[[line]]\nlanguages = [\"nl\", \"en\"]\nservices = [{}]\n[[desk]]",
        offered.join(", ")
    );
    Scenario::read("stranger", &STRANGER.replace("[[desk]]", &line)).unwrap()
}

/// A line of a configuration that offers these.
pub(crate) async fn line_with(services: &[&str], flows: &Flows) -> Line {
    let house = House::with_flows(&scenario_with(services), flows.clone()).await;
    house.app().0.exchange.context().lines[0].clone()
}

/// Everything that a stranger hears, in order, and the line's card.
async fn heard_and_printed(flows: &Flows) -> (String, Card) {
    let services: Vec<&str> = flows.catalogue().ids().map(|id| id.as_str()).collect();
    let scenario = scenario_with(&services);
    let mut house = House::with_flows(&scenario, flows.clone()).await;
    let line = house.app().0.exchange.context().lines[0].clone();
    let network = house.network().clone();
    let until = scenario.at + std::time::Duration::from_secs(600);
    let pace = Pace { auth_token: TOKEN, until, work_first: false, restarts: false, trouble: &[] };
    virtual_time::run(&network, &mut house, pace).await;
    let network = network.lock().unwrap();
    let said = network.log().iter().filter_map(|entry| match &entry.what {
        What::Said { text, .. } => Some(text.as_str()),
        _ => None,
    });
    let heard = said.collect::<Vec<_>>().join(" ");
    (heard, Card::of(&line, flows, Language::Nl, PUBLIC_URL))
}

/// How often a single key is named.
fn keys_named(heard: &str) -> usize {
    let heard = heard.to_lowercase();
    let named = |verb: &str| -> usize {
        let after = heard.split(verb).skip(1);
        after
            .filter(|rest| {
                let mut rest = rest.chars();
                rest.next().is_some_and(|c| c.is_ascii_digit())
                    && !rest.next().is_some_and(char::is_alphanumeric)
            })
            .count()
    };
    named("toets ") + named("press ")
}

/// What is heard from this choice on: the words of the card, and then its key.
fn on_from<'h>(heard: &'h str, what: &str, key: char) -> Option<&'h str> {
    let (_, rest) = heard.split_once(what)?;
    let rest = rest.trim_start_matches([':', '?', ',', ' ']);
    let verbs = ["toets ", "Toets ", "press ", "Press "];
    verbs.iter().find_map(|verb| rest.strip_prefix(verb)?.strip_prefix(key))
}

#[tokio::test]
async fn the_menu_on_the_card_is_what_a_caller_hears_in_that_order() {
    for flows in [Flows::built_in(), one_more_service()] {
        let (heard, card) = heard_and_printed(&flows).await;
        let paths: Vec<String> =
            card.menus.iter().map(|menu: &Menu| menu.after.iter().collect()).collect();
        assert_eq!(paths, ["", "1", "15"]);
        let mut rest = heard.as_str();
        for choice in card.menus.iter().flat_map(|menu| &menu.choices) {
            rest = on_from(rest, &choice.what, choice.key)
                .unwrap_or_else(|| panic!("{choice:?} is not heard then: {heard}"));
        }
        let printed: usize = card.menus.iter().map(|menu| menu.choices.len()).sum();
        assert_eq!(printed, keys_named(&heard), "every key that is named is printed: {heard}");
    }
    let (heard, card) = heard_and_printed(&one_more_service()).await;
    let plants = card.menus.iter().flat_map(|menu| &menu.choices);
    let plants: Vec<_> = plants.filter(|choice| choice.what == "Voor de planten").collect();
    assert!(plants.len() == 1 && plants[0].key == '4', "{plants:?}");
    assert!(heard.contains("Voor de planten: toets 4"), "{heard}");
}

/// The dark squares of a drawn code, and how many squares it is wide, its margin included.
fn squares(svg: &str) -> (Vec<Vec<bool>>, usize) {
    let path = svg.split(" d=\"").nth(1).unwrap().split('"').next().unwrap();
    let rows = path.split('M').skip(1).map(|square| {
        let number = |text: &str| -> usize {
            text.chars().take_while(char::is_ascii_digit).collect::<String>().parse().unwrap()
        };
        let (x, rest) = square.split_once(' ').unwrap();
        (number(x), number(rest), number(rest.split('h').nth(1).unwrap()))
    });
    let drawn: Vec<(usize, usize, usize)> = rows.collect();
    let size = drawn.iter().map(|(_, _, size)| *size).min().unwrap();
    let wide = drawn.iter().map(|(x, ..)| x / size).max().unwrap() + 5;
    let mut dark = vec![vec![false; wide]; wide];
    for (x, y, across) in drawn {
        for step in 0..across / size {
            dark[y / size][x / size + step] = true;
        }
    }
    (dark, wide)
}

#[tokio::test]
async fn the_code_on_the_card_reads_as_the_address_of_the_web_form() {
    let house = House::with_flows(&scenario_with(&["company"]), Flows::built_in()).await;
    let line = &house.app().0.exchange.context().lines[0];
    for url in [PUBLIC_URL, "https://burenhulp.gemeente-zuidwest-drenthe.example.nl/centrale/"] {
        let card = Card::of(line, &Flows::built_in(), Language::Nl, url);
        let (dark, wide) = squares(&alone(&card).unwrap());
        // Ten points a square, as a telephone's camera would see it.
        let light = |x: usize, y: usize| if dark[y / 10][x / 10] { 0 } else { 255 };
        let mut seen = rqrr::PreparedImage::prepare_from_greyscale(wide * 10, wide * 10, light);
        let codes = seen.detect_grids();
        let [code] = &codes[..] else { panic!("{} codes", codes.len()) };
        let (_, read) = code.decode().unwrap();
        assert_eq!(read, format!("{}/vragen", url.trim_end_matches('/')));
    }
    let page = house.get(&crate::house::desk::Visitor::default(), "/vragen").await;
    assert_eq!(page.status, 200, "and there it is");
}
