//! Voice flows from where they are: built in, or a directory of the organisation's own.

use std::path::Path;

use crate::domain::{Language, Line, ServiceId};
use crate::flow::{Fault, Files, Flows};

/// Files of a flow directory that are read; recordings in `audio/` are served, not read.
fn is_read(name: &str) -> bool {
    name.ends_with(".vxml") || name == "services.toml"
}

/// The flows in this directory (`None`: the built-in ones), read and checked.
///
/// # Errors
/// Every fault, one line each, with file and place.
pub(super) fn read(directory: Option<&Path>) -> Result<Flows, Vec<String>> {
    let Some(directory) = directory else { return Ok(Flows::built_in()) };
    let files = texts(directory)?;
    Flows::read(&files).map_err(|faults| in_words(Some(directory), &faults))
}

/// The same, when they say everything in every language that one of these lines offers.
///
/// # Errors
/// As [`read`], or every place where the flows are silent in one of the languages.
pub(super) fn read_for(directory: Option<&Path>, lines: &[Line]) -> Result<Flows, Vec<String>> {
    let flows = read(directory)?;
    let mut languages: Vec<Language> =
        lines.iter().flat_map(|line| line.languages.iter().copied()).collect();
    languages.sort_unstable();
    languages.dedup();
    flows.speak(&languages).map_err(|faults| in_words(directory, &faults))?;
    Ok(flows)
}

/// Faults one line each, with directory, file and line.
fn in_words(directory: Option<&Path>, faults: &[Fault]) -> Vec<String> {
    let directory = directory.map(|directory| format!("{}/", directory.display()));
    let directory = directory.unwrap_or_default();
    faults.iter().map(|fault| format!("{directory}{fault}")).collect()
}

/// Names of files in a flow directory that are not read, in order; `README.md` is expected there.
pub(super) fn others(directory: &Path) -> Vec<String> {
    let files = std::fs::read_dir(directory).into_iter().flatten().flatten();
    let files = files.filter(|entry| entry.path().is_file());
    let names = files.map(|entry| entry.file_name().to_string_lossy().into_owned());
    let mut names: Vec<_> = names.filter(|name| !is_read(name) && name != "README.md").collect();
    names.sort();
    names
}

/// The services of the flows in this directory; `None` when they cannot be read.
pub(super) fn services(directory: Option<&Path>) -> Option<Vec<ServiceId>> {
    let flows = read(directory).ok()?;
    Some(flows.catalogue().ids().cloned().collect())
}

fn texts(directory: &Path) -> Result<Files, Vec<String>> {
    let entries = std::fs::read_dir(directory)
        .map_err(|why| vec![format!("{}: {why}; see that it is there", directory.display())])?;
    let mut files = Files::new();
    let mut faults = Vec::new();
    for path in entries.flatten().map(|entry| entry.path()) {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if !is_read(name) {
            continue;
        }
        match std::fs::read_to_string(&path) {
            Ok(text) => drop(files.insert(name.to_owned(), text)),
            Err(why) => faults.push(format!("{}: {why}; save it as UTF-8", path.display())),
        }
    }
    if faults.is_empty() { Ok(files) } else { Err(faults) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_with_the_built_in_files_is_the_built_in_flows() {
        let directory = tempfile::tempdir().expect("a directory");
        let files: Files = serde_json::from_str(Flows::built_in().files()).expect("files");
        for (name, text) in &files {
            std::fs::write(directory.path().join(name), text).expect("written");
        }
        std::fs::write(directory.path().join("README.md"), "Hoe het werkt").expect("written");
        let flows = read(Some(directory.path())).expect("no faults");
        assert_eq!(flows.version(), Flows::built_in().version());
        assert!(services(Some(directory.path())).is_some_and(|ids| ids.len() >= 7));
    }

    #[test]
    fn a_fault_is_told_with_directory_file_and_line() {
        let directory = tempfile::tempdir().expect("a directory");
        std::fs::write(directory.path().join("caller.vxml"), "Beste buren,").expect("written");
        let faults = read(Some(directory.path())).expect_err("faults");
        let file = directory.path().join("caller.vxml").display().to_string();
        assert!(faults.iter().any(|f| f.starts_with(&format!("{file}:1: "))), "{faults:?}");
        let nowhere = read(Some(&directory.path().join("flows"))).expect_err("faults");
        assert!(nowhere[0].contains("see that it is there"));
    }
}
