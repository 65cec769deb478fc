//! The built program as an organisation runs it: a directory with a configuration and a database,
//! a process of its own, HTTP. It can be killed.

mod provider;
mod story;
mod wire;

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, ChildStderr, Command, ExitStatus, Stdio};
use std::sync::{Arc, Condvar, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use tempfile::TempDir;

pub(crate) use provider::{Ask, Asked, Provider, Victim};
pub(crate) use story::Story;
pub(crate) use wire::{Sent, get, head, send};

/// What webhooks are signed with.
pub(crate) const TOKEN: &str = "een geheim";
/// The provider's account.
pub(crate) const ACCOUNT: &str = "AC00000000000000000000000000000000";
/// What the provider would call. Nothing listens there: addresses in answers stay the same however
/// often the process begins anew on another port.
pub(crate) const PUBLIC_URL: &str = "https://centrale.example.org";

const CONFIGURATION: &str = "burenhulp.toml";
const TOKEN_VARIABLE: &str = "BURENHULP_AUTH_TOKEN";
/// Longest that anything here is waited for.
const PATIENCE: Duration = Duration::from_secs(20);

/// A directory with everything that the program needs and keeps.
pub(crate) struct Installation(TempDir);

impl Installation {
    /// With this configuration, from `[[line]]` on and what else is to stand before it.
    pub(crate) fn new(top: &str, lines: &str, api_base: &str) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let text = format!(
            "listen = \"127.0.0.1:0\"\npublic_url = \"{PUBLIC_URL}\"\nnumbering = \"nl-fixtures\"\n\
             {top}\n[provider]\nkind = \"twilio\"\naccount = \"{ACCOUNT}\"\n\
             auth_token_env = \"{TOKEN_VARIABLE}\"\napi_base = \"{api_base}\"\n{lines}"
        );
        std::fs::write(directory.path().join(CONFIGURATION), text).unwrap();
        Self(directory)
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.path("burenhulp.db")
    }

    /// Takes over the database and the key of another one, which does not serve.
    pub(crate) fn copy_books_of(&self, other: &Self) {
        for name in ["burenhulp.db", "burenhulp.db.key"] {
            std::fs::copy(other.path(name), self.path(name)).unwrap();
        }
    }

    /// Serves, and has begun.
    pub(crate) fn serve(&self) -> Process {
        Process::begin(self.command(), true)
    }

    /// Serves, and nobody reads any more what it logs: its standard error is closed.
    pub(crate) fn serve_unread(&self) -> Process {
        Process::begin(self.command(), false)
    }

    /// Serves, or rather does not: its exit status, and what it said.
    pub(crate) fn serve_in_vain(&self) -> (Option<i32>, String) {
        let mut child = self.command().spawn().unwrap();
        let mut said = String::new();
        for line in BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok) {
            if line.contains("\"serving\"") {
                let _ = child.kill();
                panic!("it serves all the same");
            }
            said += &format!("{line}\n");
        }
        (child.wait().unwrap().code(), said)
    }

    fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_burenhulp"));
        command
            .args(["serve", "--log-format", "json"])
            .current_dir(self.0.path())
            .env(TOKEN_VARIABLE, TOKEN)
            .env_remove("BURENHULP_LOG")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        command
    }
}

/// A running exchange. Dropped, it is killed.
pub(crate) struct Process {
    child: Child,
    pub(crate) address: SocketAddr,
    log: Arc<Log>,
    reader: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Log {
    lines: Mutex<Vec<String>>,
    more: Condvar,
}

impl Process {
    fn begin(mut command: Command, is_read: bool) -> Self {
        let mut child = command.spawn().unwrap();
        let log = Arc::new(Log::default());
        let stderr = BufReader::new(child.stderr.take().unwrap());
        let reader = Some(read_on(stderr, Arc::clone(&log), is_read));
        let Some(line) = log.wait_for("\"serving\"") else {
            let _ = child.kill();
            panic!("it does not serve: {:?}", log.lines.lock().unwrap());
        };
        let line: serde_json::Value = serde_json::from_str(&line).unwrap();
        let address = line["listen"].as_str().unwrap().parse().unwrap();
        Self { child, address, log, reader }
    }

    /// SIGKILL: it learns nothing of its end. Gives every line it had logged.
    pub(crate) fn kill(mut self) -> Vec<String> {
        self.child.kill().unwrap();
        self.end().1
    }

    /// SIGTERM, SIGHUP and the like, by the name without SIG.
    pub(crate) fn signal(&self, name: &str) {
        let line = format!("kill -{name} {}", self.child.id());
        assert!(Command::new("sh").args(["-c", &line]).status().unwrap().success());
    }

    /// Waits until a line with these words has been logged.
    pub(crate) fn wait_for(&self, words: &str) -> String {
        self.log
            .wait_for(words)
            .unwrap_or_else(|| panic!("{words:?} was not logged: {:?}", self.log.lines.lock()))
    }

    /// Waits for its end: how it was, and everything that it logged.
    pub(crate) fn end(mut self) -> (ExitStatus, Vec<String>) {
        let status = self.child.wait().unwrap();
        self.reader.take().unwrap().join().unwrap();
        (status, std::mem::take(&mut *self.log.lines.lock().unwrap()))
    }

    /// SIGTERM, and waits for a good end.
    pub(crate) fn stop(self) -> Vec<String> {
        self.signal("TERM");
        let (status, log) = self.end();
        assert_eq!(status.code(), Some(0), "{log:?}");
        log
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Reads what is logged to its end, so that the process never waits for a reader; or else only
/// until it serves.
fn read_on(stderr: BufReader<ChildStderr>, log: Arc<Log>, to_the_end: bool) -> JoinHandle<()> {
    std::thread::spawn(move || {
        for line in stderr.lines().map_while(Result::ok) {
            let enough = !to_the_end && line.contains("\"serving\"");
            log.lines.lock().unwrap().push(line);
            log.more.notify_all();
            if enough {
                return;
            }
        }
    })
}

impl Log {
    fn wait_for(&self, words: &str) -> Option<String> {
        let lines = self.lines.lock().unwrap();
        let has = |lines: &Vec<String>| lines.iter().find(|line| line.contains(words)).cloned();
        let (lines, _) =
            self.more.wait_timeout_while(lines, PATIENCE, |lines| has(lines).is_none()).unwrap();
        has(&lines)
    }
}
