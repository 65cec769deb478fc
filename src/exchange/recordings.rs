//! The organisation's own recorded prompts: files in `audio/` of its flow directory.

use std::path::{Path, PathBuf};

/// Where recordings are; with the built-in flows there are none.
#[derive(Debug, Clone, Default)]
pub struct Recordings {
    directory: Option<PathBuf>,
}

impl Recordings {
    /// Those beside the flows in this directory.
    pub fn of(flows: Option<&Path>) -> Self {
        Self { directory: flows.map(|flows| flows.join("audio")) }
    }

    /// The recording of this name and its type; `None` when there is no such file, or when the name
    /// is not a plain one and could lead out of the directory.
    pub fn find(&self, name: &str) -> Option<(PathBuf, &'static str)> {
        let (directory, kind) = (self.directory.as_ref()?, kind_of(name)?);
        let file = directory.join(name);
        file.is_file().then_some((file, kind))
    }
}

fn kind_of(name: &str) -> Option<&'static str> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    if name.starts_with('.') || !name.chars().all(plain) {
        return None;
    }
    match Path::new(name).extension()?.to_str()? {
        "wav" => Some("audio/wav"),
        "mp3" => Some("audio/mpeg"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_names_of_sounds_that_are_there_are_found() {
        let flows = tempfile::tempdir().expect("a directory");
        std::fs::create_dir(flows.path().join("audio")).expect("made");
        for name in ["groet-nl.wav", "greeting.mp3", ".wav", "noot"] {
            std::fs::write(flows.path().join("audio").join(name), b"x").expect("written");
        }
        std::fs::write(flows.path().join("caller.wav"), b"x").expect("written");
        let recordings = Recordings::of(Some(flows.path()));
        let kind = |name| recordings.find(name).map(|(_, kind)| kind);
        assert_eq!(kind("groet-nl.wav"), Some("audio/wav"));
        assert_eq!(kind("greeting.mp3"), Some("audio/mpeg"));
        for name in ["../caller.wav", ".wav", "noot", "weg.wav", "", "a\\b.wav", "a/b.wav"] {
            assert_eq!(kind(name), None, "{name}");
        }
        assert!(Recordings::of(None).find("groet-nl.wav").is_none());
    }
}
