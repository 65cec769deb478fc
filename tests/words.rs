//! Every word that anybody can read or hear, held against the words that are not used for people, and
//! every Dutch text against its English one. Read from the sources: what is added tomorrow is read too.

use std::fs;
use std::path::{Path, PathBuf};

use burenhulp::domain::{Language, unkind_word};
use burenhulp::flow::Flows;

/// Where texts stand that people read or hear.
const ROOMS: [&str; 9] = [
    "src/web",
    "src/report",
    "src/privacy",
    "src/card",
    "src/commands",
    "src/dispatch/choose",
    "src/domain",
    "src/exchange",
    "voice-flows",
];
/// What these say is no text for people: the list of the words itself, and the laws' own names.
const NOT_READ: [&str; 1] = ["src/domain/unkind.rs"];
/// The same in both languages.
const SAME: [&str; 30] = [
    "open", "code", "Code", "Account", "account", "Wat", "Postcode", "postcode", "Status",
    "status", "in", "was", "Line", "Route", "Test", "week", "week ", "van", "Service", "En", "Nl",
    "tot", "per", "of", "PIN", "km", "min", "s", "Demo", "demo",
];

fn files(directory: &Path, ends: &[&str], found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(directory).expect("a directory").flatten() {
        let path = entry.path();
        let name = path.to_string_lossy().into_owned();
        if path.is_dir() {
            files(&path, ends, found);
        } else if ends.iter().any(|end| name.ends_with(end))
            && !name.contains("tests")
            && !NOT_READ.contains(&name.as_str())
        {
            found.push(path);
        }
    }
}

fn read(ends: &[&str]) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for room in ROOMS {
        files(Path::new(room), ends, &mut found);
    }
    found.sort();
    found.into_iter().map(|path| (path.clone(), fs::read_to_string(path).unwrap())).collect()
}

/// A source without its tests, without the lines that are comments, and with its paragraphs joined.
fn built(source: &str) -> String {
    let built = source.lines().take_while(|line| !line.trim_start().starts_with("#[cfg(test)]"));
    built.filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// The string literals of Rust, and of the expressions in templates, in their order: where each
/// begins, where it ends, and what it says.
fn literals(source: &str) -> Vec<(usize, usize, String)> {
    let mut found = Vec::new();
    let mut chars = source.char_indices().peekable();
    while let Some((begin, c)) = chars.next() {
        if c == '\'' {
            // A character: its quotation mark opens no text.
            let rest = &source[begin..];
            for plain in ["'\"'", "'\\\"'"] {
                if rest.starts_with(plain) {
                    for _ in 1..plain.len() {
                        chars.next();
                    }
                }
            }
            continue;
        }
        if c != '"' {
            continue;
        }
        let mut text = String::new();
        while let Some((at, c)) = chars.next() {
            match c {
                '"' => {
                    found.push((begin, at + 1, text));
                    break;
                }
                '\\' => match chars.next() {
                    // A line that goes on: its indentation is not said.
                    Some((_, '\n')) => while chars.next_if(|(_, c)| c.is_whitespace()).is_some() {},
                    Some((_, 'n')) => text.push('\n'),
                    Some((_, other)) => text.push(other),
                    None => break,
                },
                other => text.push(other),
            }
        }
    }
    found
}

/// What stands in a template outside its expressions and tags.
fn bare(template: &str) -> String {
    let mut text = template.to_owned();
    for (open, close) in [
        ("{#", "#}"),
        ("{%", "%}"),
        ("{{", "}}"),
        ("<style", "</style>"),
        ("<!--", "-->"),
        ("<", ">"),
    ] {
        while let Some(begin) = text.find(open) {
            let end = text[begin..].find(close).map_or(text.len(), |at| begin + at + close.len());
            text.replace_range(begin..end, " ");
        }
    }
    let entities = ["&amp;", "&nbsp;", "&times;", "&middot;", "&larr;", "&rarr;"];
    entities.iter().fold(text, |text, entity| text.replace(entity, " "))
}

/// Texts in attributes that are read out or shown, as they stand there.
fn spoken_attributes(template: &str) -> Vec<&str> {
    ["aria-label=\"", "alt=\"", "title=\"", "placeholder=\""]
        .iter()
        .flat_map(|name| template.split(name).skip(1))
        .filter(|rest| !rest.starts_with("{{") && !rest.starts_with("{%"))
        .filter_map(|rest| rest.split('"').next())
        .collect()
}

/// Whether anything is said here. A language is named in its own words, and the name of an attribute
/// in front of an expression is not read.
fn has_a_word(text: &str) -> bool {
    let said = text.split_whitespace().filter(|part| !part.ends_with("=\""));
    let mut words = said.flat_map(|part| part.split(|c: char| !c.is_alphabetic()));
    words.any(|word| {
        word.chars().count() > 1 && !["Nederlands", "English", "NL", "EN"].contains(&word)
    })
}

#[test]
fn no_word_that_is_not_used_for_people_stands_anywhere() {
    let (mut texts, mut unkind) = (0, Vec::new());
    let mut look = |path: &Path, text: &str, languages: &[Language]| {
        texts += 1;
        for language in languages {
            if let Some(word) = unkind_word(text, *language) {
                unkind.push(format!("{}: \"{word}\" in: {text}", path.display()));
            }
        }
    };
    for (path, source) in read(&[".rs"]) {
        for (_, _, text) in literals(&built(&source)) {
            // A word by itself, without a space, is a name of our own: of a column, of a header.
            if text.contains(' ') {
                look(&path, &text, &Language::ALL);
            }
        }
    }
    for (path, source) in read(&[".html", ".vxml"]) {
        look(&path, &bare(&source), &Language::ALL);
        for (_, _, text) in literals(&source) {
            look(&path, &text, &[Language::Nl]);
        }
    }
    for (path, source) in read(&["services.toml"]) {
        for (_, _, text) in literals(&built(&source)) {
            look(&path, &text, &Language::ALL);
        }
    }
    assert!(texts > 3_000, "only {texts} texts were found");
    assert!(unkind.is_empty(), "{}", unkind.join("\n"));
}

#[test]
fn every_dutch_text_on_a_page_has_its_english_one() {
    let (mut pairs, mut faults) = (0, Vec::new());
    for (path, source) in read(&[".rs", ".html"]) {
        let is_rust = path.extension().is_some_and(|end| end == "rs");
        let source = if is_rust { built(&source) } else { source };
        let texts = literals(&source);
        for (nl, en) in texts.iter().zip(texts.iter().skip(1)) {
            let before = source[..nl.0].trim_end();
            let is_pair = before.ends_with("say(")
                && source[nl.1..en.0].chars().all(|c| c == ',' || c.is_whitespace());
            if !is_pair {
                continue;
            }
            pairs += 1;
            let same = nl.2 == en.2 && !SAME.contains(&nl.2.as_str()) && has_a_word(&nl.2);
            if nl.2.is_empty() != en.2.is_empty() || same {
                faults.push(format!("{}: \"{}\" / \"{}\"", path.display(), nl.2, en.2));
            }
        }
    }
    assert!(pairs > 500, "only {pairs} pairs were found");
    assert!(faults.is_empty(), "not said in both languages:\n{}", faults.join("\n"));
}

#[test]
fn no_page_says_anything_in_one_language_only() {
    let mut faults = Vec::new();
    let templates = read(&[".html"]);
    assert!(templates.len() > 30, "only {} templates were found", templates.len());
    for (path, template) in &templates {
        let bare = bare(template);
        let words = bare.lines().filter(|line| has_a_word(line));
        faults.extend(words.map(|line| format!("{}: {}", path.display(), line.trim())));
        let spoken = spoken_attributes(template).into_iter().filter(|text| has_a_word(text));
        faults.extend(spoken.map(|text| format!("{}: {text}", path.display())));
    }
    assert!(faults.is_empty(), "said without asking which language:\n{}", faults.join("\n"));
}

#[test]
fn every_prompt_is_spoken_in_both_languages() {
    let silent = Flows::built_in().speak(&Language::ALL);
    assert!(silent.is_ok(), "{silent:#?}");
}

#[test]
fn what_is_missing_is_found() {
    assert_eq!(literals(r#"say("Ja, \"nu\"", "Yes") '"' x"#).len(), 2);
    assert_eq!(literals(r#"say("Ja, \"nu\"", "Yes")"#)[0].2, "Ja, \"nu\"");
    assert!(has_a_word(&bare("<p>{{ a }} vergeten</p>")));
    assert!(!has_a_word(&bare("<p class=\"hint\">{{ say(\"a\", \"b\") }} {% if x %}</p>")));
    assert_eq!(spoken_attributes("<a aria-label=\"{{ x }}\" title=\"Sluit\">"), ["Sluit"]);
}
