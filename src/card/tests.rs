//! The card says what the flow says.

use super::*;
use crate::domain::{Hours, Phone, Postcode, ServiceId};
use crate::flow::Files;

fn line(languages: &[Language], services: &[&str]) -> Line {
    let hours = |text: &str| Hours::parse(text).expect("hours");
    let seconds = std::time::Duration::from_secs;
    Line {
        number: Phone::from_stored("+31700002586").expect("a line"),
        name: "Burenhulp Scheveningen".into(),
        area: vec![Postcode::parse("2584").expect("a postcode")],
        coordinator_first: Vec::new(),
        languages: languages.to_vec(),
        services: services.iter().map(|id| ServiceId::parse(id).expect("an id")).collect(),
        office_hours: hours("Mo-Fr 09:00-17:00"),
        ringing_hours: hours("Mo-Su 09:00-21:00"),
        desk: vec![Phone::from_stored("+31700090001").expect("a desk")],
        ring: seconds(20),
        desk_ring: seconds(20),
        voice: std::collections::BTreeMap::new(),
        max_attempts: 8,
        search_budget: seconds(180),
        offer_callback_after: seconds(60),
        voice_note: false,
        rest_after_answer: seconds(3 * 3600),
        rest_after_ring: seconds(3600),
        ring_at_once: 1,
        background_budget: seconds(24 * 3600),
        background_max_attempts: 25,
    }
}

fn everything() -> Line {
    let services = ["groceries", "odd-job", "transport", "company", "dog", "paperwork", "digital"];
    line(&Language::ALL, &services)
}

fn told(card: &Card) -> Vec<String> {
    let mut told = Vec::new();
    for menu in &card.menus {
        let after: String = menu.after.iter().collect();
        told.extend(menu.choices.iter().map(|c| format!("{after}>{} {}", c.key, c.what)));
    }
    told
}

fn card(line: &Line, flows: &Flows, language: Language) -> Card {
    Card::of(line, flows, language, "https://centrale.example.nl")
}

#[test]
fn the_menu_stands_in_the_order_in_which_it_is_spoken() {
    let card = card(&everything(), &Flows::built_in(), Language::Nl);
    assert_eq!(
        told(&card),
        [
            ">8 For English",
            ">1 Wilt u een buurtgenoot spreken?",
            ">0 Liever een medewerker?",
            "1>1 Voor boodschappen",
            "1>2 Voor een klusje thuis",
            "1>3 Voor vervoer",
            "1>4 Voor een praatje of een wandeling",
            "1>5 Voor iets anders",
            "15>1 Voor het uitlaten van de hond",
            "15>2 Voor papieren en formulieren",
            "15>3 Voor computer of telefoon",
            "15>5 Terug naar het begin?",
            "15>0 Staat uw vraag er niet bij?",
        ]
    );
    assert_eq!(card.number, "070 000 25 86");
    assert!(card.then.is_some_and(|then| then.contains("postcode")), "the place comes next");
}

#[test]
fn it_has_only_what_the_line_offers_and_is_in_its_language() {
    let small = line(&[Language::En], &["company", "dog"]);
    let told = told(&card(&small, &Flows::built_in(), Language::En));
    assert!(told.contains(&"1>4 For a chat or a walk".to_owned()), "{told:?}");
    assert!(told.contains(&"15>1 For walking the dog".to_owned()), "{told:?}");
    assert!(!told.iter().any(|line| line.contains("shopping")), "{told:?}");
    assert!(!told.iter().any(|line| line.contains(">8")), "no other language: {told:?}");
}

#[test]
fn whoever_changes_the_flow_changes_the_card() {
    let built_in = Flows::built_in();
    let mut files: Files = serde_json::from_str(built_in.files()).expect("files");
    let caller = files.get_mut("caller.vxml").expect("the caller's flow");
    let before = "Wilt u een buurtgenoot spreken? Toets 1. Liever een medewerker? Toets 0.";
    assert!(caller.contains(before));
    *caller = caller.replace(before, "Een mens van het loket? Toets 0. Een buur? Toets 1.");
    let services = files.get_mut("services.toml").expect("the catalogue");
    *services = services.replace("nl = \"vervoer\"", "nl = \"een ritje\"");
    let changed = Flows::read(&files).expect("sound");
    let told = told(&card(&everything(), &changed, Language::Nl));
    let first: Vec<&str> = told.iter().take(3).map(String::as_str).collect();
    assert_eq!(first, [">8 For English", ">0 Een mens van het loket?", ">1 Een buur?"]);
    assert!(told.contains(&"1>3 Voor een ritje".to_owned()), "{told:?}");
}

#[test]
fn the_page_holds_everything_and_leads_to_the_web_form() {
    let mut line = everything();
    line.name = "Burenhulp <Zuid> & Noord".into();
    for language in Language::ALL {
        let card = card(&line, &Flows::built_in(), language);
        let page = alone(&card).expect("a page");
        assert!(page.contains("070 000 25 86") && page.contains("&#60;Zuid&#62;"), "{page}");
        assert!(
            page.contains("<svg") && page.contains("<strong>centrale.example.nl/vragen</strong>"),
            "{page}"
        );
        assert_eq!(crate::domain::unkind_word(&page, language), None);
        for menu in &card.menus {
            assert!(!menu.choices.is_empty());
        }
    }
}
