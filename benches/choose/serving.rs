//! What the real `serve` holds in memory on such a database, at rest and after some seconds of calls.

use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::client::{self, Load};
use crate::configuration::configuration;
use crate::country::Country;

/// What webhooks are signed with.
pub(crate) const AUTH_TOKEN: &str = "12345";
const CONNECTIONS: usize = 32;
const SECONDS: u64 = 10;

/// Where callers are.
pub(crate) struct Town {
    pub(crate) postcodes: Vec<u16>,
}

/// Starts the binary on this country, has it serve calls, and prints its resident set. Whether it
/// is below `most` megabytes.
pub(crate) fn print_memory(country: Country, most: f64) -> bool {
    let Country { store, line, database, dir, .. } = country;
    drop(store);
    let postcodes = line.area.iter().map(|postcode| postcode.number()).collect();
    let town = Town { postcodes };
    let address = free_address();
    let config = dir.path().join("burenhulp.toml");
    std::fs::write(&config, configuration(&town.postcodes, &database, address))
        .expect("a configuration");
    let serve = Serve::start(&config);
    serve.wait_for(address);
    let at_rest = serve.memory_mb("VmRSS:");
    let load = Load { address, connections: CONNECTIONS, time: Duration::from_secs(SECONDS) };
    let outcome = client::calls(&load, &town);
    let after = serve.memory_mb("VmRSS:");
    // The first round of counting and forgetting, which goes through everybody, runs meanwhile.
    let highest = serve.memory_mb("VmHWM:");
    println!(
        "\nserve with these people: {at_rest:.0} MB at rest, {after:.0} MB after {SECONDS} s of calls \
         at {:.0} webhooks/s, {highest:.0} MB at its highest (below {most} MB)\n",
        outcome.per_second()
    );
    highest < most
}

/// The process, stopped when it is let go.
struct Serve(Child);

impl Serve {
    fn start(config: &Path) -> Self {
        let started = Command::new(env!("CARGO_BIN_EXE_burenhulp"))
            .arg("serve")
            .arg("--config")
            .arg(config)
            .env("TOKEN", AUTH_TOKEN)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        Self(started.expect("serve starts"))
    }

    fn wait_for(&self, address: SocketAddr) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.expect("a runtime").block_on(async {
            for _ in 0..200 {
                if tokio::net::TcpStream::connect(address).await.is_ok() {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            panic!("serve does not answer after 10 s; run it by hand to see why");
        });
    }

    /// A line of what Linux tells about the memory of a process.
    fn memory_mb(&self, of: &str) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.0.id()));
        let status = status.expect("Linux, and a process that runs");
        let line = status.lines().find_map(|line| line.strip_prefix(of)).expect("such a line");
        let kb: f64 = line.trim().trim_end_matches(" kB").parse().expect("a number");
        kb * 1024.0 / 1e6
    }
}

impl Drop for Serve {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Free now; nobody else on this machine is likely to take it within a second.
fn free_address() -> SocketAddr {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address")
}
