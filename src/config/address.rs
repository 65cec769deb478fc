//! Web addresses in the configuration: `public_url` and `api_base`.

use super::table::{Found, Table};

/// An address that passed the check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Address {
    /// As written, without a slash at the end.
    pub(super) text: String,
    /// It leads to this machine.
    pub(super) loopback: bool,
}

/// `public_url`: only scheme, host and port, because paths and signatures are built on it.
pub(super) fn public_url(table: &Table<'_>, url: &Found<String>) -> Option<Found<Address>> {
    match read(&url.value, false) {
        Ok(address) => Some(Found { value: address, line: url.line }),
        Err(why) => {
            let text = format!("public_url {why}; write it like \"https://centrale.example.nl\"");
            table.fault(url.line, text);
            None
        }
    }
}

/// `api_base`: may have a path.
pub(super) fn api_base(table: &Table<'_>, url: &Found<String>) -> Option<Address> {
    let read = read(&url.value, true);
    read.map_err(|why| table.fault(url.line, format!("api_base {why}"))).ok()
}

fn read(text: &str, path_allowed: bool) -> Result<Address, &'static str> {
    let (secure, rest) = match text.split_once("://") {
        Some(("https", rest)) => (true, rest),
        Some(("http", rest)) => (false, rest),
        _ => return Err("must begin with https://"),
    };
    let rest = rest.strip_suffix('/').unwrap_or(rest);
    let text = text.strip_suffix('/').unwrap_or(text);
    let (authority, path) = match rest.find(['/', '?', '#']) {
        Some(end) => rest.split_at(end),
        None => (rest, ""),
    };
    if !path.is_empty() && !path_allowed {
        return Err("must end after the host (and port): no path, no question mark");
    }
    let fits = |b: u8| b.is_ascii_alphanumeric() || b"/-._~".contains(&b);
    if !path.bytes().all(fits) {
        return Err("has characters in its path that it may not have");
    }
    let host = host(authority)?;
    let loopback = host == "localhost" || host == "[::1]" || is_loopback_v4(host);
    if !secure && !loopback {
        return Err("must begin with https:// (http:// only for this machine itself)");
    }
    Ok(Address { text: text.to_owned(), loopback })
}

fn host(authority: &str) -> Result<&str, &'static str> {
    let host = match authority.strip_prefix("[::1]") {
        Some(port) => (port.is_empty() || port.starts_with(':')).then_some("[::1]"),
        None => authority.split(':').next(),
    };
    let host = host.filter(|host| !host.is_empty()).ok_or("has no host name")?;
    if host.contains('_') {
        return Err("has an underscore in its host name, which providers refuse");
    }
    let port = &authority[host.len()..];
    let port_fits = port.is_empty()
        || port.strip_prefix(':').is_some_and(|p| {
            p.bytes().all(|b| b.is_ascii_digit()) && p.parse::<u16>().is_ok_and(|p| p > 0)
        });
    if !port_fits {
        return Err("has a port that is not a number from 1 to 65535");
    }
    let label_fits = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    if host == "[::1]" || (host.len() <= 253 && host.split('.').all(label_fits)) {
        Ok(host)
    } else {
        Err("has a host name with other characters than a-z, 0-9, hyphens and dots")
    }
}

fn is_loopback_v4(host: &str) -> bool {
    host.parse::<std::net::Ipv4Addr>().is_ok_and(|address| address.is_loopback())
}
