//! `/loket/vragen`: entered at the desk, routed, looked up, settled.

use burenhulp::domain::{Phone, Postcode, Role};

use super::quiet_morning;
use crate::house::House;
use crate::house::desk::{Page, Visitor};

const LINE: &str = "+31700002586";
const ASKER: &str = "06 01 00 00 09";

fn line() -> Phone {
    Phone::from_stored(LINE).unwrap()
}

async fn operator(house: &House, name: &str) -> Visitor {
    house.operator(name, Role::Operator, &[line()], &[]).await
}

fn one<T: rusqlite::types::FromSql>(house: &House, sql: &str) -> T {
    house.books_now().query_row(sql, [], |row| row.get(0)).unwrap()
}

/// The usual form, with these fields otherwise.
fn form<'a>(other: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let usual = [
        ("via", "telefoon"),
        ("naam", "Greet"),
        ("telefoon", ASKER),
        ("dienst", "company"),
        ("postcode", "2584"),
        ("lijn", LINE),
        ("wanneer", "nu"),
    ];
    let kept = usual.into_iter().filter(|(name, _)| !other.iter().any(|(n, _)| n == name));
    kept.chain(other.iter().copied()).collect()
}

async fn enter(house: &House, who: &Visitor, other: &[(&str, &str)]) -> Page {
    house.post(who, "/loket/vragen/nieuw", &form(other)).await
}

#[tokio::test]
async fn a_request_is_entered_once_and_stands_in_the_list() {
    let house = quiet_morning().await;
    let mut anneke = operator(&house, "Anneke").await;
    let first = enter(&house, &anneke, &[]).await;
    assert_eq!((first.status, first.location.as_deref()), (303, Some("/loket/vragen/1")));
    let again = enter(&house, &anneke, &[]).await;
    assert_eq!(again.location.as_deref(), Some("/loket/vragen/1"), "a form sent twice");
    anneke.keeps(&again);
    let page = house.get(&anneke, "/loket/vragen/1").await.body;
    assert!(page.contains("Deze vraag stond er al in."), "{page}");
    assert!(page.contains("Greet, +31 6 •••• ••09") && !page.contains("+31601000009"), "{page}");
    assert!(page.contains("aan de telefoon, Anneke"), "{page}");
    assert_eq!(house.count("request"), 1);
    for (search, there) in [
        ("greet", true),
        ("GREET", true),
        ("1", true),
        ("#1", true),
        ("jan", false),
        ("'\"%", false),
    ] {
        let (page, _) = house.looks_up(&anneke, "/loket/vragen", &[("zoek", search)]).await;
        assert_eq!(page.status, 200, "{search}");
        assert_eq!(page.body.contains("/loket/vragen/1\""), there, "{search}: {}", page.body);
    }
    for (filter, there) in [
        ("?dienst=dog", false),
        ("?dienst=company&postcode=2584", true),
        ("?van=2026-11-24&tot=2026-11-24", true),
        ("?van=2026-11-25", false),
        ("?tot=2026-11-23", false),
        ("?stand=settled", false),
        ("?van=x&postcode=zz", true),
    ] {
        let page = house.get(&anneke, &format!("/loket/vragen{filter}")).await;
        assert_eq!(page.status, 200, "{filter}");
        assert_eq!(page.body.contains("/loket/vragen/1\""), there, "{filter}: {}", page.body);
    }
}

#[tokio::test]
async fn a_request_is_found_by_a_whole_number_or_its_last_digits_and_that_is_written_down() {
    let house = quiet_morning().await;
    let anneke = operator(&house, "Anneke").await;
    enter(&house, &anneke, &[]).await;
    let mut written = 0;
    for (digits, there) in [
        ("0009", true),
        ("009", true),
        ("06 01 00 00 09", true),
        ("+31 6 01000009", true),
        ("0031 601000009", true),
        ("0008", false),
        ("06 01 00 00 08", false),
        // Anything between would tell a masked number digit by digit.
        ("00009", false),
        ("1000009", false),
    ] {
        let (page, _) = house.looks_up(&anneke, "/loket/vragen", &[("zoek", digits)]).await;
        assert_eq!(page.body.contains("/loket/vragen/1\""), there, "{digits}: {}", page.body);
        assert!(!page.body.contains("+31601000009"), "found, it is still masked: {}", page.body);
        written += 1;
        let sql = "SELECT count(*) FROM audit WHERE what = 'digits-searched' AND about = ''";
        assert_eq!(
            one::<i64>(&house, sql),
            written,
            "{digits}: that somebody looked, not for what"
        );
    }
    // With a letter among them they are no number: found out by none, and so not written down.
    for words in ["x0009", "0009 a"] {
        let (page, _) = house.looks_up(&anneke, "/loket/vragen", &[("zoek", words)]).await;
        assert!(!page.body.contains("/loket/vragen/1\""), "{words}: {}", page.body);
    }
}

#[tokio::test]
async fn what_is_looked_for_stands_in_no_address_and_the_address_is_this_sessions_only() {
    let house = quiet_morning().await;
    let mut anneke = operator(&house, "Anneke").await;
    enter(&house, &anneke, &[]).await;
    for (list, sought, found) in [
        ("/loket/vragen", "06 01 00 00 09", "/loket/vragen/1\""),
        ("/loket/vragen", "Greet", "/loket/vragen/1\""),
        ("/loket/deelnemers", "070 001 00 01", "/loket/deelnemers/1\""),
        ("/loket/deelnemers", "bos", "/loket/deelnemers/1\""),
    ] {
        let page = house.get(&anneke, list).await.body;
        let form = format!("method=\"post\" action=\"{list}\" role=\"search\"");
        assert!(page.contains(&form), "{page}");
        let fields = [("zoek", sought), ("stand", ""), ("dienst", "company")];
        let (page, address) = house.looks_up(&anneke, list, &fields).await;
        assert!(page.body.contains(found), "{sought}: {}", page.body);
        assert!(page.body.contains(&format!("value=\"{sought}\"")), "it stays: {}", page.body);
        assert!(
            page.body.contains("value=\"company\" selected"),
            "and so do choices: {}",
            page.body
        );
        let tail: String = sought.chars().filter(|c| c.is_alphanumeric()).collect();
        for told in [sought, &tail, "zoek="] {
            assert!(!address.contains(told), "{told} in {address}");
        }
        // Read again, and in the other language, it is the same list.
        assert!(house.get(&anneke, &address).await.body.contains(found));
        let (_, rest) = page.body.split_once("/loket/taal/en?van=").expect("the switch");
        let switch = format!("/loket/taal/en?van={}", rest.split('"').next().unwrap());
        let switched = house.get(&anneke, &switch).await;
        assert_eq!(switched.location.as_deref(), Some(address.as_str()));

        // A colleague who is given the address, or whoever reads it in a log, learns nothing by it.
        let kees = operator(&house, &format!("Kees {}", house.count("operator"))).await;
        let page = house.get(&kees, &address).await;
        assert_eq!(page.status, 200);
        assert!(page.body.contains("Typ nog een keer wat u zoekt."), "{}", page.body);
        assert!(!page.body.contains(&format!("value=\"{sought}\"")), "{}", page.body);
        for odd in ["gezocht=x", "gezocht=%00", "gezocht=", "zoek=Greet"] {
            assert_eq!(house.get(&anneke, &format!("{list}?{odd}")).await.status, 200, "{odd}");
        }
    }
    // Nothing typed is the plain list.
    let plain = house.post(&anneke, "/loket/vragen", &[("zoek", "  ")]).await;
    assert_eq!(plain.location.as_deref(), Some("/loket/vragen"));
    anneke.keeps(&plain);
}

#[tokio::test]
async fn company_inside_is_asked_where_somebody_can_go_inside_and_nowhere_else() {
    let house = quiet_morning().await;
    let anneke = operator(&house, "Anneke").await;
    let refused = enter(&house, &anneke, &[("binnen", "ja")]).await;
    assert_eq!(refused.status, 422);
    assert!(refused.body.contains("Mee naar binnen kan hierbij niet"), "{}", refused.body);
    assert_eq!(house.count("request"), 0);
    let entered = enter(&house, &anneke, &[("binnen", "ja"), ("dienst", "transport")]).await;
    assert_eq!(entered.status, 303, "{}", entered.body);
    let page = house.get(&anneke, "/loket/vragen/1").await.body;
    assert!(page.contains("vervoer, ook mee naar binnen"), "{page}");
    assert!(one::<bool>(&house, "SELECT inside FROM request"));
}

#[tokio::test]
async fn everything_that_is_wrong_is_told_at_once_and_what_was_typed_stays() {
    let house = quiet_morning().await;
    let anneke = operator(&house, "Anneke").await;
    let page = house.post(&anneke, "/loket/vragen/nieuw", &[("naam", "Greet <b>")]).await;
    assert_eq!(page.status, 422);
    for field in ["via", "naam", "telefoon", "dienst", "postcode", "lijn"] {
        assert!(page.body.contains(&format!("id=\"fout-{field}\"")), "{field}: {}", page.body);
    }
    assert!(page.body.contains("Greet &#60;b&#62;"), "{}", page.body);
    for (field, value, told) in [
        ("telefoon", "+44 113 496 0000", "Vul een Nederlands nummer in"),
        ("telefoon", "0900-8844", "Vul een Nederlands nummer in"),
        ("telefoon", "112", "Vul een Nederlands nummer in"),
        ("telefoon", LINE, "het is van een lijn of een loket"),
        ("telefoon", "+31700090001", "het is van een lijn of een loket"),
        ("postcode", "9101", "Deze lijn werkt daar niet"),
        ("naam", "bel 0601000001", "telefoonnummer"),
        ("dienst", "heart-surgery", "Kies iets"),
    ] {
        let page = enter(&house, &anneke, &[(field, value)]).await;
        assert_eq!(page.status, 422, "{value}");
        assert!(page.body.contains(told), "{value}: {}", page.body);
    }
    for moment in ["2026-11-24T09:00", "2029-01-01T10:00", "morgen", ""] {
        let page = enter(&house, &anneke, &[("wanneer", "moment"), ("moment", moment)]).await;
        assert_eq!(page.status, 422, "{moment}");
    }
    assert_eq!([house.count("request"), house.count("intake")], [0, 0]);
}

#[tokio::test]
async fn an_organisation_asks_only_for_somebody_who_agreed() {
    let house = quiet_morning().await;
    let anneke = operator(&house, "Anneke").await;
    let whole = [
        ("via", "organisatie"),
        ("organisatie", "Wijkteam Duindorp"),
        ("akkoord_bij", "Piet"),
        ("akkoord_op", "2026-11-23"),
        ("akkoord_hoe", "gesprek"),
    ];
    for missing in 1..whole.len() {
        let mut fields = whole.to_vec();
        fields[missing].1 = "";
        let page = enter(&house, &anneke, &fields).await;
        assert_eq!(page.status, 422, "{}", whole[missing].0);
        let told = format!("id=\"fout-{}\"", whole[missing].0);
        assert!(page.body.contains(&told), "{told}: {}", page.body);
    }
    let mut fields = whole.to_vec();
    fields[3].1 = "2026-11-25";
    assert_eq!(enter(&house, &anneke, &fields).await.status, 422, "an agreement of tomorrow");
    assert_eq!(house.count("request"), 0);
    assert_eq!(enter(&house, &anneke, &whole).await.status, 303);
    let page = house.get(&anneke, "/loket/vragen/1").await.body;
    assert!(page.contains("gezegd tegen Piet, ma 23 nov, in een gesprek"), "{page}");
    assert!(page.contains("Wijkteam Duindorp"), "{page}");
}

#[tokio::test]
async fn a_request_for_thursday_is_asked_from_two_days_before() {
    let house = quiet_morning().await;
    let mut anneke = operator(&house, "Anneke").await;
    let fields = [("wanneer", "moment"), ("moment", "2026-11-28T10:00")];
    let done = enter(&house, &anneke, &fields).await;
    anneke.keeps(&done);
    let page = house.get(&anneke, "/loket/vragen/1").await.body;
    assert!(page.contains("De centrale zoekt vanaf do 26 nov 10:00."), "{page}");
    assert!(page.contains("gepland: zoeken vanaf do 26 nov 10:00"), "{page}");
    let next = house.app().0.exchange.next_due().await.unwrap().unwrap();
    assert_eq!(next.local().to_rfc3339(), "2026-11-26T10:00:00+01:00");
    // Settled before its time, it is not asked.
    let settled = [("hoe", "not_needed")];
    assert_eq!(house.post(&anneke, "/loket/vragen/1/afronden", &settled).await.status, 303);
    assert_eq!(house.app().0.exchange.next_due().await.unwrap(), None);
}

#[tokio::test]
async fn where_the_coordinator_goes_first_a_request_waits_for_a_working_day() {
    let house = quiet_morning().await;
    let beheer = house.operator("Beheer", Role::Administrator, &[], &[]).await;
    let anneke = operator(&house, "Anneke").await;
    let places = [("plaatsen", "2584, 2586")];
    assert_eq!(house.post(&anneke, "/loket/werklijst/plaatsen", &places).await.status, 403);
    let wrong = [("plaatsen", "2584 Duindorp")];
    assert_eq!(house.post(&beheer, "/loket/werklijst/plaatsen", &wrong).await.status, 422);
    assert_eq!(house.post(&beheer, "/loket/werklijst/plaatsen", &places).await.status, 303);
    assert!(house.get(&beheer, "/loket/werklijst").await.body.contains(">2584 2586</textarea>"));

    enter(&house, &anneke, &[]).await;
    assert_eq!(one::<String>(&house, "SELECT kind FROM promise"), "coordinator_arranges");
    assert_eq!(house.count("attempt"), 0, "nobody is rung");
    let here: Postcode = Postcode::try_from(2584).unwrap();
    let there: Postcode = Postcode::try_from(9101).unwrap();
    let mut marij = house.operator("Marij", Role::Coordinator, &[], &[here]).await;
    let mut piet = house.operator("Piet", Role::Coordinator, &[], &[here]).await;
    let sjoerd = house.operator("Sjoerd", Role::Coordinator, &[], &[there]).await;
    assert!(house.get(&marij, "/loket/werklijst").await.body.contains("uiterlijk morgen 10:00"));
    assert!(house.get(&sjoerd, "/loket/werklijst").await.body.contains("Er ligt niets"));
    assert_eq!(house.get(&sjoerd, "/loket/vragen/1").await.status, 404);
    assert_eq!(house.post(&sjoerd, "/loket/vragen/1/nemen", &[]).await.status, 404);

    marij.keeps(&house.post(&marij, "/loket/vragen/1/nemen", &[]).await);
    piet.keeps(&house.post(&piet, "/loket/vragen/1/nemen", &[]).await);
    assert!(
        house.get(&marij, "/loket/vragen/1").await.body.contains("U hebt deze vraag op u genomen.")
    );
    let page = house.get(&piet, "/loket/vragen/1").await.body;
    assert!(page.contains("Marij heeft dit al op zich genomen."), "{page}");
    assert_eq!(one::<i64>(&house, "SELECT count(*) FROM audit WHERE what = 'request-claimed'"), 1);
    house.post(&marij, "/loket/vragen/1/nemen", &[("wat", "terug")]).await;
    assert_eq!(one::<i64>(&house, "SELECT count(*) FROM promise WHERE claimed_by IS NULL"), 1);

    // A working day later it is late, and unmissable.
    let now = house.app().0.exchange.now();
    house.set_clock(now + std::time::Duration::from_secs(26 * 3600));
    let marij = house.operator("Marij twee", Role::Coordinator, &[], &[here]).await;
    assert!(house.get(&marij, "/loket/werklijst").await.body.contains("te laat: 2 uur"));
}

#[tokio::test]
async fn a_request_is_settled_once_with_what_was_promised_about_it() {
    let house = quiet_morning().await;
    let beheer = house.operator("Beheer", Role::Administrator, &[], &[]).await;
    house.post(&beheer, "/loket/werklijst/plaatsen", &[("plaatsen", "2584")]).await;
    let (anneke, mut kees) = (operator(&house, "Anneke").await, operator(&house, "Kees").await);
    enter(&house, &anneke, &[]).await;
    for (fields, told) in [
        (vec![("hoe", "gelukt")], "Kies hoe het afliep"),
        (vec![("hoe", "referred")], "Naar welke organisatie?"),
        (vec![("hoe", "referred"), ("organisatie", "Wijkteam")], "akkoord"),
        (
            vec![("hoe", "referred"), ("organisatie", "bel 0601000001"), ("akkoord", "ja")],
            "telefoonnummer",
        ),
    ] {
        let page = house.post(&anneke, "/loket/vragen/1/afronden", &fields).await;
        assert_eq!(page.status, 422, "{fields:?}");
        assert!(page.body.contains(told), "{told}: {}", page.body);
    }
    assert_eq!(house.count("settlement"), 0);
    let fields = [("hoe", "referred"), ("organisatie", "Wijkteam"), ("akkoord", "ja")];
    house.post(&anneke, "/loket/vragen/1/afronden", &fields).await;
    kees.keeps(&house.post(&kees, "/loket/vragen/1/afronden", &[("hoe", "done")]).await);
    let page = house.get(&kees, "/loket/vragen/1").await.body;
    assert!(page.contains("Deze vraag is al afgerond: Anneke"), "{page}");
    assert!(page.contains("doorverwezen: Wijkteam"), "{page}");
    assert_eq!(one::<String>(&house, "SELECT kept_how FROM promise"), "passed_on");
    assert_eq!(one::<i64>(&house, "SELECT count(*) FROM audit WHERE what = 'request-ended'"), 1);
    kees.keeps(&house.post(&kees, "/loket/vragen/1/zoeken", &[]).await);
    assert!(house.get(&kees, "/loket/vragen/1").await.body.contains("of de vraag is afgerond."));
}

#[tokio::test]
async fn another_lines_requests_are_not_theirs() {
    let house = quiet_morning().await;
    let anneke = operator(&house, "Anneke").await;
    enter(&house, &anneke, &[]).await;
    let dokkum = Phone::from_stored("+31519002586").unwrap();
    let sjoerd = house.operator("Sjoerd", Role::Operator, &[dokkum], &[]).await;
    assert!(house.get(&sjoerd, "/loket/vragen").await.body.contains("Er zijn geen vragen"));
    assert_eq!(house.get(&sjoerd, "/loket/vragen/1").await.status, 404);
    for (action, form) in [
        ("nemen", vec![]),
        ("zoeken", vec![]),
        ("afronden", vec![("hoe", "done")]),
        ("notitie", vec![("notitie", "Dag.")]),
        ("nummer", vec![]),
    ] {
        let path = format!("/loket/vragen/1/{action}");
        assert_eq!(house.post(&sjoerd, &path, &form).await.status, 404, "{path}");
    }
    assert_eq!(enter(&house, &sjoerd, &[]).await.status, 422, "nor can they enter one there");
    assert_eq!(
        [house.count("settlement"), house.count("desk_note"), house.count("request")],
        [0, 0, 1]
    );
}

#[tokio::test]
async fn a_search_begins_with_the_form_and_ends_when_it_is_not_needed_any_more() {
    let house = quiet_morning().await;
    let mut anneke = operator(&house, "Anneke").await;
    anneke.keeps(&enter(&house, &anneke, &[]).await);
    let page = house.get(&anneke, "/loket/vragen/1").await.body;
    assert!(page.contains("De centrale zoekt, binnen de beltijden."), "{page}");
    assert!(page.contains("er wordt gezocht"), "{page}");
    house.app().0.exchange.work().await.unwrap();
    assert_eq!(one::<i64>(&house, "SELECT count(*) FROM attempt WHERE ended_at IS NULL"), 1);
    assert!(house.get(&anneke, "/loket/vragen/1").await.body.contains("+31 70 ••• ••01"));

    house.post(&anneke, "/loket/vragen/1/afronden", &[("hoe", "not_needed")]).await;
    house.app().0.exchange.work().await.unwrap();
    let wanted = "SELECT count(*) FROM placed WHERE unwanted = 0 AND state <> 'over'";
    assert_eq!(one::<i64>(&house, wanted), 0, "the telephone stops ringing");
    assert_eq!(one::<i64>(&house, "SELECT count(*) FROM request WHERE closed_at IS NULL"), 0);
    assert_eq!(one::<i64>(&house, "SELECT count(*) FROM promise WHERE kept_at IS NULL"), 0);
    let page = house.get(&anneke, "/loket/vragen/1").await.body;
    assert!(page.contains("niet meer nodig"), "{page}");
}

#[tokio::test]
async fn with_somebody_at_hand_the_desks_telephone_rings_at_the_counter_or_else_their_own() {
    let house = quiet_morning().await;
    let anneke = operator(&house, "Anneke").await;
    let on_the_line = |via| [("aan_de_lijn", "ja"), ("via", via)];
    let page = enter(&house, &anneke, &on_the_line("balie")).await;
    assert_eq!(page.status, 422, "nobody knows which telephone stands with her");
    assert!(page.body.contains("Uw toestel") && page.body.contains("id=\"fout-aan_de_lijn\""));
    assert!(page.body.contains("value=\"Greet\""), "what was typed stays: {}", page.body);
    assert_eq!(house.count("request"), 0);

    house.post(&anneke, "/loket/nu/toestel", &[("ander", "+31700090002")]).await;
    let mut anneke = anneke;
    anneke.keeps(&enter(&house, &anneke, &on_the_line("balie")).await);
    let page = house.get(&anneke, "/loket/vragen/1").await.body;
    assert!(page.contains("Neem op, toets 1 en geef de hoorn door."), "{page}");
    assert_eq!(one::<String>(&house, "SELECT phone FROM placed"), "+31700090002");
    let page = enter(
        &house,
        &anneke,
        &[("aan_de_lijn", "ja"), ("via", "balie"), ("naam", "Jan"), ("postcode", "2586")],
    )
    .await;
    assert_eq!(page.status, 422, "her telephone rings already");
    assert!(page.body.contains("in gesprek"), "{}", page.body);

    let kees = operator(&house, "Kees").await;
    house.post(&kees, "/loket/nu/toestel", &[("ander", "+31700090003")]).await;
    let mut kees = kees;
    let fields = [("aan_de_lijn", "ja"), ("telefoon", "06 01 00 00 08")];
    kees.keeps(&enter(&house, &kees, &fields).await);
    let page = house.get(&kees, "/loket/vragen/2").await.body;
    assert!(page.contains("Hang nu samen op."), "{page}");
    let second = "SELECT phone FROM placed ORDER BY id DESC LIMIT 1";
    assert_eq!(one::<String>(&house, second), "+31601000008");
    assert_eq!(house.count("attempt"), 0, "no neighbour before whoever asks is on the line");
}

#[tokio::test]
async fn a_request_that_waited_is_searched_for_with_somebody_on_the_line_once() {
    let house = quiet_morning().await;
    let beheer = house.operator("Beheer", Role::Administrator, &[], &[]).await;
    house.post(&beheer, "/loket/werklijst/plaatsen", &[("plaatsen", "2584")]).await;
    let mut anneke = operator(&house, "Anneke").await;
    enter(&house, &anneke, &[]).await;
    let live = [("aan_de_lijn", "ja")];
    anneke.keeps(&house.post(&anneke, "/loket/vragen/1/zoeken", &live).await);
    assert!(house.get(&anneke, "/loket/vragen/1").await.body.contains("Uw toestel"));
    assert_eq!(house.count("placed"), 0);
    house.post(&anneke, "/loket/nu/toestel", &[("ander", "+31700090002")]).await;
    anneke.keeps(&house.post(&anneke, "/loket/vragen/1/zoeken", &live).await);
    assert!(house.get(&anneke, "/loket/vragen/1").await.body.contains("Hang nu samen op."));
    anneke.keeps(&house.post(&anneke, "/loket/vragen/1/zoeken", &live).await);
    let page = house.get(&anneke, "/loket/vragen/1").await.body;
    assert!(page.contains("wordt al gezocht"), "{page}");
    assert_eq!(house.count("placed"), 1);
}

#[tokio::test]
async fn a_referral_is_chosen_from_the_organisations_of_the_configuration() {
    let known = "require_totp = []\n[[referral]]\nname = \"Autostichting\"\nservices = [\"transport\"]\n\
                 [[referral]]\nname = \"Wijkteam Duindorp\"\nservices = [\"company\"]\n";
    let house = super::quiet_morning_with(known).await;
    let anneke = operator(&house, "Anneke").await;
    for phone in ["06 01 00 00 07", "06 01 00 00 08"] {
        enter(&house, &anneke, &[("telefoon", phone)]).await;
    }
    let page = house.get(&anneke, "/loket/vragen/1").await.body;
    let order = ["<option>Wijkteam Duindorp</option>", "<option>Autostichting</option>"]
        .map(|option| page.find(option).unwrap_or_else(|| panic!("{option}: {page}")));
    assert!(order[0] < order[1], "what helps with this comes first: {page}");
    let chosen = [("hoe", "referred"), ("verwijzing", "Wijkteam Duindorp"), ("akkoord", "ja")];
    assert_eq!(house.post(&anneke, "/loket/vragen/1/afronden", &chosen).await.status, 303);
    let invented = [("hoe", "referred"), ("verwijzing", "Elders"), ("akkoord", "ja")];
    assert_eq!(house.post(&anneke, "/loket/vragen/2/afronden", &invented).await.status, 422);
    let typed = [("hoe", "referred"), ("organisatie", "Kerk"), ("akkoord", "ja")];
    assert_eq!(house.post(&anneke, "/loket/vragen/2/afronden", &typed).await.status, 303);
    let to = "SELECT group_concat(referred_to, ', ') FROM settlement";
    assert_eq!(one::<String>(&house, to), "Wijkteam Duindorp, Kerk");
}

#[tokio::test]
async fn what_a_caller_asked_by_telephone_is_the_coordinators_and_can_be_searched_for() {
    let house = quiet_morning().await;
    let here: Postcode = Postcode::try_from(2584).unwrap();
    let mut marij = house.operator("Marij", Role::Coordinator, &[], &[here]).await;
    house
        .books_now()
        .execute_batch(
            "INSERT INTO request (line, kind, service, postcode, language, call_back, opened_at, closed_at)
               VALUES ('+31700002586', 'neighbour', 'company', 2584, 'nl', '+31601000007', 1, 1);
             INSERT INTO request (line, kind, service, postcode, language, call_back, opened_at, closed_at)
               VALUES ('+31700002586', 'neighbour', 'company', 2584, 'nl', '+31601000008', 1, 1);
             INSERT INTO promise (kind, line, request, made_at, due_at)
               VALUES ('coordinator_arranges', '+31700002586', 1, 1, 1900000000000);",
        )
        .unwrap();
    assert!(house.get(&marij, "/loket/werklijst").await.body.contains("/loket/vragen/1"));
    marij.keeps(&house.post(&marij, "/loket/vragen/1/nemen", &[]).await);
    assert!(house.get(&marij, "/loket/vragen/1").await.body.contains("Zoek nu"));
    marij.keeps(&house.post(&marij, "/loket/vragen/1/zoeken", &[]).await);
    assert!(house.get(&marij, "/loket/vragen/1").await.body.contains("De centrale zoekt nu"));
    // A question that nobody gave to the desk is not the desk's to begin.
    assert!(!house.get(&marij, "/loket/vragen/2").await.body.contains("Zoek nu"));
    marij.keeps(&house.post(&marij, "/loket/vragen/2/zoeken", &[]).await);
    assert_eq!(house.count("machine"), 1);
}

#[tokio::test]
async fn somebody_who_helped_before_can_be_asked_first_and_has_a_name_only_for_those_who_may_see_it()
 {
    let house = quiet_morning().await;
    let anneke = operator(&house, "Anneke").await;
    let other = Phone::from_stored("+31519002586").unwrap();
    let sjoerd = house
        .operator("Sjoerd", Role::Coordinator, &[other], &[Postcode::try_from(2586).unwrap()])
        .await;
    let look = [("kijk", "ja")];
    let page = enter(&house, &anneke, &look).await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains("nog niemand geholpen"), "{}", page.body);
    house
        .books_now()
        .execute_batch(
            "INSERT INTO request (id, line, kind, service, postcode, language, call_back, opened_at, closed_at, outcome, worked_out)
               VALUES (7, '+31700002586', 'neighbour', 'company', 2584, 'nl', '+31601000009', 1, 1, 'connected', 1);
             INSERT INTO attempt (id, request, participant, phone, day_part, reserved_at, accepted_at, ended_at, result)
               SELECT 7, 7, id, phone, 0, 1795000000000, 1795000000000, 1795000000001, 'connected' FROM participant;
             UPDATE request SET accepted = 7 WHERE id = 7;",
        )
        .unwrap();
    let page = enter(&house, &anneke, &look).await.body;
    assert!(page.contains("Bos: hielp met een praatje"), "{page}");
    assert!(page.contains("value=\"Greet\""), "what was typed stays: {page}");
    let page = enter(&house, &sjoerd, &look).await.body;
    assert!(page.contains("nog niemand geholpen") && !page.contains("Bos"), "elsewhere: {page}");
    let seen: i64 = one(&house, "SELECT count(*) FROM audit WHERE what = 'helpers-seen'");
    assert_eq!(seen, 3, "every look is written down");
    assert_eq!(house.count("request"), 1, "looking enters nothing");

    // A planned request keeps the wish; somebody who never helped is not wished for.
    let who: i64 = one(&house, "SELECT id FROM participant");
    let later = [("wanneer", "moment"), ("moment", "2026-11-28T10:00")];
    let with = |first: String| {
        let mut fields: Vec<(&str, String)> = later.map(|(n, v)| (n, v.to_owned())).to_vec();
        fields.push(("eerst", first));
        fields
    };
    for (first, wished) in [(who.to_string(), 1), ((who + 1).to_string(), 1)] {
        let fields = with(first);
        let mut fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
        fields.push((
            "dienst",
            if wished == 1 && fields.last().is_some_and(|f| f.1 == who.to_string()) {
                "company"
            } else {
                "dog"
            },
        ));
        assert_eq!(enter(&house, &anneke, &fields).await.status, 303);
        assert_eq!(one::<i64>(&house, "SELECT count(*) FROM wish"), wished);
    }
    assert_eq!(one::<i64>(&house, "SELECT participant FROM wish"), who);

    // Its page says who, with a name for those who may see it, and that choice is the one that stands.
    let planned = format!("/loket/vragen/{}", one::<i64>(&house, "SELECT request FROM wish"));
    let page = house.get(&anneke, &planned).await.body;
    assert!(page.contains("<dt>Vragen wij eerst</dt><dd>Bos: hielp met een praatje"), "{page}");
    assert!(page.contains(&format!("name=\"eerst\" value=\"{who}\" checked")), "{page}");
    assert!(page.contains("name=\"eerst\" value=\"\">"), "nobody in particular is not: {page}");
    let places = [Postcode::try_from(2584).unwrap(), Postcode::try_from(2586).unwrap()];
    house.books_now().execute_batch("UPDATE participant SET postcode = 2591").unwrap();
    let piet = house.operator("Piet", Role::Coordinator, &[], &places).await;
    let page = house.get(&piet, &planned).await.body;
    assert!(page.contains("<dd>wie hielp met een praatje") && !page.contains("Bos"), "{page}");

    // Without a word about it the choice stays; another choice takes its place.
    let (_, id) = planned.rsplit_once('/').unwrap();
    let wish = format!("SELECT count(*) FROM wish WHERE request = {id}");
    let search = format!("{planned}/zoeken");
    assert_eq!(house.post(&anneke, &search, &[("eerst", "")]).await.status, 303);
    assert_eq!(one::<i64>(&house, &wish), 0, "nobody in particular any more");
    assert!(!house.get(&anneke, &planned).await.body.contains("Vragen wij eerst"));
}

#[tokio::test]
async fn a_place_for_a_coordinator_who_is_not_there_is_told_to_whoever_can_settle_that() {
    let house = quiet_morning().await;
    let beheer = house.operator("Beheer", Role::Administrator, &[], &[]).await;
    let (anneke, warning) = (operator(&house, "Anneke").await, "er is geen coördinator");
    let warned =
        async |who: &Visitor, path: &str| house.get(who, path).await.body.contains(warning);
    assert!(!warned(&beheer, "/loket/werklijst").await, "nobody goes first anywhere");
    house.post(&beheer, "/loket/werklijst/plaatsen", &[("plaatsen", "2584 2586")]).await;
    for path in ["/loket/werklijst", "/loket/beheer"] {
        let page = house.get(&beheer, path).await.body;
        assert!(page.contains(warning) && page.contains("2584 2586."), "{path}: {page}");
    }
    assert!(!warned(&anneke, "/loket/werklijst").await, "she can change nothing about it");

    let places = [2584, 2586].map(|number| Postcode::try_from(number).unwrap());
    let marij = house.operator("Marij", Role::Coordinator, &[], &places).await;
    assert!(!warned(&beheer, "/loket/werklijst").await);
    let id = marij.id.unwrap();
    house.post(&beheer, &format!("/loket/beheer/collega/{id}/uit"), &[]).await;
    assert!(warned(&beheer, "/loket/beheer").await, "switched off, Marij looks after nothing");
}

#[tokio::test]
async fn a_promise_is_called_back_on_the_number_that_was_given_and_a_neighbours_on_their_own() {
    let house = quiet_morning().await;
    let beheer = house.operator("Beheer", Role::Administrator, &[], &[]).await;
    house.post(&beheer, "/loket/werklijst/plaatsen", &[("plaatsen", "2584")]).await;
    let anneke = operator(&house, "Anneke").await;
    enter(&house, &anneke, &[]).await;
    let worklist = house.get(&beheer, "/loket/werklijst").await.body;
    assert!(worklist.contains("Greet, +31 6 •••• ••09"), "{worklist}");

    // Bos wants to speak with the desk, about Greet's request.
    house
        .books_now()
        .execute_batch(
            "INSERT INTO promise (kind, line, request, participant, made_at, due_at)
               SELECT 'ring_neighbour_back', '+31700002586', 1, id, 1, 1900000000000
               FROM participant",
        )
        .unwrap();
    let page = house.get(&anneke, "/loket/berichten/2").await.body;
    assert!(page.contains("Bos, +31 70 ••• ••01") && !page.contains("Greet"), "{page}");
    for (promise, seat, rung) in
        [("1", "+31700090001", "+31601000009"), ("2", "+31700090002", "+31700010001")]
    {
        house.post(&anneke, "/loket/nu/toestel", &[("ander", seat)]).await;
        let path = format!("/loket/berichten/{promise}/terugbellen");
        assert_eq!(house.post(&anneke, &path, &[]).await.status, 303);
        let sql = format!("SELECT phone FROM desk_call WHERE promise = {promise}");
        assert_eq!(one::<String>(&house, &sql), rung);
    }
}

#[tokio::test]
async fn a_note_on_a_request_is_short_is_gone_after_a_fortnight_and_has_a_hint_what_not_to_write() {
    let house = quiet_morning().await;
    let anneke = operator(&house, "Anneke").await;
    enter(&house, &anneke, &[]).await;
    let path = "/loket/vragen/1/notitie";
    for text in ["a".repeat(141), "bel 06 01 00 00 01".to_owned(), "<i>let op</i>".to_owned()] {
        let page = house.post(&anneke, path, &[("notitie", &text)]).await;
        assert_eq!(page.status, 422, "{text}");
    }
    assert_eq!(house.count("desk_note"), 0);
    let text = "b".repeat(140);
    assert_eq!(house.post(&anneke, path, &[("notitie", &text)]).await.status, 303);
    let page = house.get(&anneke, "/loket/vragen/1").await.body;
    assert!(page.contains(&text) && page.contains("niets over gezondheid"), "{page}");
    let days = |days: u64| std::time::Duration::from_secs(days * 24 * 3600);
    let now = house.app().0.exchange.now();
    for (later, there) in [(days(13), true), (days(14), false)] {
        house.set_clock(now + later);
        let who = operator(&house, &format!("Kees {}", later.as_secs())).await;
        let page = house.get(&who, "/loket/vragen/1").await.body;
        assert_eq!(page.contains(&text), there, "{later:?}");
    }
}

#[tokio::test]
async fn whoever_is_chosen_to_be_asked_first_is_rung_first() {
    const TWO: &str = r#"
title = "Two who helped before"
at = "2026-11-24T10:00:00+01:00"
[[neighbour]]
name = "bos"
[[neighbour]]
name = "visser"
[[desk]]
name = "balie"
"#;
    let scenario = burenhulp::sim::scenario::Scenario::read("two", TWO).unwrap();
    for (chosen, changed) in [(1, None), (2, None), (1, Some(2)), (2, Some(1))] {
        let house = House::of(&scenario, burenhulp::sim::delivery::Delivery::default()).await;
        let anneke = operator(&house, "Anneke").await;
        house
            .books_now()
            .execute_batch(
                "INSERT INTO request (id, line, kind, service, postcode, language, call_back, opened_at, closed_at, outcome, worked_out)
                   SELECT 6 + id, '+31700002586', 'neighbour', 'company', 2584, 'nl', '+31601000009', 1, 1, 'connected', 1
                   FROM participant WHERE id IN (1, 2);
                 INSERT INTO attempt (id, request, participant, phone, day_part, reserved_at, accepted_at, ended_at, result)
                   SELECT 6 + id, 6 + id, id, phone, 0, 1785000000000, 1785000000000, 1785000000001, 'connected'
                   FROM participant WHERE id IN (1, 2);
                 UPDATE request SET accepted = id WHERE id IN (7, 8);",
            )
            .unwrap();
        let first = chosen.to_string();
        let later = ("moment", "2026-11-28T10:00");
        let fields = match changed {
            // For a day: until its search begins, another can be chosen.
            Some(_) => vec![("eerst", first.as_str()), ("wanneer", "moment"), later],
            None => vec![("eerst", first.as_str())],
        };
        let entered = enter(&house, &anneke, &fields).await;
        assert_eq!(entered.location.as_deref(), Some("/loket/vragen/9"), "{}", entered.body);
        if let Some(other) = changed {
            let other: &str = &i64::to_string(&other);
            let page = house.post(&anneke, "/loket/vragen/9/zoeken", &[("eerst", other)]).await;
            assert_eq!(page.status, 303);
        }
        house.app().0.exchange.work().await.unwrap();
        let rung = one::<i64>(&house, "SELECT participant FROM attempt WHERE request = 9");
        assert_eq!(rung, changed.unwrap_or(chosen), "{chosen}, then {changed:?}");
    }
}
