//! The card comes out of a printer on one sheet of A5.

use burenhulp::card::{Card, alone};
use burenhulp::domain::Language;
use burenhulp::flow::Flows;

use super::driver::Browser;
use crate::card::{line_with, one_more_service};

/// A5, upright, in points; a printer rounds.
const A5: [f64; 2] = [419.5, 595.3];

#[tokio::test]
async fn a_card_of_any_line_is_one_sheet_of_a5() {
    let browser = Browser::open(1280, 900).await;
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("card.html");
    let changed = one_more_service();
    let few: &[&str] = &["company"];
    let all: Vec<&str> = changed.catalogue().ids().map(|id| id.as_str()).collect();
    for (flows, services) in [(&Flows::built_in(), few), (&changed, &all)] {
        let line = line_with(services, flows).await;
        for language in Language::ALL {
            let card = Card::of(&line, flows, language, "https://centrale.example.nl");
            std::fs::write(&file, alone(&card).unwrap()).unwrap();
            browser.goes_to(&format!("file://{}", file.display())).await;
            browser.picture(&format!("card-{}-{}", services.len(), language.code())).await;
            let printed = browser.prints().await;
            let printed = String::from_utf8_lossy(&printed);
            let sheets =
                printed.matches("/Type /Page").count() - printed.matches("/Type /Pages").count();
            assert_eq!(sheets, 1, "{} services in {}", services.len(), language.code());
            let sheet = printed.split("/MediaBox [").nth(1).unwrap().split(']').next().unwrap();
            let edges: Vec<f64> = sheet.split(' ').map(|edge| edge.parse().unwrap()).collect();
            let near = |edge: f64, wanted: f64| (edge - wanted).abs() < 1.5;
            assert!(near(edges[2], A5[0]) && near(edges[3], A5[1]), "{sheet}");
        }
    }
    browser.close().await;
}
