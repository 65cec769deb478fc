//! Forms that did not come from a page of whoever is logged in: without its key, with a colleague's,
//! or from another site. Every action refuses them, and nothing is left behind.

use axum::http::Request;
use burenhulp::domain::Role;
use burenhulp::web::desk::{Access, known_routes};

use super::others::{ONE_OF_EACH_OPEN, books, first_of_its_kind};
use super::ten_minutes_of;

#[tokio::test]
async fn a_forged_form_and_one_of_another_site_have_no_effect_at_any_action() {
    let house = ten_minutes_of(ONE_OF_EACH_OPEN).await;
    let anneke = house.operator("Anneke", Role::Administrator, &[], &[]).await;
    let kees = house.operator("Kees", Role::Administrator, &[], &[]).await;
    let (own, other) = (anneke.key.as_str(), kees.key.as_str());
    let before = books(&house);
    let mut tried = 0;
    for (method, path, access) in known_routes() {
        if method != "POST" || !matches!(access, Access::Right(_)) {
            continue;
        }
        let path = first_of_its_kind(path);
        for (sign, key) in [
            (("sec-fetch-site", "same-origin"), ""),
            (("sec-fetch-site", "same-origin"), "bm90IGEga2V5"),
            (("sec-fetch-site", "same-origin"), other),
            (("sec-fetch-site", "cross-site"), own),
            (("origin", "https://elsewhere.example"), own),
            (("origin", "null"), own),
        ] {
            tried += 1;
            let asked = Request::post(&path).header(sign.0, sign.1);
            let form = [("csrf", key), ("tot", "week"), ("rol", "operator"), ("hoe", "done")];
            let page = house.send(asked, &anneke, &form).await;
            assert_eq!(page.status, 403, "{path} {sign:?}");
            let words =
                if key == own { "van een andere website" } else { "Deze pagina was verlopen" };
            assert!(page.body.contains(words), "{path} {sign:?}: {}", page.body);
        }
        assert!(books(&house) == before, "{path} left something behind");
    }
    assert!(tried > 200, "only {tried} were tried");
    // The same form with its own key is taken.
    let form = [("csrf", own), ("tot", "week")];
    let asked = Request::post("/loket/deelnemers/1/pauze").header("sec-fetch-site", "same-origin");
    assert_eq!(house.send(asked, &anneke, &form).await.status, 303);
}
