//! `burenhulp flows`: look over voice flows before a caller hears them, and see them drawn.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};

use crate::config::{FILE_NAME, WithoutSecrets};
use crate::domain::{Language, Timestamp};
use crate::flow::Flows as VoiceFlows;

use super::flow_files;

/// Check voice flows, and draw them
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "Examples:\n  burenhulp flows check --dir voice-flows\n  \
                        burenhulp flows draw caller > caller.svg")]
pub struct Flows {
    /// What to do
    #[command(subcommand)]
    pub what: What,
}

/// What can be done with flows.
#[expect(missing_docs, reason = "the sentence that --help shows stands with each command")]
#[derive(Debug, Clone, clap::Subcommand)]
pub enum What {
    Check(Check),
    Draw(Draw),
}

/// Find every fault of voice flows, with file and line
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "Examples:\n  burenhulp flows check --dir voice-flows\n  \
                        burenhulp flows check --config burenhulp.toml\n\n\
                        With a configuration, its flows are checked for every language that one \
                        of its lines offers.")]
pub struct Check {
    /// The directory with *.vxml and services.toml [default: the configured one, or those built in]
    #[arg(long, value_name = "DIR")]
    pub dir: Option<PathBuf>,
    /// The configuration [default: none, or burenhulp.toml where it is]
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// Draw a voice flow as an SVG picture for a browser
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "Examples:\n  burenhulp flows draw caller > caller.svg\n  \
                        burenhulp flows draw neighbour --dir voice-flows --output neighbour.svg")]
pub struct Draw {
    /// The flow: caller, neighbour, desk ...
    #[arg(value_name = "FLOW")]
    pub flow: String,
    /// The directory with the flows [default: those built in]
    #[arg(long, value_name = "DIR")]
    pub dir: Option<PathBuf>,
    /// Where to write the picture [default: standard output]
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// The language of the words, nl or en
    #[arg(long, default_value = "nl")]
    pub language: String,
}

impl Flows {
    /// Does it. Whether it went well; what did not was written to `err`.
    ///
    /// # Errors
    /// What kept it from being done, as one sentence that says what to do next.
    pub fn run(
        &self,
        now: Timestamp,
        out: &mut dyn Write,
        err: &mut dyn Write,
    ) -> anyhow::Result<bool> {
        match &self.what {
            What::Check(check) => check.run(now, out, err),
            What::Draw(draw) => draw.run(out, err),
        }
    }
}

impl Check {
    fn run(
        &self,
        now: Timestamp,
        out: &mut dyn Write,
        err: &mut dyn Write,
    ) -> anyhow::Result<bool> {
        let config = self.config(now)?;
        let configured = config.as_ref().and_then(|config| config.flows.as_deref());
        let directory = self.dir.as_deref().or(configured);
        if let Some(directory) = directory {
            for name in flow_files::others(directory) {
                writeln!(
                    err,
                    "{}: not read: neither a flow nor services.toml",
                    directory.join(name).display()
                )?;
            }
        }
        let lines = config.as_ref().map_or(&[][..], |config| &config.lines);
        match flow_files::read_for(directory, lines) {
            Ok(flows) => {
                let names = flows.names().collect::<Vec<_>>().join(", ");
                let services = flows.catalogue().ids().count();
                let place = directory.map_or("built in".into(), |d| d.display().to_string());
                writeln!(out, "{place}: {names} and {services} services are in order")?;
                Ok(true)
            }
            Err(faults) => {
                for fault in &faults {
                    writeln!(err, "{fault}")?;
                }
                let many = if faults.len() == 1 {
                    "1 fault".into()
                } else {
                    format!("{} faults", faults.len())
                };
                writeln!(err, "{many}; the flows are not used until there is none")?;
                Ok(false)
            }
        }
    }

    /// The configuration that was named or, without a directory, the one that is at hand.
    fn config(&self, now: Timestamp) -> anyhow::Result<Option<WithoutSecrets>> {
        let at_hand = || self.dir.is_none() && Path::new(FILE_NAME).exists();
        let file = match &self.config {
            Some(file) => file.clone(),
            None if at_hand() => PathBuf::from(FILE_NAME),
            None => return Ok(None),
        };
        let config = WithoutSecrets::load(&file, &flow_files::services, now);
        config.map(Some).map_err(|faults| anyhow!("{faults}"))
    }
}

impl Draw {
    fn run(&self, out: &mut dyn Write, err: &mut dyn Write) -> anyhow::Result<bool> {
        let language = Language::parse(&self.language).with_context(|| {
            format!("\"{}\" is not a language here; use nl or en", self.language)
        })?;
        let flows = match flow_files::read(self.dir.as_deref()) {
            Ok(flows) => flows,
            Err(faults) => return tell(err, &faults),
        };
        let svg = flows.draw(&self.flow, language).map_err(|_| self.no_such(&flows))?;
        match &self.output {
            Some(file) => std::fs::write(file, svg)
                .with_context(|| format!("{} cannot be written", file.display()))?,
            None => out.write_all(svg.as_bytes())?,
        }
        Ok(true)
    }

    fn no_such(&self, flows: &VoiceFlows) -> anyhow::Error {
        let names = flows.names().collect::<Vec<_>>().join(", ");
        anyhow!("there is no flow \"{}\"; there are {names}", self.flow)
    }
}

fn tell(err: &mut dyn Write, faults: &[String]) -> anyhow::Result<bool> {
    faults.iter().try_for_each(|fault| writeln!(err, "{fault}"))?;
    Ok(false)
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::flow::Files;

    const NOW: Timestamp = Timestamp(1_795_510_800_000);

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        flows: Flows,
    }

    /// What a command answers, prints and complains of.
    fn run(words: &[&str]) -> (anyhow::Result<bool>, String, String) {
        let line = Line::try_parse_from([&["flows"], words].concat()).expect("a command line");
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let well = line.flows.run(NOW, &mut out, &mut err);
        let text = |bytes| String::from_utf8(bytes).expect("text");
        (well, text(out), text(err))
    }

    /// A directory with the built-in flows, `from` replaced by `to` in the caller's.
    fn directory(from: &str, to: &str) -> tempfile::TempDir {
        let directory = tempfile::tempdir().expect("a directory");
        let files: Files = serde_json::from_str(VoiceFlows::built_in().files()).expect("files");
        for (name, text) in &files {
            let text = if name == "caller.vxml" { text.replace(from, to) } else { text.clone() };
            std::fs::write(directory.path().join(name), text).expect("written");
        }
        directory
    }

    #[test]
    fn flows_in_order_are_told_so_and_what_is_not_read_is_named() {
        let directory = directory("", "");
        for name in ["README.md", "caller.vxml~"] {
            std::fs::write(directory.path().join(name), "anders").expect("written");
        }
        let (well, out, err) = run(&["check", "--dir", &directory.path().display().to_string()]);
        assert!(well.expect("it ran"), "{err}");
        assert!(
            out.contains(
                "callback, caller, checkin, code, confirm, desk, neighbour, participant, question, ringback, signup, steered and 7 services are in order"
            ),
            "{out}"
        );
        assert!(err.contains("caller.vxml~: not read") && !err.contains("README"), "{err}");
    }

    #[test]
    fn every_fault_is_a_line_with_its_place() {
        let directory = directory("next=\"#goodbye\"", "next=\"#gone\"");
        let place = directory.path().display().to_string();
        let (well, out, err) = run(&["check", "--dir", &place]);
        assert!(!well.expect("it ran") && out.is_empty());
        let faults: Vec<_> = err.lines().filter(|line| line.contains("no form #gone")).collect();
        assert!(faults.len() > 2, "{err}");
        assert!(faults.iter().all(|line| line.starts_with(&format!("{place}/caller.vxml:"))));
        assert!(err.trim_end().ends_with("the flows are not used until there is none"), "{err}");
    }

    #[test]
    fn a_line_that_offers_english_wants_flows_that_speak_it() {
        let directory = tempfile::tempdir().expect("a directory");
        let files: Files = serde_json::from_str(VoiceFlows::built_in().files()).expect("files");
        let flows = directory.path().join("flows");
        std::fs::create_dir(&flows).expect("a directory");
        let dutch = r#"<vxml version="2.1"><form id="a"><block>
            <prompt xml:lang="nl-NL">Dag.</prompt><disconnect/></block></form></vxml>"#;
        for (name, text) in &files {
            let text = if name.ends_with(".vxml") { dutch } else { text };
            std::fs::write(flows.join(name), text).expect("written");
        }
        let config = directory.path().join("burenhulp.toml");
        let with = |languages: &str| {
            let text = format!(
                "public_url = \"http://127.0.0.1:8080\"\nnumbering = \"nl-fixtures\"\n\
                 flows = {flows:?}\n[provider]\nkind = \"twilio\"\naccount = \"ACtest\"\n\
                 auth_token_env = \"BURENHULP_NOWHERE_SET\"\napi_base = \"http://127.0.0.1:9090\"\n\
                 [[line]]\nnumber = \"+31700002586\"\nname = \"Burenhulp\"\narea = [\"2584\"]\n\
                 services = [\"company\"]\nlanguages = {languages}\noffice_hours = \"Mo-Fr 09:00-17:00\"\n"
            );
            std::fs::write(&config, text).expect("written");
            run(&["check", "--config", &config.display().to_string()])
        };
        let (well, _, err) = with("[\"nl\"]");
        assert!(well.expect("it ran"), "{err}");
        let (well, _, err) = with("[\"nl\", \"en\"]");
        assert!(!well.expect("it ran"));
        assert!(err.contains("caller.vxml:2: there can be nothing to hear in English"), "{err}");
    }

    #[test]
    fn a_drawing_goes_where_it_is_wanted() {
        let (well, out, _) = run(&["draw", "caller", "--language", "en"]);
        assert!(well.expect("it ran") && out.starts_with("<svg") && out.contains("Good morning."));
        let directory = directory("", "");
        let file = directory.path().join("desk.svg").display().to_string();
        let place = directory.path().display().to_string();
        let (well, out, _) = run(&["draw", "desk", "--dir", &place, "--output", &file]);
        assert!(well.expect("it ran") && out.is_empty());
        assert!(std::fs::read_to_string(file).expect("written").contains("#take_it"));
        let (none, ..) = run(&["draw", "party"]);
        let none = none.expect_err("no such flow").to_string();
        assert!(
            none.contains("there are callback, caller, checkin, code, confirm, desk, neighbour"),
            "{none}"
        );
    }
}
