//! Where somebody asks from: to slow down who tries passwords, and for nothing else.

use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::HeaderMap;
use axum::http::StatusCode;
use axum::http::request::Parts;

/// The address that a request came from; none when it is not known (tests).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Address(pub(super) Option<IpAddr>);

impl<S: Sync> FromRequestParts<S> for Address {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, StatusCode> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip());
        Ok(Self(peer.map(|peer| behind_proxy(peer, &parts.headers))))
    }
}

/// The web server in front of us is on this machine and says who asks, as the last in the list;
/// whoever else claims to ask for somebody is not believed.
fn behind_proxy(peer: IpAddr, headers: &HeaderMap) -> IpAddr {
    if !peer.to_canonical().is_loopback() {
        return peer;
    }
    let said = headers.get_all("x-forwarded-for").iter().next_back();
    let last = said.and_then(|said| said.to_str().ok()?.rsplit(',').next()?.trim().parse().ok());
    last.unwrap_or(peer)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(peer: &str, said: &[&str]) -> IpAddr {
        let mut headers = HeaderMap::new();
        for value in said {
            headers.append("x-forwarded-for", value.parse().expect("a value"));
        }
        behind_proxy(peer.parse().expect("an address"), &headers)
    }

    fn address(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn only_the_web_server_on_this_machine_is_believed() {
        assert_eq!(asked("127.0.0.1", &["192.0.2.7"]), address("192.0.2.7"));
        assert_eq!(asked("::1", &["2001:db8::7"]), address("2001:db8::7"));
        assert_eq!(asked("192.0.2.1", &["192.0.2.7"]), address("192.0.2.1"));
        // What the client itself wrote stands in front of what the web server added.
        assert_eq!(asked("127.0.0.1", &["10.0.0.1, 192.0.2.7"]), address("192.0.2.7"));
        assert_eq!(asked("127.0.0.1", &["10.0.0.1", "192.0.2.7"]), address("192.0.2.7"));
        for odd in ["", "unknown", "192.0.2.7:80", "'"] {
            assert_eq!(asked("127.0.0.1", &[odd]), address("127.0.0.1"), "{odd}");
        }
    }
}
