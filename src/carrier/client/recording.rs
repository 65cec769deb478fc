//! Fetching a recording. Its address comes from a webhook, so it is asked for only at the provider
//! itself, and the token goes nowhere else.

use reqwest::header::{CONTENT_TYPE, LOCATION};
use reqwest::{Method, StatusCode, Url};

use super::errors::{not_asked, refusal};
use super::{CarrierError, RestCarrier, Sound, read_at_most};

/// Most redirects that are followed, each checked like the first address.
const MOST_REDIRECTS: usize = 3;

/// Longest media type that is believed.
const LONGEST_TYPE: usize = 100;

/// Where an address leads.
pub(super) enum Whose {
    /// To the provider's interface: with authorisation.
    Provider(Url),
    /// To the store of its recordings: without.
    Store(Url),
}

impl RestCarrier {
    pub(super) async fn fetch(&self, url: &str, max_bytes: usize) -> Result<Sound, CarrierError> {
        let mut url = Url::parse(url).map_err(|_| CarrierError::Elsewhere)?;
        for _ in 0..=MOST_REDIRECTS {
            let request = match self.whose(&url).ok_or(CarrierError::Elsewhere)? {
                Whose::Provider(address) => self.request(Method::GET, address),
                Whose::Store(address) => self.http.get(address),
            };
            let response = request.send().await.map_err(not_asked)?;
            let status = response.status();
            if status == StatusCode::NOT_FOUND {
                return Err(CarrierError::NotYet);
            }
            if status.is_redirection() {
                let to = response.headers().get(LOCATION).and_then(|to| to.to_str().ok());
                let next = to.and_then(|to| url.join(to).ok());
                url = next.ok_or(CarrierError::Elsewhere)?;
                continue;
            }
            if !status.is_success() {
                return Err(refusal(response).await);
            }
            let told = response.headers().get(CONTENT_TYPE).and_then(|told| told.to_str().ok());
            let content_type = media_type(told.unwrap_or_default());
            return Ok(Sound { content_type, bytes: read_at_most(response, max_bytes).await? });
        }
        Err(CarrierError::Elsewhere)
    }

    /// `None`: to a stranger.
    pub(super) fn whose(&self, url: &Url) -> Option<Whose> {
        if !matches!(url.scheme(), "http" | "https") {
            return None;
        }
        if let Some((host, beginning)) = self.style.recordings_elsewhere
            && url.scheme() == "https"
            && url.port().is_none()
            && url.host_str() == Some(host)
            && url.path().starts_with(beginning)
        {
            return Some(Whose::Store(bare(url)));
        }
        if url.host() != self.base.host() || url.port() != self.base.port() {
            return None;
        }
        // Some providers still write http; the token only goes the way that is configured.
        let mut own = bare(url);
        own.set_scheme(self.base.scheme()).ok()?;
        Some(Whose::Provider(own))
    }
}

/// Without a name and password that a stranger may have put in.
fn bare(url: &Url) -> Url {
    let mut url = url.clone();
    // Both fail only for addresses without a host, which have been sorted out.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url
}

/// `audio/x-wav` out of `audio/x-wav; rate=8000`; what is no media type becomes the general one.
fn media_type(told: &str) -> String {
    let essence = told.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let fits = |part: &str| {
        !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b))
    };
    match essence.split_once('/') {
        Some((kind, form)) if essence.len() <= LONGEST_TYPE && fits(kind) && fits(form) => essence,
        _ => "application/octet-stream".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::media_type;

    #[test]
    fn a_media_type_is_taken_without_its_parameters() {
        for (told, kept) in [
            ("audio/x-wav", "audio/x-wav"),
            ("Audio/MPEG; rate=8000", "audio/mpeg"),
            ("", "application/octet-stream"),
            ("text/html\"><script>", "application/octet-stream"),
            ("audio/", "application/octet-stream"),
        ] {
            assert_eq!(media_type(told), kept, "{told}");
        }
    }
}
