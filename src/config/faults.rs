//! Faults of a configuration: all of them, each with its line.

use std::fmt;

/// One thing that is wrong, in a sentence that says what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Line in the file, from 1; `None` when it is about the file as a whole.
    pub line: Option<usize>,
    /// What is wrong and what to do. Never holds a telephone number or a secret.
    pub text: String,
}

/// Everything that is wrong with a configuration; never empty.
///
/// Displayed one a line, as `burenhulp.toml:12: ...`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Faults {
    file: String,
    faults: Vec<Fault>,
}

impl Faults {
    pub(super) fn new(mut faults: Vec<Fault>) -> Self {
        faults.sort_by_key(|fault| fault.line);
        Self { file: super::FILE_NAME.to_owned(), faults }
    }

    pub(super) fn one(fault: Fault) -> Self {
        Self::new(vec![fault])
    }

    /// The same faults, of a file with another name.
    #[must_use]
    pub fn in_file(mut self, name: &str) -> Self {
        name.clone_into(&mut self.file);
        self
    }

    /// Each fault as a line of text: `burenhulp.toml:12: ...`.
    pub fn lines(&self) -> impl Iterator<Item = String> + '_ {
        self.faults.iter().map(|fault| match fault.line {
            Some(line) => format!("{}:{line}: {}", self.file, fault.text),
            None => format!("{}: {}", self.file, fault.text),
        })
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<String> = self.lines().collect();
        f.write_str(&lines.join("\n"))
    }
}

impl std::error::Error for Faults {}
