//! On which page a form stands, by the address that it is sent to: where the language switch leads to
//! from an answer that is a page. And what is told there of what was filled in.

use axum::extract::Request;
use axum::http::Method;

use super::guard::acts;
use super::notice::{Notice, Tone};
use crate::domain::Language;

/// What stands behind the address of the language switch where something was filled in.
pub(super) const FILLED_IN: &str = "&ingevuld=1";

/// Where whoever asks this is: at the address itself, or, with a form that they sent, on the page that it
/// stands on. `known` is the table of routes.
pub(super) fn path_of<A>(
    request: &Request,
    known: &[(Method, &'static str, A)],
    home: &str,
) -> String {
    let asked = request.uri().path_and_query().map_or(home, |path| path.as_str());
    if !acts(request) {
        return asked.to_owned();
    }
    let pages = known.iter().filter(|(method, ..)| *method == Method::GET).map(|known| known.1);
    page_of(pages, asked, home)
}

/// The page at this address, or else the nearest one above it: that of `/mijn/plekken/erbij` is
/// `/mijn/plekken`. `pages` are the addresses that can be read, as in a table of routes; the last
/// resort is `home`.
fn page_of<'t>(pages: impl Iterator<Item = &'t str> + Clone, sent_to: &str, home: &str) -> String {
    let mut path = sent_to.split(['?', '#']).next().unwrap_or_default();
    while !path.is_empty() {
        if pages.clone().any(|page| leads_to(page, path)) {
            return path.to_owned();
        }
        path = path.rsplit_once('/').map_or("", |(above, _)| above);
    }
    home.to_owned()
}

/// Whether a page of the table is at this path.
fn leads_to(page: &str, path: &str) -> bool {
    let mut parts = path.split('/');
    let same = page.split('/').all(|part| match parts.next() {
        Some(given) => part == given || part.starts_with('{') && !given.is_empty(),
        None => false,
    });
    same && parts.next().is_none()
}

/// Told on the page in the other language, when a form was left to come there.
pub(super) fn to_fill_in_again(language: Language) -> Notice {
    let text = match language {
        Language::Nl => {
            "Deze pagina is nu in het Nederlands. Wat u had ingevuld, is niet bewaard. Vul het nog een keer in."
        }
        Language::En => {
            "This page is in English now. What you filled in was not kept. Please fill it in once more."
        }
    };
    Notice { tone: Tone::Warning, text: text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_stands_on_the_nearest_page_above_it() {
        let pages = ["/", "/vragen", "/vragen/{link}", "/mijn", "/mijn/plekken", "/mijn/tijden"];
        for (sent_to, page) in [
            ("/mijn/tijden", "/mijn/tijden"),
            ("/mijn/plekken/erbij?a=b", "/mijn/plekken"),
            ("/mijn/plekken/2516/weg", "/mijn/plekken"),
            ("/mijn/uitloggen", "/mijn"),
            ("/vragen/Q2/niet-meer-nodig", "/vragen/Q2"),
            ("/vragen/", "/vragen"),
            ("/elders/weg", "/"),
            ("", "/"),
        ] {
            assert_eq!(page_of(pages.into_iter(), sent_to, "/"), page, "{sent_to}");
        }
    }
}
