//! The subcommands, one file each: arguments, what they run, what they print.
//!
//! A command says what it needs of the world; `world` gives it this machine's files, clock and
//! streams. Another command is one line in [`Command`] and one in [`Command::run`].

pub mod assemble;
pub mod backup;
pub mod card;
pub mod check;
pub mod demo;
pub mod explain;
pub mod export;
mod flow_files;
pub mod flows;
pub mod forget;
pub mod import;
pub mod operator;
pub mod privacy;
pub mod report;
pub mod serve;
pub mod stop;
mod world;

/// The command line.
#[derive(Debug, clap::Parser)]
#[command(
    name = "burenhulp",
    version,
    about = "A telephone exchange for neighbourly help",
    after_help = "To begin:\n  burenhulp check --print-default > burenhulp.toml\n  burenhulp check\n\n\
                  Exit status: 0 well, 1 failed, 2 wrong use."
)]
pub struct Cli {
    /// What to do
    #[command(subcommand)]
    pub command: Command,
}

/// What can be done.
#[expect(missing_docs, reason = "the sentence that --help shows stands with each command")]
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    Backup(backup::Backup),
    Card(card::Card),
    Check(check::Check),
    Demo(demo::Demo),
    Explain(explain::Explain),
    Export(export::Export),
    Flows(flows::Flows),
    Forget(forget::Forget),
    Import(import::Import),
    Report(report::ReportCommand),
    Operator(operator::Operator),
    Privacy(privacy::Privacy),
    Restore(backup::Restore),
    Serve(serve::Serve),
    Stop(stop::Stop),
}

impl Command {
    /// Does it. Whether it went well; what did not was written to standard error.
    ///
    /// # Errors
    /// What kept it from being done, as one sentence that says what to do next.
    pub fn run(&self) -> anyhow::Result<bool> {
        match self {
            Self::Backup(backup) => world::backup(backup),
            Self::Card(card) => world::card(card),
            Self::Check(check) => world::check(check),
            Self::Demo(demo) => demo.run().map(|()| true),
            Self::Explain(explain) => world::explain(explain),
            Self::Export(export) => world::export(export),
            Self::Flows(flows) => world::flows(flows),
            Self::Forget(forget) => world::forget(forget),
            Self::Import(import) => world::import(import),
            Self::Report(report) => world::report(report),
            Self::Operator(operator) => world::operator(operator),
            Self::Privacy(privacy) => world::privacy(privacy),
            Self::Restore(restore) => world::restore(restore),
            Self::Serve(serve) => serve.run().map(|()| true),
            Self::Stop(stop) => world::stop(stop),
        }
    }
}

#[cfg(test)]
mod keeping_tests;

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    fn each(command: &clap::Command, look: &mut dyn FnMut(&clap::Command)) {
        look(command);
        command.get_subcommands().for_each(|inner| each(inner, look));
    }

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_help_has_an_example() {
        each(&Cli::command(), &mut |command| {
            let help = command.clone().render_long_help().to_string();
            let shown = help.contains("Example") || help.contains("To begin:");
            assert!(shown && help.contains(" burenhulp "), "{}:\n{help}", command.get_name());
        });
    }
}
