//! Reports in a real browser: chosen by clicks, readable by everybody, to be printed and taken along.

use burenhulp::commands::demo::{Demo, Desk};
use burenhulp::domain::Timestamp;

use super::driver::Browser;

#[tokio::test(flavor = "multi_thread")]
async fn somebody_makes_a_report_of_a_month_and_of_a_year_and_takes_it_along() {
    let at = Timestamp::parse("2026-11-24T10:00:00+01:00");
    let demo = Demo { port: 0, seed: 1, speed: 1.0, at, desk: Desk::Closed, past: 5 };
    let demo = demo.start().await.expect("the demo starts");
    let browser = Browser::open(1280, 900).await;
    browser.goes_to(&format!("{}?als=Anneke", demo.desk())).await;
    browser.clicks("nav a[href='/loket/verslagen']").await;
    browser.reads("h1", "Alle lijnen, oktober 2026").await;

    browser.clicks("#lijn option[value='31700002586']").await;
    browser.clicks("#periode option[value='2026-11']").await;
    browser.clicks("form.filter button.go").await;
    browser.reads("h1", "Burenhulp Scheveningen, november 2026").await;
    browser.reads(".report-until", "Geteld tot en met 24-11-2026").await;
    for plot in ["#ended", "#hours", "#fairness"] {
        browser.sees(&format!("{plot} svg[role=img]")).await;
        browser.sees(&format!("{plot} table")).await;
    }
    browser.reads("#services table", "boodschappen").await;
    browser.is_accessible("the report of a month").await;
    browser.picture_of_top("desk-1280-report").await;
    browser.size(360, 740).await;
    browser.fits().await;
    browser.is_accessible("the report of a month, on a telephone").await;
    browser.picture("desk-360-report").await;
    browser.size(1280, 900).await;
    let taken = "return fetch(document.querySelector('a[href*=\"csv\"]').href)
        .then((answer) => answer.ok && answer.headers.get('content-type'))";
    let kind = browser.run(taken, Vec::new()).await;
    assert!(kind.as_str().is_some_and(|kind| kind.starts_with("text/csv")), "{kind}");

    // What goes to paper: no navigation and no choices, the figures from the top of the page on.
    browser.as_on_paper(true).await;
    let shown = "return ['header', 'form.filter', '.report-until']
        .map((css) => document.querySelector(css).getClientRects().length > 0)";
    assert_eq!(browser.run(shown, Vec::new()).await, serde_json::json!([false, false, true]));
    browser.picture("desk-paper-report").await;
    browser.as_on_paper(false).await;

    browser.clicks("#periode option[value='2026']").await;
    browser.clicks("form.filter button.go").await;
    browser.reads("h1", "Burenhulp Scheveningen, 2026").await;
    browser.sees("#months svg[role=img]").await;
    browser.is_accessible("the report of a year").await;

    browser.clicks("a[hreflang=en]").await;
    browser.reads("nav", "Reports").await;
    browser.reads("h1", "Burenhulp Scheveningen, 2026").await;
    browser.close().await;
    demo.stop().await;
}
