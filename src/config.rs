//! Configuration: `burenhulp.toml`, read once at start and never changed.
//!
//! Every fault is found at once and told with its line number and what to do about it. A value
//! that exists is checked: numbers passed the gate, hours open at least once in a fortnight, the
//! token is there. Secrets are never in the file: an environment variable or another file holds
//! them. Nothing here rings, answers or stores anything.

use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use toml::de::DeTable;

use crate::domain::{Line, Numbering, Referral, ServiceId, Timestamp};

mod address;
mod desk;
mod faults;
mod line;
mod provider;
mod referral;
mod secret;
mod table;
#[cfg(test)]
mod tests;
mod without_secrets;

pub use desk::Desk;
pub use faults::{Fault, Faults};
pub use provider::{Provider, ProviderKind};
pub use secret::Secret;
pub use without_secrets::WithoutSecrets;

use address::Address;
use table::{Document, Table};

/// The name of the file when no other is given.
pub const FILE_NAME: &str = "burenhulp.toml";

/// `public_url` of the default text; a real provider could not reach it.
const EXAMPLE_URL: &str = "https://centrale.example.nl";

/// Days within which a line's hours must open at least once.
const MUST_OPEN_WITHIN_DAYS: u32 = 14;

/// Everything that an organisation settles for its exchange.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    /// Where the exchange listens for HTTP.
    pub listen: SocketAddr,
    /// What the provider calls, without a slash at the end; signatures are computed over it.
    pub public_url: String,
    /// The database file.
    pub database: PathBuf,
    /// A directory that replaces the built-in voice flows.
    pub flows: Option<PathBuf>,
    /// Which numbers may be rung.
    pub numbering: Numbering,
    /// The telephony provider.
    pub provider: Provider,
    /// The limits of searches that go on after the caller hung up.
    pub background: Background,
    /// Logging in at the desk.
    pub desk: Desk,
    /// The lines; never empty, every number once.
    pub lines: Vec<Line>,
    /// Organisations to which somebody can be referred, the usual ones first.
    pub referrals: Vec<Referral>,
}

/// The limits of a background search.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Background {
    /// How long it goes on, 1 h to 7 days; only ringing hours are used.
    pub time: Duration,
    /// Most neighbours rung, 1 to 100.
    pub max_attempts: u32,
}

/// The files that a configuration names, read without judging the rest of it: a check looks at them
/// also when the configuration has faults.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paths {
    /// As [`Config::database`].
    pub database: PathBuf,
    /// As [`Config::flows`].
    pub flows: Option<PathBuf>,
}

/// What reading a configuration needs to know of the world. All of it is handed in.
#[derive(Clone, Copy)]
pub struct Surroundings<'a> {
    /// Environment variables.
    pub environment: &'a dyn Fn(&str) -> Option<String>,
    /// Reads a file that holds a secret.
    pub read_file: &'a dyn Fn(&Path) -> io::Result<String>,
    /// The ids of the service catalogue of this flow directory (`None`: the built-in one), in its
    /// order; `None` when it cannot be read, which is for the check of the flows to tell.
    pub services: &'a dyn Fn(Option<&Path>) -> Option<Vec<ServiceId>>,
    /// The moment from which hours must open.
    pub now: Timestamp,
}

impl Config {
    /// Reads the text of a configuration.
    ///
    /// # Errors
    /// [`Faults`]: all of them, in the order of their lines.
    pub fn read(text: &str, around: &Surroundings<'_>) -> Result<Self, Faults> {
        let (root, broken) = DeTable::parse_recoverable(text);
        let document = Document::new(text);
        for error in &broken {
            let at = error.span().map_or(0, |span| span.start);
            document.broken(at, error.message());
        }
        let config = read_root(&document.root(root.get_ref()), around);
        match (config, document.into_faults()) {
            (Some(config), faults) if faults.is_empty() => Ok(config),
            (_, faults) => Err(Faults::new(faults)),
        }
    }

    /// Reads a configuration file, with the process's environment.
    ///
    /// # Errors
    /// [`Faults`]; for a file that is not there, how to get one.
    pub fn load(
        file: &Path,
        services: &dyn Fn(Option<&Path>) -> Option<Vec<ServiceId>>,
        now: Timestamp,
    ) -> Result<Self, Faults> {
        let around = Surroundings {
            environment: &|variable| std::env::var(variable).ok(),
            read_file: &|path| std::fs::read_to_string(path),
            services,
            now,
        };
        Self::read_file(file, &around)
    }

    fn read_file(file: &Path, around: &Surroundings<'_>) -> Result<Self, Faults> {
        let name = file.display().to_string();
        let bytes = std::fs::read(file).map_err(|e| Faults::one(unreadable(&e)).in_file(&name))?;
        let read = utf8(&bytes).and_then(|text| Self::read(text, around));
        read.map_err(|faults| faults.in_file(&name))
    }

    /// A configuration to begin with: every setting, its default and what it is for.
    pub fn default_text() -> &'static str {
        include_str!("config/default.toml")
    }

    /// The addresses to give to the provider, each in full.
    pub fn provider_addresses(&self) -> [(&'static str, String); 3] {
        let at = |path: &str| format!("{}{path}", self.public_url);
        [
            ("a call comes in", at("/voice/incoming")),
            ("if that fails", at("/voice/fallback")),
            ("call status changes", at("/voice/status")),
        ]
    }
}

impl Paths {
    /// Reads them from a configuration file; `None` when it is not there or not text.
    pub fn load(file: &Path) -> Option<Self> {
        let bytes = std::fs::read(file).ok()?;
        let text = utf8(&bytes).ok()?;
        let (root, _) = DeTable::parse_recoverable(text);
        let document = Document::new(text);
        Some(Self::read(&document.root(root.get_ref())))
    }

    fn read(root: &Table<'_>) -> Self {
        Self {
            database: root.text_or("database", "burenhulp.db").value.into(),
            flows: root.text("flows").map(|directory| PathBuf::from(directory.value)),
        }
    }
}

/// The file as text; a byte order mark is forgiven.
///
/// # Errors
/// [`Faults`] with the line of the first byte that is not UTF-8.
pub fn utf8(bytes: &[u8]) -> Result<&str, Faults> {
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    std::str::from_utf8(bytes).map_err(|e| {
        let line = 1 + bytes[..e.valid_up_to()].iter().filter(|b| **b == b'\n').count();
        let text = "this is not UTF-8; save the file as UTF-8 in your editor".to_owned();
        Faults::one(Fault { line: Some(line), text })
    })
}

fn read_root(root: &Table<'_>, around: &Surroundings<'_>) -> Option<Config> {
    let listen = root.text_or("listen", "127.0.0.1:8080");
    let listen = listen.value.parse::<SocketAddr>().map_err(|_| {
        root.fault(listen.line, "listen is an address and a port, like \"127.0.0.1:8080\"");
    });
    let public_url = root
        .required_text("public_url", "the address at which the provider reaches this exchange")
        .and_then(|url| address::public_url(root, &url));
    let Paths { database, flows } = Paths::read(root);
    if !root.has("provider") {
        root.missing("[provider] is missing: which telephony provider, and its account");
    }
    let provider = root.table("provider").map(|table| provider::read(&table, around));
    let (provider, api_base) = provider.unwrap_or_default();
    let numbering = numbering(root, api_base.as_ref());
    if let (Some(url), Some(false)) = (&public_url, api_base.map(|base| base.loopback))
        && url.value.text == EXAMPLE_URL
    {
        root.fault(url.line, "public_url is still the example; write the address of this exchange");
    }
    let background = Background {
        time: Duration::from_secs(3600 * root.whole("background_hours", 1..=168, 24)),
        max_attempts: root.count("background_max_attempts", 1..=100, 25),
    };
    let desk = desk::read(root);
    let services = (around.services)(flows.as_deref());
    let lines = line::read_all(root, numbering, services.as_deref(), around.now);
    let referrals = referral::read_all(root, services.as_deref());
    root.finish();
    Some(Config {
        listen: listen.ok()?,
        public_url: public_url?.value.text,
        database,
        flows,
        // A numbering that could not be read is a fault already, so this is never used then.
        numbering: numbering.unwrap_or_default(),
        provider: provider?,
        background,
        desk,
        lines,
        referrals,
    })
}

/// `None`: not readable; numbers are then read as if fixtures were allowed, so that one fault
/// does not make ten.
fn numbering(root: &Table<'_>, api_base: Option<&Address>) -> Option<Numbering> {
    let written = root.text_or("numbering", "nl");
    match written.value.as_str() {
        "nl" => Some(Numbering::Nl),
        "nl-fixtures" => {
            if api_base.is_some_and(|base| !base.loopback) {
                let text = "numbering = \"nl-fixtures\" rings numbers that nobody has: it is for \
                            the simulated carrier only; leave it out, or set api_base to a \
                            loopback address";
                root.fault(written.line, text);
            }
            Some(Numbering::NlFixtures)
        }
        _ => {
            root.fault(written.line, "numbering is \"nl\" (or \"nl-fixtures\" in tests)");
            None
        }
    }
}

fn unreadable(error: &io::Error) -> Fault {
    let text = if error.kind() == io::ErrorKind::NotFound {
        format!(
            "there is no such file; make one with `burenhulp check --print-default > {FILE_NAME}` \
             and fill it in, or name another with --config FILE"
        )
    } else {
        format!("cannot be read: {error}")
    };
    Fault { line: None, text }
}
