//! All voice flows of one version, and the two things that are done with them: start and resume.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use super::catalogue::{self, Catalogue};
use super::run::Run;
use super::tree::Document;
use super::{Event, Fault, Position, Turn, Value, Vars, check, draw, parse, position};
use crate::domain::Language;

/// The texts of flows by file name: `caller.vxml`, `services.toml`.
pub type Files = BTreeMap<String, String>;

/// What the name of a flow's file ends with.
const EXTENSION: &str = ".vxml";

/// The flows that the exchange itself begins.
const NEEDED: [&str; 10] = [
    "caller",
    "neighbour",
    "desk",
    "callback",
    "steered",
    "ringback",
    "confirm",
    "checkin",
    "code",
    "question",
];

/// The flows of one version, read and checked.
#[derive(Debug, Clone)]
pub struct Flows {
    version: String,
    files: String,
    documents: BTreeMap<String, Document>,
    catalogue: Catalogue,
}

/// Why a flow cannot go on. Holds no words, keys or numbers of people.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FlowError {
    /// No file for it.
    #[error("there is no flow \"{0}\"; add {0}.vxml to the flows")]
    NoSuchFlow(String),
    /// It goes to a form that is not there.
    #[error("the flow \"{flow}\" goes to #{form}, which is not there; run burenhulp flows check")]
    NoSuchForm {
        /// The flow.
        flow: String,
        /// The form.
        form: String,
    },
    /// It runs on and on without waiting for anybody.
    #[error(
        "the flow \"{flow}\" runs in a circle near {flow}.vxml:{line} without waiting for anybody"
    )]
    Loop {
        /// The flow.
        flow: String,
        /// Line of the form it was in.
        line: usize,
    },
    /// The position belongs to other files.
    #[error("this call began on flows of version {began}, and these are {ours}")]
    OtherVersion {
        /// The version that the call began on.
        began: String,
        /// The version that was asked.
        ours: String,
    },
    /// The position was stored by another version of the exchange.
    #[error("this call was stored in form {0}, which this version of the exchange does not read")]
    OtherForm(u8),
    /// The position points at nothing.
    #[error("the stored place of this call in the flow \"{0}\" does not exist")]
    Damaged(String),
}

impl Flows {
    /// The flows that are built into the binary.
    pub fn built_in() -> Self {
        let files = [
            ("caller.vxml", include_str!("../../voice-flows/caller.vxml")),
            ("neighbour.vxml", include_str!("../../voice-flows/neighbour.vxml")),
            ("participant.vxml", include_str!("../../voice-flows/participant.vxml")),
            ("desk.vxml", include_str!("../../voice-flows/desk.vxml")),
            ("question.vxml", include_str!("../../voice-flows/question.vxml")),
            ("ringback.vxml", include_str!("../../voice-flows/ringback.vxml")),
            ("steered.vxml", include_str!("../../voice-flows/steered.vxml")),
            ("signup.vxml", include_str!("../../voice-flows/signup.vxml")),
            ("confirm.vxml", include_str!("../../voice-flows/confirm.vxml")),
            ("checkin.vxml", include_str!("../../voice-flows/checkin.vxml")),
            ("code.vxml", include_str!("../../voice-flows/code.vxml")),
            ("callback.vxml", include_str!("../../voice-flows/callback.vxml")),
            (catalogue::FILE, include_str!("../../voice-flows/services.toml")),
        ];
        let files = files.map(|(name, text)| (name.to_owned(), text.to_owned())).into();
        // They cannot change, so a test checks them, and nobody waits for that again.
        Self::reopen(&files).expect("the built-in flows are sound; a test checks them")
    }

    /// Reads and checks flows.
    ///
    /// # Errors
    /// Every fault of every file, in the order of the files and their lines.
    pub fn read(files: &Files) -> Result<Self, Vec<Fault>> {
        let mut read = parse_all(files);
        for file in needed().filter(|file| !files.contains_key(file)) {
            let what = "this file is missing; the exchange needs it".to_owned();
            read.faults.push(Fault { file, line: 1, sentence: what });
        }
        // What could be read is checked also when something else could not: one look finds all.
        let text = files.get(catalogue::FILE).map(String::as_str);
        let catalogue_is_known = text.is_some() && !read.faults.iter().any(in_catalogue);
        if catalogue_is_known {
            read.faults.extend(check::faults(&read.documents, &read.catalogue, text));
        }
        read.into_flows(files)
    }

    /// Reads flows that were checked before, when calls began on them: a later version of the
    /// exchange that asks more of flows does not end those calls.
    ///
    /// # Errors
    /// Every fault that keeps a file from being read at all.
    pub fn reopen(files: &Files) -> Result<Self, Vec<Fault>> {
        parse_all(files).into_flows(files)
    }

    /// Whether these flows say everything in each of `languages`, those that lines offer.
    ///
    /// # Errors
    /// Every place where one of them is silent.
    pub fn speak(&self, languages: &[Language]) -> Result<(), Vec<Fault>> {
        let faults = check::silent_in(&self.documents, &self.catalogue, languages);
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }

    /// What tells these files from any others: twelve hexadecimal digits.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The files as JSON, to be stored with the calls that began on them. Reads back as [`Files`].
    pub fn files(&self) -> &str {
        &self.files
    }

    /// The services that these flows can name.
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// Begins a flow and runs it until it waits.
    ///
    /// # Errors
    /// [`FlowError::NoSuchFlow`], and what [`Flows::resume`] gives.
    pub fn start(
        &self,
        flow: &str,
        language: Language,
        vars: Vars,
    ) -> Result<(Position, Turn), FlowError> {
        let document = self.document(flow)?;
        let mut known = vars;
        for var in &document.vars {
            if !known.contains_key(&var.name) {
                let value = var.expr.as_ref().map_or(Value::Undefined, |expr| expr.value(&known));
                known.insert(var.name.clone(), value);
            }
        }
        let position = Position::at_start(&self.version, flow, language, known);
        Run::new(document, &self.catalogue, position).begin()
    }

    /// Gives a waiting flow what it waited for, and runs it until it waits again.
    ///
    /// # Errors
    /// [`FlowError`]; the caller keeps the position that it had.
    pub fn resume(&self, position: Position, event: Event) -> Result<(Position, Turn), FlowError> {
        self.run_of(position)?.resume(event)
    }

    fn run_of(&self, position: Position) -> Result<Run<'_>, FlowError> {
        if position.stored_form() != position::FORM {
            return Err(FlowError::OtherForm(position.stored_form()));
        }
        if position.version() != self.version {
            let began = position.version().to_owned();
            return Err(FlowError::OtherVersion { began, ours: self.version.clone() });
        }
        let document = self.document(&position.flow)?;
        Ok(Run::new(document, &self.catalogue, position))
    }

    /// Says again what a flow waits for: for somebody who hung up there and calls again.
    ///
    /// # Errors
    /// As [`Flows::resume`].
    pub fn again(&self, position: Position) -> Result<(Position, Turn), FlowError> {
        self.run_of(position)?.again()
    }

    /// A diagram of a flow, as SVG, with its words in this language.
    ///
    /// # Errors
    /// [`FlowError::NoSuchFlow`].
    pub fn draw(&self, flow: &str, language: Language) -> Result<String, FlowError> {
        Ok(draw::draw(flow, self.document(flow)?, &self.catalogue, language))
    }

    /// The names of all flows.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.documents.keys().map(String::as_str)
    }

    fn document(&self, flow: &str) -> Result<&Document, FlowError> {
        self.documents.get(flow).ok_or_else(|| FlowError::NoSuchFlow(flow.to_owned()))
    }
}

/// What could be read, and what could not.
#[derive(Default)]
struct Read {
    documents: BTreeMap<String, Document>,
    catalogue: Catalogue,
    faults: Vec<Fault>,
}

fn parse_all(files: &Files) -> Read {
    let mut read = Read::default();
    for (file, text) in files {
        if file == catalogue::FILE {
            match Catalogue::read(text) {
                Ok(catalogue) => read.catalogue = catalogue,
                Err(found) => read.faults.extend(found),
            }
        } else if let Some(flow) = file.strip_suffix(EXTENSION) {
            match parse::read(file, text) {
                Ok(document) => drop(read.documents.insert(flow.to_owned(), document)),
                Err(found) => read.faults.extend(found),
            }
        } else {
            let what = "this is neither a flow (.vxml) nor services.toml; take it out";
            read.faults.push(Fault::new(file, 1, what));
        }
    }
    read
}

impl Read {
    fn into_flows(mut self, files: &Files) -> Result<Flows, Vec<Fault>> {
        if !self.faults.is_empty() {
            self.faults.sort();
            return Err(self.faults);
        }
        Ok(Flows {
            version: version_of(files),
            files: serde_json::to_string(files).expect("a map of texts is always JSON"),
            documents: self.documents,
            catalogue: self.catalogue,
        })
    }
}

fn needed() -> impl Iterator<Item = String> {
    let flows = NEEDED.into_iter().map(|flow| format!("{flow}{EXTENSION}"));
    flows.chain([catalogue::FILE.to_owned()])
}

fn in_catalogue(fault: &Fault) -> bool {
    fault.file == catalogue::FILE
}

fn version_of(files: &Files) -> String {
    let mut hash = Sha256::new();
    for text in files.iter().flat_map(|(name, text)| [name, text]) {
        // Lengths keep two texts from being mistaken for one.
        hash.update((text.len() as u64).to_be_bytes());
        hash.update(text);
    }
    hash.finalize().iter().take(6).fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}
