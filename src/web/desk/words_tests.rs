//! What the desk's pages say, held against the words that are not used for people.

use std::fs;
use std::path::{Path, PathBuf};

use crate::domain::{Language, unkind_word};

fn files(directory: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(directory).expect("a directory").flatten() {
        let path = entry.path();
        let name = path.to_string_lossy().into_owned();
        if path.is_dir() {
            files(&path, found);
        } else if (name.ends_with(".rs") && !name.contains("tests")) || name.ends_with(".html") {
            found.push(path);
        }
    }
}

/// The texts between quotes of a line that is no comment.
fn quoted(line: &str) -> impl Iterator<Item = &str> {
    let comment = line.trim_start().starts_with("//");
    line.split('"').skip(1).step_by(2).filter(move |_| !comment)
}

#[test]
fn nobody_is_called_by_a_word_that_is_not_used_here() {
    let mut found = Vec::new();
    files(Path::new("src/web/desk"), &mut found);
    let mut texts = 0;
    for path in found {
        let source = fs::read_to_string(&path).expect("a file");
        for line in source.lines() {
            for text in quoted(line) {
                texts += 1;
                for language in Language::ALL {
                    let word = unkind_word(text, language);
                    assert_eq!(word, None, "{}: {text}", path.display());
                }
            }
        }
    }
    assert!(texts > 500, "only {texts} texts were found");
}
