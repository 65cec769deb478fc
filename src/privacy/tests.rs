use super::activities::ACTIVITIES;
use super::*;
use crate::domain::{Language, unkind_word};

const SCHEMA: &str = include_str!("../../schema.sql");

fn tables() -> Vec<&'static str> {
    let name = |line: &'static str| line.strip_prefix("CREATE TABLE ")?.split_whitespace().next();
    SCHEMA.lines().filter_map(name).collect()
}

fn around() -> Surroundings {
    Surroundings {
        lines: vec!["Burenhulp Scheveningen".into()],
        provider: "twilio".into(),
        day: "2026-11-24".into(),
    }
}

#[test]
fn every_table_is_named_in_the_register_once() {
    let named: Vec<&str> =
        ACTIVITIES.iter().flat_map(|activity| activity.tables).copied().collect();
    assert!(tables().len() > 30, "the schema was read");
    for table in tables() {
        let times = named.iter().filter(|name| **name == table).count();
        assert_eq!(
            times, 1,
            "{table}: say in src/privacy/activities.rs what it is for, and if it holds people's data \
             give it a period in retention.rs and a sweep in src/store/retention/sweeps.rs"
        );
    }
}

#[test]
fn every_period_is_told_with_what_it_is_about() {
    for rule in &RULES {
        let told = ACTIVITIES.iter().flat_map(|activity| activity.kept);
        assert_eq!(told.filter(|kept| **kept == rule.kept).count(), 1, "{:?}", rule.kept);
    }
}

#[test]
fn the_register_is_kind_and_whole_in_both_languages() {
    for language in Language::ALL {
        let paper = register(&around(), language);
        let text = paper.markdown();
        assert_eq!(unkind_word(&text, language), None);
        for rule in &RULES {
            assert!(text.contains(&rule.period(language)), "{:?}", rule.kept);
        }
        assert!(text.contains("Burenhulp Scheveningen") && text.contains("twilio"));
        for block in &paper.blocks {
            if let Block::Table { head, rows } = block {
                assert!(rows.iter().all(|row| row.len() == head.len()), "{head:?}");
            }
        }
    }
}

#[test]
fn names_cannot_break_out_of_the_document() {
    let paper = Paper {
        language: Language::Nl,
        title: "<script>alert(1)</script>".into(),
        blocks: vec![Block::Table {
            head: vec!["a".into()],
            rows: vec![vec!["b | c\n# d [e](f)".into()]],
        }],
    };
    let html = paper.html().expect("in memory");
    assert!(!html.contains("<script>") && html.contains("&#60;script&#62;"), "{html}");
    let markdown = paper.markdown();
    assert!(markdown.contains("| b \\| c \\# d \\[e\\](f) |"), "{markdown}");
}
