//! Whether everybody can use every page of the desk: wide and narrow, with scripts and without.

use axum::http::Method;
use burenhulp::commands::demo::Desk;
use burenhulp::domain::ParticipantId;
use burenhulp::web::desk::{Access, known_routes};
use serde_json::json;

use super::Scene;
use super::driver::Browser;

/// Rows of the books that addresses ask for, as the story below leaves them: the second search is
/// going on, of the first call there is a message with its promise.
const EXAMPLES: [(&str, &str); 7] = [
    ("/loket/nu/{request}/", "1"),
    ("/loket/vragen/{id}", "1"),
    ("/loket/berichten/{id}", "1"),
    ("/loket/geluid/{message}", "1"),
    ("/loket/deelnemers/{id}", "1"),
    ("/loket/beheer/collega/{id}", "2"),
    ("/loket/taal/{code}", "nl"),
];

/// What somebody who is in can open, with a row in the place of every part that names one. An
/// address that is new names its example above, or the test says that it has none.
/// What is about the call comes first: that does not last for ever.
fn addresses() -> Vec<String> {
    let opens = |(method, _, access): &&(Method, &'static str, Access)| {
        *method == Method::GET && !matches!(access, Access::Halfway(_))
    };
    let paths = known_routes().iter().filter(opens).map(|(_, path, _)| {
        if !path.contains('{') {
            return (*path).to_owned();
        }
        let example = EXAMPLES.iter().find(|(begins, _)| path.starts_with(begins));
        let (_, value) = example.unwrap_or_else(|| panic!("{path} has no example"));
        let part = |part: &str| if part.starts_with('{') { value.to_string() } else { part.into() };
        path.split('/').map(part).collect::<Vec<String>>().join("/")
    });
    let mut paths: Vec<String> = paths.collect();
    paths.sort_by_key(|path| path != "/loket" && !path.starts_with("/loket/nu/"));
    paths
}

/// Whether a page answers here: no file, no events, and not the way to another page.
async fn is_page(browser: &Browser, address: &str) -> bool {
    let asks = "const stop = new AbortController();
        return fetch(arguments[0], { signal: stop.signal }).then((answer) => {
            stop.abort();
            const kind = answer.headers.get('content-type') ?? '';
            return [answer.status, kind.startsWith('text/html') && !answer.redirected];
        })";
    let answer = browser.run(asks, vec![json!(address)]).await;
    assert_eq!(answer[0], json!(200), "{address} is not there: the story lacks something");
    answer[1] == json!(true)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_can_be_used_by_everybody_wide_and_narrow_with_scripts_and_without() {
    let scene = Scene::set("nl", Desk::Closed).await;
    let browser = &scene.browser;
    browser.clicks("#dial-button").await;
    browser.reads("#captions", "Een bericht inspreken? Toets 0.").await;
    scene.clicks_keys("0").await;
    browser.clicks("#talk-button").await;
    browser.reads("#captions", "Opgenomen").await;
    browser.clicks("#hang-up-button").await;
    browser.sees("body[data-state=none] #dial-button").await;
    scene.asks_for_a_chat().await;
    browser.sees("article.ringing").await;
    scene.demo.network().hold().await.expect("a network");

    scene.was_silent_for_a_year(ParticipantId(1)).await;
    // Two go round, each along half of the pages.
    let desks = [scene.at_the_desk("Anneke").await, scene.at_the_desk("Anneke").await];
    desks[0].answers(&scene.address("/loket/geluid/1")).await;
    let (one, two): (Vec<_>, Vec<_>) =
        addresses().into_iter().enumerate().partition(|(n, _)| n % 2 == 0);
    let round = async |desk: &Browser, addresses: Vec<(usize, String)>| {
        let addresses = addresses.into_iter().map(|(_, path)| scene.address(&path)).collect();
        without_scripts(desk, with_scripts(desk, addresses).await).await
    };
    let scripts = tokio::join!(round(&desks[0], one), round(&desks[1], two));
    assert!(scripts.0 + scripts.1 >= 2, "the board and what is read aloud: {scripts:?}");
    scene.demo.network().go_on().await.expect("a network");
    for desk in desks {
        desk.close().await;
    }
    scene.ends().await;
}

/// Looks at every one of these that is a page; gives those that have scripts.
async fn with_scripts(desk: &Browser, addresses: Vec<String>) -> Vec<String> {
    let mut with_scripts = Vec::new();
    for address in addresses {
        if !is_page(desk, &address).await {
            continue;
        }
        desk.goes_to(&address).await;
        let path = address.split_once("/loket").map(|(_, rest)| format!("loket{rest}"));
        let name = path.expect("an address of the desk").replace('/', "-");
        for width in [1280, 360] {
            desk.size(width, 900).await;
            desk.fits().await;
            desk.picture(&format!("{name}-{width}")).await;
            desk.is_accessible(&format!("{address} at {width}")).await;
        }
        if desk.has_scripts().await {
            with_scripts.push(address);
        }
    }
    with_scripts
}

/// Looks at every one of these without its scripts; gives how many there were.
async fn without_scripts(desk: &Browser, addresses: Vec<String>) -> usize {
    desk.takes_scripts(false).await;
    for address in &addresses {
        desk.goes_to(address).await;
        assert_eq!(desk.run("return typeof live", Vec::new()).await, json!("undefined"));
        for width in [1280, 360] {
            desk.size(width, 900).await;
            desk.fits().await;
            desk.is_accessible(&format!("{address} at {width} without scripts")).await;
        }
    }
    addresses.len()
}
