//! Forms that cannot be taken: the form's own page again, with what was typed and a word beside the
//! field.

use burenhulp::domain::{Phone, Role};

use super::one_of_each;
use crate::house::House;

const LINE: &str = "+31700002586";

/// And one request that was entered here.
async fn one_of_each_and_a_request() -> House {
    let house = one_of_each().await;
    let line = Phone::from_stored(LINE).unwrap();
    let jan = house.operator("Jan", Role::Operator, &[line], &[]).await;
    let form = [
        ("via", "balie"),
        ("telefoon", "06 01 00 00 09"),
        ("dienst", "company"),
        ("postcode", "2584"),
        ("lijn", LINE),
    ];
    let entered = house.post(&jan, "/loket/vragen/nieuw", &form).await;
    assert_eq!(entered.location.as_deref(), Some("/loket/vragen/1"), "{}", entered.body);
    house
}

/// A form of the desk that somebody got wrong.
struct Slip {
    /// Where it is sent, and the page that it stands on.
    to: &'static str,
    page: &'static str,
    typed: &'static [(&'static str, &'static str)],
    /// The field that is wrong, and what must stand on the page as it was typed.
    wrong: &'static str,
    kept: &'static str,
}

const SLIPS: [Slip; 14] = [
    Slip {
        to: "/loket/nu/toestel",
        page: "/loket",
        typed: &[("toestel", ""), ("ander", "112")],
        wrong: "ander",
        kept: "value=\"112\"",
    },
    Slip {
        to: "/loket/vragen/nieuw",
        page: "/loket/vragen/nieuw",
        typed: &[("via", "balie"), ("naam", "Greet"), ("telefoon", "112"), ("lijn", LINE)],
        wrong: "telefoon",
        kept: "value=\"Greet\"",
    },
    Slip {
        to: "/loket/vragen/1/afronden",
        page: "/loket/vragen/1",
        typed: &[("hoe", "referred"), ("organisatie", "Wijkteam Duindorp")],
        wrong: "akkoord",
        kept: "value=\"Wijkteam Duindorp\"",
    },
    Slip {
        to: "/loket/vragen/1/afronden",
        page: "/loket/vragen/1",
        typed: &[("organisatie", "Wijkteam Duindorp")],
        wrong: "hoe",
        kept: "action=\"/loket/vragen/1/afronden\"",
    },
    Slip {
        to: "/loket/vragen/1/notitie",
        page: "/loket/vragen/1",
        typed: &[("notitie", "Bel 070 001 00 01.")],
        wrong: "notitie",
        kept: "value=\"Bel 070 001 00 01.\"",
    },
    Slip {
        to: "/loket/berichten/1/notitie",
        page: "/loket/berichten/1",
        typed: &[("notitie", "<b>dringend</b>")],
        wrong: "notitie",
        kept: "value=\"&#60;b&#62;dringend&#60;/b&#62;\"",
    },
    Slip {
        to: "/loket/berichten/1/afronden",
        page: "/loket/berichten/1",
        typed: &[],
        wrong: "hoe",
        kept: "action=\"/loket/berichten/1/afronden\"",
    },
    Slip {
        to: "/loket/berichten/1/terugbellen",
        page: "/loket/berichten/1",
        typed: &[("toestel", "+31601000001")],
        wrong: "toestel",
        kept: "<option value=\"+31700090001\">",
    },
    Slip {
        to: "/loket/werklijst/plaatsen",
        page: "/loket/werklijst",
        typed: &[("plaatsen", "2584 zes")],
        wrong: "plaatsen",
        kept: ">2584 zes</textarea>",
    },
    Slip {
        to: "/loket/open/nu",
        page: "/loket/open",
        typed: &[
            ("lijn", LINE),
            ("wat", "dicht"),
            ("tot", "moment"),
            ("tot_moment", "2026-11-20T10:00"),
        ],
        wrong: "tot_moment",
        kept: "value=\"2026-11-20T10:00\"",
    },
    Slip {
        to: "/loket/open/dag",
        page: "/loket/open",
        typed: &[("lijn", LINE), ("dag", "2026-11-20")],
        wrong: "dag",
        kept: "value=\"2026-11-20\"",
    },
    Slip {
        to: "/loket/open/mededeling",
        page: "/loket/open",
        typed: &[
            ("lijn", LINE),
            ("taal", "nl"),
            ("wat", "aan"),
            ("tot", "week"),
            ("tekst", "Bel 070 001 00 01."),
        ],
        wrong: "tekst",
        kept: ">Bel 070 001 00 01.</textarea>",
    },
    Slip {
        to: "/loket/deelnemers/1/verbeter",
        page: "/loket/deelnemers/1/verbeter",
        typed: &[("naam", "Willem Bos"), ("postcode", "25"), ("tijden", "Mo-Fr 09:00-17:00")],
        wrong: "postcode",
        kept: "value=\"Willem Bos\"",
    },
    Slip {
        to: "/loket/beheer/nieuw",
        page: "/loket/beheer/nieuw",
        typed: &[("naam", "Kees"), ("rol", "coordinator"), ("gebied", "25 x")],
        wrong: "gebied",
        kept: "value=\"Kees\"",
    },
];

#[tokio::test]
async fn whoever_gets_a_form_wrong_finds_it_again_as_it_was_typed() {
    let house = one_of_each_and_a_request().await;
    let anneke = house.operator("Anneke", Role::Administrator, &[], &[]).await;
    let before = ["request", "promise", "desk_note", "notice", "closing_day", "operator"]
        .map(|table| (table, house.count(table)));
    for Slip { to, page, typed, wrong, kept } in SLIPS {
        let answer = house.post(&anneke, to, typed).await;
        assert_eq!(answer.status, 422, "{to}: {}", answer.body);
        let beside = format!("id=\"fout-{wrong}\"");
        assert_eq!(answer.body.matches(&beside).count(), 1, "{to}: {}", answer.body);
        assert!(answer.body.contains(kept), "{to}: no {kept} in {}", answer.body);
        assert!(answer.body.contains(" autofocus"), "{to}: the cursor stands nowhere");
        // The other language is the page's, not the address that only takes forms.
        let switch = format!("/loket/taal/en?van={page}&ingevuld=1");
        let link = format!("{}\"", switch.replace('&', "&#38;"));
        assert!(answer.body.contains(&link), "{to}: no {link}");
        let mut turned = anneke.clone();
        let sent = house.get(&turned, &switch).await;
        turned.keeps(&sent);
        let there = house.get(&turned, &sent.location.unwrap()).await;
        assert!(
            there.status == 200 && there.body.contains("What you filled in was not kept"),
            "{to}: {} {}",
            there.status,
            there.body
        );
        assert!(answer.body.contains("Er klopt nog iets niet"), "{to}: {}", answer.body);
    }
    for (table, count) in before {
        assert_eq!(house.count(table), count, "{table}: nothing was changed");
    }
}

#[tokio::test]
async fn a_choice_that_was_made_is_made_again() {
    let house = one_of_each_and_a_request().await;
    let anneke = house.operator("Anneke", Role::Administrator, &[], &[]).await;
    let form = [("hoe", "referred"), ("organisatie", "")];
    let page = house.post(&anneke, "/loket/vragen/1/afronden", &form).await;
    let chosen = "name=\"hoe\" value=\"referred\" required checked";
    assert!(page.body.contains(chosen), "{}", page.body);
    assert_eq!(page.body.matches("class=\"wrong\"").count(), 2, "all of it at once: {}", page.body);
    assert_eq!(page.body.matches(" autofocus").count(), 1, "{}", page.body);

    let week = [("lijn", LINE), ("taal", "nl"), ("wat", "aan"), ("tot", "week"), ("tekst", "")];
    let page = house.post(&anneke, "/loket/open/mededeling", &week).await;
    assert_eq!(page.body.matches("value=\"week\" selected").count(), 1, "{}", page.body);
}

#[tokio::test]
async fn a_second_step_that_was_refused_keeps_its_secret_and_no_password_comes_back() {
    let house = one_of_each_and_a_request().await;
    let line = Phone::from_stored(LINE).unwrap();
    let kees = house.operator("Kees", Role::Operator, &[line], &[]).await;
    let page = house.get(&kees, "/loket/ik/tweede-stap").await.body;
    let secret = page.split("name=\"geheim\" value=\"").nth(1).unwrap();
    let secret = secret.split('"').next().unwrap().to_owned();
    let form = [("geheim", secret.as_str()), ("code", "000000"), ("huidig", "niet het mijne")];
    let page = house.post(&kees, "/loket/ik/tweede-stap", &form).await;
    assert_eq!(page.status, 422);
    assert!(page.body.contains(&format!("<code>{secret}</code>")), "the app has it: {}", page.body);
    assert!(page.body.contains("id=\"fout-huidig\""), "{}", page.body);

    let form = [("huidig", "niet het mijne"), ("nieuw", "a"), ("nogmaals", "a")];
    let page = house.post(&kees, "/loket/ik/wachtwoord", &form).await;
    assert_eq!(page.status, 422);
    assert!(page.body.contains("Uw wachtwoord klopt niet"), "{}", page.body);
    assert!(!page.body.contains("niet het mijne"), "a password is never shown: {}", page.body);
}
