//! The real binary, serving, and what the system says about it.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;

use crate::town::Town;

pub(crate) const TOKEN: &str = "12345";
pub(crate) const ACCOUNT: &str = "AC00000000000000000000000000000000";
pub(crate) const PUBLIC_URL: &str = "https://centrale.example.org";
/// The clock in which Linux counts the time of processes, per second.
const TICKS: u64 = 100;

/// A running exchange; dropped, it is told to end.
pub(crate) struct Exchange {
    pub(crate) address: SocketAddr,
    child: Child,
    _directory: TempDir,
}

impl Exchange {
    pub(crate) fn serve(town: &Town) -> Self {
        // On the disk that the program is built on: a directory in memory would prove nothing.
        let directory = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a directory");
        town.move_in(&directory.path().join("burenhulp.db"));
        let api_base = yes_to_everything();
        let text = format!(
            "listen = \"127.0.0.1:0\"\npublic_url = \"{PUBLIC_URL}\"\nnumbering = \"nl-fixtures\"\n\
             [provider]\nkind = \"twilio\"\naccount = \"{ACCOUNT}\"\nauth_token_env = \"TOKEN\"\n\
             api_base = \"{api_base}\"\n{}",
            town.line()
        );
        std::fs::write(directory.path().join("burenhulp.toml"), text).expect("a configuration");
        let mut child = Command::new(env!("CARGO_BIN_EXE_burenhulp"))
            .args(["serve", "--log-format", "json"])
            .current_dir(directory.path())
            .env("TOKEN", TOKEN)
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary");
        let mut lines = BufReader::new(child.stderr.take().expect("piped")).lines();
        let address = loop {
            let line = lines.next().expect("it serves").expect("a line");
            let line: serde_json::Value = serde_json::from_str(&line).expect(&line);
            if line["message"] == "serving" {
                break line["listen"].as_str().and_then(|a| a.parse().ok()).expect("an address");
            }
        };
        // Its first complaints are shown; the rest is read too, so that it never waits for a reader.
        std::thread::spawn(move || {
            for (n, line) in lines.map_while(Result::ok).enumerate() {
                if n < 10 {
                    eprintln!("{line}");
                }
            }
        });
        Self { address, child, _directory: directory }
    }

    /// Resident memory.
    pub(crate) fn resident_mb(&self) -> f64 {
        let path = format!("/proc/{}/status", self.child.id());
        let status = std::fs::read_to_string(path).expect("a Linux process");
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("VmRSS");
        let kb = line.trim().split(' ').next().and_then(|kb| kb.parse::<f64>().ok());
        kb.expect("a number") / 1024.0
    }

    /// Processor time so far.
    pub(crate) fn cpu(&self) -> Duration {
        cpu_of(&self.child.id().to_string())
    }
}

/// Processor time of this process so far.
pub(crate) fn own_cpu() -> Duration {
    cpu_of("self")
}

fn cpu_of(process: &str) -> Duration {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).expect("a Linux process");
    // Behind the name, which may hold anything: user and system time are the 12th and 13th.
    let fields: Vec<&str> = stat.rsplit(") ").next().expect("fields").split(' ').collect();
    let ticks: u64 = fields[11..13].iter().filter_map(|field| field.parse::<u64>().ok()).sum();
    Duration::from_millis(ticks * 1000 / TICKS)
}

/// A provider's REST interface that does whatever it is asked: recordings of silence are deleted.
fn yes_to_everything() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let api_base = format!("http://{}", listener.local_addr().expect("an address"));
    listener.set_nonblocking(true).expect("an option");
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.expect("a runtime").block_on(async {
            let listener = tokio::net::TcpListener::from_std(listener).expect("a listener");
            let app = axum::Router::new().fallback(|| async { axum::http::StatusCode::NO_CONTENT });
            axum::serve(listener, app).await
        })
    });
    api_base
}

impl Drop for Exchange {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
