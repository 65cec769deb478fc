//! The body of a webhook, `application/x-www-form-urlencoded`, as names and values.
//!
//! Stricter than a browser's reading: what is not a form is refused instead of guessed at. Nothing
//! is trimmed or dropped, because the signature is made over every name and value.

use std::fmt;

/// Largest body, in bytes. Real ones stay under 4 kB.
pub const MAX_BODY: usize = 64 * 1024;

/// Most parameters of one request. Real ones have under 60.
pub const MAX_PARAMETERS: usize = 200;

/// The parameters of one request, in the order they came. `Debug` shows only how many.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Params(Vec<(String, String)>);

/// Why a body is not read. No sentence repeats anything of the body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadForm {
    /// Over [`MAX_BODY`].
    #[error("the body has {bytes} bytes; a webhook has at most {MAX_BODY}")]
    TooLarge {
        /// Its size.
        bytes: usize,
    },
    /// Over [`MAX_PARAMETERS`].
    #[error("the form has over {MAX_PARAMETERS} parameters; a webhook has at most that many")]
    TooMany,
    /// As sent or once decoded, the text is not UTF-8.
    #[error("the form is not UTF-8, from byte {at} of the body on")]
    NotUtf8 {
        /// Where, in bytes from the start.
        at: usize,
    },
    /// A character that a form encodes stands there bare, or a `%` without two hexadecimal digits.
    #[error(
        "the body is not a form (application/x-www-form-urlencoded): \
         byte {at} cannot stand there; set the webhook's method to POST at the provider"
    )]
    NotAForm {
        /// Where, in bytes from the start.
        at: usize,
    },
}

impl Params {
    /// Reads a body; an empty one has no parameters. A query string reads the same way.
    ///
    /// # Errors
    /// [`BadForm`] with what was wrong and where.
    pub fn read(body: &[u8]) -> Result<Self, BadForm> {
        if body.len() > MAX_BODY {
            return Err(BadForm::TooLarge { bytes: body.len() });
        }
        let mut pairs = Vec::new();
        let mut at = 0;
        for pair in body.split(|byte| *byte == b'&') {
            let split = pair.iter().position(|byte| *byte == b'=').unwrap_or(pair.len());
            let (name, value) = (&pair[..split], pair.get(split + 1..).unwrap_or_default());
            if !pair.is_empty() {
                if pairs.len() == MAX_PARAMETERS {
                    return Err(BadForm::TooMany);
                }
                pairs.push((decode(name, at)?, decode(value, at + split + 1)?));
            }
            at += pair.len() + 1;
        }
        Ok(Self(pairs))
    }

    /// The value of this name; of several, the first. Empty values count.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.iter().find(|(key, _)| *key == name).map(|(_, value)| value)
    }

    /// The value of this name unless it is absent or empty.
    pub fn filled(&self, name: &str) -> Option<&str> {
        self.get(name).filter(|value| !value.is_empty())
    }

    /// Every name with its value, repeated ones too.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Params {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Params({} masked)", self.0.len())
    }
}

fn decode(encoded: &[u8], start: usize) -> Result<String, BadForm> {
    let mut decoded = Vec::with_capacity(encoded.len());
    let mut at = 0;
    while let Some(&byte) = encoded.get(at) {
        at += 1;
        decoded.push(match byte {
            b'+' => b' ',
            b'%' => {
                let digits = encoded.get(at..at + 2).and_then(hex);
                at += 2;
                digits.ok_or(BadForm::NotAForm { at: start + at - 3 })?
            }
            0..=b' ' | 0x7f | b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}' => {
                return Err(BadForm::NotAForm { at: start + at - 1 });
            }
            other => other,
        });
    }
    String::from_utf8(decoded).map_err(|_| BadForm::NotUtf8 { at: start })
}

fn hex(digits: &[u8]) -> Option<u8> {
    let value = |digit: u8| char::from(digit).to_digit(16);
    let [high, low] = digits else { return None };
    u8::try_from(value(*high)? * 16 + value(*low)?).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(body: &str) -> Vec<(String, String)> {
        Params::read(body.as_bytes()).expect(body).0
    }

    #[test]
    fn names_and_values_are_decoded_and_kept_in_order() {
        let pairs = read("CallerName=Caf%C3%A9+%E2%80%99t+Hoekje+%26+Zoon&FromCity=&Tag=b&Tag=a&x");
        let pairs: Vec<_> = pairs.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        let expected = [
            ("CallerName", "Café ’t Hoekje & Zoon"),
            ("FromCity", ""),
            ("Tag", "b"),
            ("Tag", "a"),
            ("x", ""),
        ];
        assert_eq!(pairs, expected);
    }

    #[test]
    fn of_a_repeated_name_the_first_is_read() {
        let params = Params::read(b"Digits=1&Digits=2&Empty=&Empty=x").expect("a form");
        assert_eq!(params.get("Digits"), Some("1"));
        assert_eq!((params.get("Empty"), params.filled("Empty")), (Some(""), None));
        assert_eq!(params.get("digits"), None);
    }

    #[test]
    fn an_equals_sign_belongs_to_the_value_and_empty_pairs_to_nobody() {
        assert_eq!(read("a=b=c&&=d&"), [("a".into(), "b=c".into()), ("".into(), "d".into())]);
        assert!(read("").is_empty());
    }

    #[test]
    fn what_is_not_a_form_is_refused_with_the_place() {
        for (body, at) in [
            (&b"{\"CallSid\":\"CA1\"}"[..], 0),
            (b"CallSid=CA1&x=%4", 14),
            (b"CallSid=CA1&x=%zz", 14),
            (b"CallSid=CA1 x", 11),
            (b"a=1\r\nb=2", 3),
            (b"--boundary\r\nContent-Disposition: form-data", 10),
            (b"a=%+1", 2),
        ] {
            assert_eq!(Params::read(body), Err(BadForm::NotAForm { at }), "{body:?}");
        }
    }

    #[test]
    fn what_is_not_utf8_is_refused_bare_or_encoded() {
        assert_eq!(Params::read(b"a=1&b=%C3"), Err(BadForm::NotUtf8 { at: 6 }));
        assert_eq!(Params::read(b"a=1&\xff=2"), Err(BadForm::NotUtf8 { at: 4 }));
    }

    #[test]
    fn size_and_number_are_bounded() {
        let body = |bytes: usize| [b"a=".as_slice(), &vec![b'x'; bytes - 2]].concat();
        assert!(Params::read(&body(MAX_BODY)).is_ok());
        let refused = Params::read(&body(MAX_BODY + 1));
        assert_eq!(refused, Err(BadForm::TooLarge { bytes: MAX_BODY + 1 }));
        assert!(Params::read("a=1&".repeat(MAX_PARAMETERS).as_bytes()).is_ok());
        let refused = Params::read("a=1&".repeat(MAX_PARAMETERS + 1).as_bytes());
        assert_eq!(refused, Err(BadForm::TooMany));
    }

    #[test]
    fn r14_debug_shows_no_value() {
        let params = Params::read(b"From=%2B31601000001&Digits=2584").expect("a form");
        assert_eq!(format!("{params:?}"), "Params(2 masked)");
    }

    /// As a provider encodes.
    fn encode(text: &str) -> String {
        text.bytes().map(|byte| format!("%{byte:02X}")).collect()
    }

    proptest! {
        #[test]
        fn arbitrary_bytes_never_panic(body in proptest::collection::vec(any::<u8>(), 0..400)) {
            let _ = Params::read(&body);
        }

        #[test]
        fn bytes_that_look_like_a_form_never_panic(body in "[a-zA-Z0-9%=&+é{ ]{0,200}") {
            let _ = Params::read(body.as_bytes());
        }

        #[test]
        fn what_was_encoded_is_read_back(
            pairs in proptest::collection::vec((".{0,20}", ".{0,40}"), 0..20)
        ) {
            let body: Vec<_> =
                pairs.iter().map(|(a, b)| format!("{}={}", encode(a), encode(b))).collect();
            prop_assert_eq!(read(&body.join("&")), pairs);
        }
    }
}
