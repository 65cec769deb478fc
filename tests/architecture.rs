//! The house of `src/lib.rs`, held against the sources: pure rooms stay pure, arrows go one way,
//! and what only one room may know stands in no other.

use std::fs;
use std::path::{Path, PathBuf};

/// Rooms, and the rooms that each may look into.
const MAY_USE: [(&str, &[&str]); 15] = [
    ("domain", &[]),
    ("dispatch", &["domain"]),
    ("flow", &["domain"]),
    ("twiml", &["domain"]),
    ("report", &["domain", "dispatch"]),
    ("privacy", &["domain"]),
    ("card", &["domain", "flow"]),
    ("store", &["domain", "dispatch", "report", "privacy"]),
    ("carrier", &["domain", "dispatch"]),
    ("login", &["domain"]),
    ("config", &["domain"]),
    ("telemetry", &["domain", "dispatch"]),
    (
        "exchange",
        &[
            "domain",
            "dispatch",
            "flow",
            "twiml",
            "report",
            "privacy",
            "store",
            "carrier",
            "config",
            "telemetry",
        ],
    ),
    // Only what a provider sees: webhooks out, REST calls in.
    ("sim", &["domain"]),
    (
        "web",
        &[
            "card",
            "domain",
            "dispatch",
            "flow",
            "report",
            "privacy",
            "store",
            "carrier",
            "login",
            "config",
            "telemetry",
            "exchange",
            "sim",
        ],
    ),
];

const PURE: [&str; 7] = ["domain", "dispatch", "flow", "twiml", "report", "privacy", "card"];

/// What no pure room may touch: async, files, sockets, clocks, a random source of its own.
const IMPURE: [&str; 14] = [
    "tokio",
    "axum",
    "rusqlite",
    "reqwest",
    "std::fs",
    "std::net",
    "std::env",
    "Utc::now",
    "Local::now",
    "SystemTime::now",
    "Instant::now",
    "rand::rng",
    "SysRng",
    "async fn",
];

/// Words that stand in these rooms and in no other.
const ONLY_IN: [(&str, &[&str]); 6] = [
    ("rusqlite::", &["store"]),
    ("quick_xml", &["twiml", "sim"]),
    ("roxmltree", &["flow"]),
    ("x-twilio-signature", &["carrier", "sim"]),
    ("DialCallStatus", &["carrier", "sim"]),
    ("SystemTime::now", &["exchange"]),
];

struct Source {
    room: String,
    path: PathBuf,
    /// What is built, line by line: comments and tests taken out.
    lines: Vec<(usize, String)>,
}

impl Source {
    fn read(path: &Path) -> Self {
        let text = fs::read_to_string(path).expect("a source file");
        let below = path.strip_prefix("src").expect("below src");
        let first = below.components().next().expect("a name").as_os_str().to_string_lossy();
        let is_code = |line: &str| !line.trim_start().starts_with("//");
        let built = text.lines().take_while(|line| !line.trim_start().starts_with("#[cfg(test)]"));
        let lines = built.enumerate().filter(|(_, line)| is_code(line));
        Self {
            room: first.trim_end_matches(".rs").to_owned(),
            path: path.to_owned(),
            lines: lines.map(|(at, line)| (at + 1, line.to_owned())).collect(),
        }
    }

    fn lines_with<'a>(&'a self, word: &'a str) -> impl Iterator<Item = String> + 'a {
        let with = self.lines.iter().filter(move |(_, line)| line.contains(word));
        with.map(move |(at, _)| format!("{}:{at}: {word}", self.path.display()))
    }
}

fn sources() -> Vec<Source> {
    fn walk(directory: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(directory).expect("a directory").flatten() {
            let path = entry.path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|end| end == "rs") {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    walk(Path::new("src"), &mut found);
    let is_test = |path: &PathBuf| path.to_string_lossy().contains("tests");
    found.iter().filter(|path| !is_test(path)).map(|path| Source::read(path)).collect()
}

#[test]
fn pure_rooms_touch_no_file_clock_socket_or_random_source() {
    let faults: Vec<String> = sources()
        .iter()
        .filter(|source| PURE.contains(&source.room.as_str()))
        .flat_map(|source| IMPURE.iter().flat_map(|word| source.lines_with(word)))
        .collect();
    assert!(faults.is_empty(), "pure rooms must stay pure:\n{}", faults.join("\n"));
}

#[test]
fn rooms_look_into_each_other_one_way_only() {
    let mut faults = Vec::new();
    for source in sources() {
        let Some((_, allowed)) = MAY_USE.iter().find(|(room, _)| *room == source.room) else {
            continue;
        };
        for (other, _) in MAY_USE {
            if other != source.room && !allowed.contains(&other) {
                faults.extend(source.lines_with(&format!("crate::{other}::")));
                faults.extend(source.lines_with(&format!("crate::{other};")));
            }
        }
    }
    assert!(faults.is_empty(), "against the arrows of src/lib.rs:\n{}", faults.join("\n"));
}

#[test]
fn what_one_room_knows_stands_in_no_other() {
    let mut faults = Vec::new();
    for source in sources() {
        for (word, rooms) in ONLY_IN {
            if !rooms.contains(&source.room.as_str()) {
                faults.extend(source.lines_with(word));
            }
        }
    }
    assert!(faults.is_empty(), "this belongs in another room:\n{}", faults.join("\n"));
}

#[test]
fn every_room_is_on_the_map() {
    let map = fs::read_to_string("src/lib.rs").expect("the map");
    for (room, _) in MAY_USE {
        assert!(map.contains(&format!("[`{room}`]")), "src/lib.rs does not say what {room} is for");
    }
}
