//! Where this exchange is on the web, as far as cookies and forms need to know.

/// The site as browsers see it.
#[derive(Debug, Clone)]
pub(super) struct Site {
    /// Browsers send our cookies over TLS only.
    pub(super) secure: bool,
    /// As a browser names this site in `Origin`.
    pub(super) origin: String,
}

impl Site {
    /// The site at this address. Over plain http, which the configuration allows for this machine
    /// only, cookies are sent without TLS.
    pub(super) fn at(public_url: &str) -> Self {
        Self { secure: public_url.starts_with("https://"), origin: public_url.to_owned() }
    }

    /// The part of the address behind `https://`.
    pub(super) fn host(&self) -> &str {
        self.origin.split_once("://").map_or("", |(_, host)| host)
    }
}

/// A path as a value in an address.
pub(super) fn escaped(path: &str) -> String {
    let escape = |byte: u8| match byte {
        b'/' | b'-' | b'_' | b'.' => char::from(byte).to_string(),
        plain if plain.is_ascii_alphanumeric() => char::from(plain).to_string(),
        other => format!("%{other:02X}"),
    };
    path.bytes().map(escape).collect()
}

/// Whether this path, which came with a request, is one of ours and leads nowhere else.
pub(super) fn is_our_path(path: &str) -> bool {
    let plain = path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    path.starts_with('/') && !path.starts_with("//") && plain && path.len() < 500
}
