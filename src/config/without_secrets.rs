//! The same file for commands at the database, which ring nobody and need no token.

use std::path::{Path, PathBuf};

use super::{Config, Faults, Surroundings};
use crate::domain::{Line, Numbering, Phone, ServiceId, Timestamp};

/// What a configuration says about numbers, lines and files; its secrets are not looked up.
#[derive(Debug, Clone, PartialEq)]
pub struct WithoutSecrets {
    /// As [`Config::database`].
    pub database: PathBuf,
    /// As [`Config::public_url`].
    pub public_url: String,
    /// As [`Config::flows`].
    pub flows: Option<PathBuf>,
    /// As [`Config::numbering`].
    pub numbering: Numbering,
    /// As [`Config::lines`].
    pub lines: Vec<Line>,
    /// What kind of provider it is, a word; who holds numbers and calls besides us.
    pub provider: &'static str,
}

impl WithoutSecrets {
    /// Reads a configuration file as [`Config::load`] does, but asks neither the environment nor
    /// another file for a secret: whoever imports people need not have the provider's token.
    ///
    /// # Errors
    /// [`Faults`], all but those of secrets that are not there.
    pub fn load(
        file: &Path,
        services: &dyn Fn(Option<&Path>) -> Option<Vec<ServiceId>>,
        now: Timestamp,
    ) -> Result<Self, Faults> {
        // Stands for every secret while the rest is read; it goes with the provider, below.
        let any = || "not looked up".to_owned();
        let around = Surroundings {
            environment: &|_| Some(any()),
            read_file: &|_| Ok(any()),
            services,
            now,
        };
        let Config { database, public_url, flows, numbering, lines, provider, .. } =
            Config::read_file(file, &around)?;
        let provider = provider.kind.word();
        Ok(Self { database, public_url, flows, numbering, lines, provider })
    }

    /// The numbers of the lines.
    pub fn numbers(&self) -> Vec<Phone> {
        self.lines.iter().map(|line| line.number.clone()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"public_url = "http://127.0.0.1:8080"
numbering = "nl-fixtures"
[provider]
kind = "twilio"
account = "ACtest"
auth_token_env = "BURENHULP_NOWHERE_SET"
api_base = "http://127.0.0.1:9090"
[[line]]
number = "+31700002586"
name = "Burenhulp Scheveningen"
area = ["2584"]
services = ["company"]
office_hours = "Mo-Fr 09:00-17:00; PH off"
"#;
    const NOW: Timestamp = Timestamp(1_795_510_800_000);

    #[test]
    fn no_token_is_needed_and_every_other_fault_is_found() {
        let dir = tempfile::tempdir().expect("a directory");
        let file = dir.path().join("burenhulp.toml");
        std::fs::write(&file, TEXT).expect("a file");
        let refused = Config::load(&file, &|_| None, NOW).expect_err("serve needs the token");
        assert!(refused.to_string().contains("BURENHULP_NOWHERE_SET is not set"), "{refused}");
        let read = WithoutSecrets::load(&file, &|_| None, NOW).expect("no token is needed");
        assert_eq!(read.numbers().len(), 1);

        let faulty = TEXT.replace("_NOWHERE_SET", "_nowhere").replace("2584", "25");
        std::fs::write(&file, faulty).expect("a file");
        let faults = WithoutSecrets::load(&file, &|_| None, NOW).expect_err("two faults");
        let faults: Vec<String> = faults.lines().collect();
        assert!(faults.len() == 2 && faults[0].contains(":6: auth_token_env"), "{faults:?}");
    }
}
