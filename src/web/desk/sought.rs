//! What somebody looks for: a name, or digits of a number.
//!
//! It comes in a form, and the list that it leads to has an address of its own, so that reading it
//! again, going back to it, its next page and the other language are what they are anywhere. In that
//! address it stands sealed, for this session only: addresses are kept in histories and in the logs of
//! whatever stands in front of us, and nobody's number belongs there.

use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::fault::{Answer, Fault};
use super::layout::{Layout, escaped};
use super::signed_in::{Fields, SignedIn};
use crate::login::AddressKey;
use crate::store::sealed;
use crate::web::notice::{Notice, Tone};

/// The field of the form.
const FIELD: &str = "zoek";
/// What is sealed is this, and can be taken for nothing else.
const ABOUT: &str = "what is looked for";
/// Longest that is looked for, characters.
const LONGEST: usize = 80;

/// On to the list at `path`, with what is looked for sealed, and with these other choices of the form.
pub(super) fn leads_to(you: &SignedIn, path: &str, form: &Fields, choices: &[&str]) -> Answer {
    let sought: String = form.get(FIELD).chars().take(LONGEST).collect();
    let mut parts = Vec::new();
    if !sought.is_empty() {
        parts.push(format!("gezocht={}", seal(&you.address_key, &sought)?));
    }
    let made = choices.iter().filter_map(|name| Some((name, form.filled(name)?)));
    parts.extend(made.map(|(name, choice)| format!("{name}={}", escaped(choice))));
    let address = match parts.is_empty() {
        true => path.to_owned(),
        false => format!("{path}?{}", parts.join("&")),
    };
    Ok((StatusCode::SEE_OTHER, [(header::LOCATION, address)]).into_response())
}

/// What is looked for, from the address; nothing, and a word on top of the page, when another session
/// sealed it.
pub(super) fn from_address(you: &SignedIn, sealed: &str, layout: &mut Layout) -> String {
    if sealed.is_empty() {
        return String::new();
    }
    open(&you.address_key, sealed).unwrap_or_else(|| {
        let text = you.say(
            "Typ nog een keer wat u zoekt. Dit adres is van een eerdere keer dat iemand inlogde.",
            "Type again what you look for. This address is from an earlier time that somebody logged in.",
        );
        layout.notice = Some(Notice { tone: Tone::Warning, text: text.to_owned() });
        String::new()
    })
}

fn seal(key: &AddressKey, sought: &str) -> Result<String, Fault> {
    let sealed = sealed::seal(key.bytes(), ABOUT, sought.as_bytes());
    let sealed = sealed.ok_or_else(|| Fault::ours("there is no random source"))?;
    Ok(URL_SAFE_NO_PAD.encode(sealed))
}

fn open(key: &AddressKey, sealed: &str) -> Option<String> {
    let sealed = URL_SAFE_NO_PAD.decode(sealed).ok()?;
    String::from_utf8(sealed::open(key.bytes(), ABOUT, &sealed)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::login::Token;

    #[test]
    fn what_is_looked_for_can_be_read_in_its_own_session_only() {
        let [one, other] = [(); 2].map(|()| Token::new().expect("random").address_key());
        let sealed = seal(&one, "06 0100 0001").expect("random");
        assert_eq!(open(&one, &sealed).as_deref(), Some("06 0100 0001"));
        assert_eq!(open(&other, &sealed), None);
        assert_ne!(seal(&one, "06 0100 0001").expect("random"), sealed, "nor can two be compared");
        for odd in ["x", "%", "AAAA", &sealed[1..], &"A".repeat(100)] {
            assert_eq!(open(&one, odd), None, "{odd}");
        }
    }
}
