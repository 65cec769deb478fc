//! How long words take, and which voices there are.

use std::time::Duration;

/// Words a minute, Dutch and English alike: the middle of what older listeners follow well.
const WORDS_A_MINUTE: u64 = 140;

/// How long it takes to say this; something that is said at all takes 300 ms.
pub(super) fn time_to_say(text: &str) -> Duration {
    let words = text.split_whitespace().count() as u64;
    if words == 0 {
        return Duration::ZERO;
    }
    Duration::from_millis((words * 60_000 / WORDS_A_MINUTE).max(300))
}

/// Whether the provider has this voice. A name that it does not have fails the whole document.
///
/// Dutch, British and American voices of the kinds that the provider lists; Polly's by name and
/// kind, Google's by their pattern.
pub(super) fn is_voice(voice: &str) -> bool {
    const POLLY: [&str; 22] = [
        "Lotte",
        "Ruben",
        "Laura-Neural",
        "Laura-Generative",
        "Lisa-Neural",
        "Amy",
        "Amy-Neural",
        "Amy-Generative",
        "Emma",
        "Emma-Neural",
        "Brian",
        "Brian-Neural",
        "Arthur-Neural",
        "Joanna",
        "Joanna-Neural",
        "Matthew",
        "Matthew-Neural",
        "Salli",
        "Salli-Neural",
        "Joey",
        "Joey-Neural",
        "Kendra",
    ];
    match voice.split_once('.') {
        None => matches!(voice, "man" | "woman" | "alice"),
        Some(("Polly", name)) => POLLY.contains(&name),
        Some(("Google", name)) => {
            let known = ["nl-NL-", "nl-BE-", "en-GB-", "en-US-"];
            let kinds = ["Standard-", "Wavenet-", "Neural2-"];
            known.iter().filter_map(|l| name.strip_prefix(l)).any(|rest| {
                kinds
                    .iter()
                    .filter_map(|k| rest.strip_prefix(k))
                    .any(|v| v.len() == 1 && v.bytes().all(|b| b.is_ascii_uppercase()))
            })
        }
        Some(_) => false,
    }
}

/// Most bytes of text in one `<Say>`.
pub(super) fn longest(voice: Option<&str>) -> usize {
    match voice.and_then(|v| v.split_once('.')) {
        Some(("Polly", _)) => 3000,
        Some(("Google", _)) => 5000,
        _ => 4096,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seven_words_take_three_seconds() {
        assert_eq!(time_to_say("een twee drie vier vijf zes zeven"), Duration::from_secs(3));
        assert_eq!(time_to_say("ja"), Duration::from_millis(428));
        assert_eq!(time_to_say("  "), Duration::ZERO);
    }

    #[test]
    fn a_voice_that_does_not_exist_is_known_as_such() {
        for voice in ["Polly.Laura-Neural", "Polly.Lotte", "Google.nl-NL-Wavenet-A", "woman"] {
            assert!(is_voice(voice), "{voice}");
        }
        for voice in ["Polly.Lotte-Neural", "Google.nl-NL-Wavenet", "Laura", "Acme.Laura"] {
            assert!(!is_voice(voice), "{voice}");
        }
    }
}
