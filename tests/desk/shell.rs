//! Every address of the desk, held against every role and against nobody.

use burenhulp::domain::{Phone, Role};
use burenhulp::web::desk::{Access, known_routes};

use super::quiet_morning;
use crate::house::desk::Visitor;

/// A path with something in the place of what varies.
fn filled(path: &str) -> String {
    let part = |part: &str| if part.starts_with('{') { "1".to_owned() } else { part.to_owned() };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

#[tokio::test]
async fn every_page_and_action_is_refused_to_nobody_and_to_the_wrong_role() {
    let house = quiet_morning().await;
    let line = Phone::from_stored("+31700002586").unwrap();
    let mut people = Vec::new();
    for role in Role::ALL {
        people.push((
            role,
            house.operator(role.code(), role, std::slice::from_ref(&line), &[]).await,
        ));
    }
    let nobody = Visitor::default();
    let mut looked = 0;
    for (method, path, access) in known_routes() {
        let Access::Right(right) = access else { continue };
        let path = filled(path);
        looked += 1;
        match method.as_str() {
            "GET" => {
                let page = house.get(&nobody, &path).await;
                assert_eq!(page.status, 303, "{path} is shown to nobody");
                assert!(page.location.unwrap().starts_with("/loket/inloggen"), "{path}");
            }
            _ => {
                let page = house.post(&nobody, &path, &[]).await;
                assert_eq!(page.status, 401, "{method} {path} is done for nobody");
                assert!(page.body.contains("niet meer ingelogd"), "{path}: {}", page.body);
            }
        }
        for (role, who) in &people {
            let page = match method.as_str() {
                "GET" => house.get(who, &path).await,
                // Without the session's key, so that nothing happens to those who may.
                _ => house.post(&Visitor { key: String::new(), ..who.clone() }, &path, &[]).await,
            };
            let told = match (role.may(*right), method.as_str()) {
                (true, "GET") => None,
                (true, _) => Some((403, "verlopen")),
                (false, _) => Some((403, "niet voor uw rol")),
            };
            match told {
                Some((status, words)) => {
                    assert_eq!(page.status, status, "{method} {path} for {role:?}");
                    assert!(page.body.contains(words), "{method} {path} for {role:?}");
                }
                None => assert!(
                    page.status != 403 && page.status != 401 && page.status < 500,
                    "{path} for {role:?}: {}",
                    page.status
                ),
            }
        }
    }
    assert!(looked > 0);
}

#[tokio::test]
async fn every_answer_says_how_it_is_to_be_handled() {
    let house = quiet_morning().await;
    let who = house.operator("Anneke", Role::Administrator, &[], &[]).await;
    for page in [
        house.get(&who, "/loket").await,
        house.get(&Visitor::default(), "/loket/inloggen").await,
        house.get(&who, "/loket/nergens").await,
        house.post(&Visitor::default(), "/loket/uitloggen", &[]).await,
    ] {
        let header = |name| page.headers.get(name).map(|value| value.to_str().unwrap());
        let policy = header("content-security-policy").unwrap();
        assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
        assert_eq!(header("cache-control"), Some("no-store"));
        assert_eq!(header("x-content-type-options"), Some("nosniff"));
        assert_eq!(header("referrer-policy"), Some("same-origin"));
        for inline in ["<style", "style=", "onclick", "<script>"] {
            assert!(!page.body.contains(inline), "{inline} in {}", page.body);
        }
    }
    assert_eq!(house.get(&who, "/loket/nergens").await.status, 404);
    // An action whose address is typed is no blank page.
    let page = house.get(&who, "/loket/uitloggen").await;
    assert!(page.status == 404 && page.body.contains("Hier is niets"), "{}", page.body);
    assert_eq!(house.get(&who, "/loket/").await.location.as_deref(), Some("/loket"));
}

#[tokio::test]
async fn whoever_logs_out_is_out_and_told_so() {
    let house = quiet_morning().await;
    let who = house.operator("Anneke", Role::Administrator, &[], &[]).await;
    assert_eq!(house.get(&who, "/loket").await.status, 200);
    let page = house.post(&who, "/loket/uitloggen", &[]).await;
    assert_eq!((page.status, page.location.as_deref()), (303, Some("/loket/inloggen")));
    // The cookie of before leads nowhere, and a form of before does nothing.
    let page = house.get(&who, "/loket").await;
    assert_eq!(page.status, 401);
    assert!(page.body.contains("U bent niet meer ingelogd"), "{}", page.body);
    assert_eq!(house.post(&who, "/loket/uitloggen", &[]).await.status, 401);
}

#[tokio::test]
async fn the_way_in_of_the_demo_is_there_in_the_demo_alone() {
    let house = quiet_morning().await;
    house.operator("Anneke", Role::Administrator, &[], &[]).await;
    for path in ["/demo", "/demo/loket", "/demo/loket?als=Anneke"] {
        let page = house.get(&Visitor::default(), path).await;
        assert_eq!(page.status, 404, "{path}: {}", page.body);
        assert!(page.set_cookies.is_empty(), "{path}: {:?}", page.set_cookies);
    }
}

#[tokio::test]
async fn a_language_is_chosen_once() {
    let house = quiet_morning().await;
    let mut who = house.operator("Anneke", Role::Administrator, &[], &[]).await;
    assert!(house.get(&who, "/loket").await.body.contains("<html lang=\"nl\">"));
    let page = house.get(&who, "/loket/taal/en?van=/loket").await;
    assert_eq!(page.location.as_deref(), Some("/loket"));
    who.keeps(&page);
    assert!(house.get(&who, "/loket").await.body.contains("<html lang=\"en\">"));
    let page = house.get(&who, "/loket/taal/en?van=//elsewhere.example").await;
    assert_eq!(page.location.as_deref(), Some("/loket"), "the switch leads nowhere else");
}
