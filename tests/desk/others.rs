//! What belongs to another line or another village: every address with somebody's number in it, held
//! against colleagues who may come there and have no part in it.

use burenhulp::domain::{Phone, Postcode, Role};
use burenhulp::web::desk::{Access, known_routes};
use rusqlite::types::Value;
use std::collections::BTreeMap;

use super::one_of_each;
use crate::house::House;

/// Everything in the books but who is logged in.
fn books(house: &House) -> BTreeMap<String, Vec<Vec<Value>>> {
    let books = house.books_now();
    let sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'session'";
    let mut tables = books.prepare(sql).unwrap();
    let tables: Vec<String> =
        tables.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    let rows = |table: &String| {
        let mut select = books.prepare(&format!("SELECT * FROM \"{table}\"")).unwrap();
        let columns = select.column_count();
        let read = select.query_map([], |row| (0..columns).map(|at| row.get(at)).collect());
        read.unwrap().map(Result::unwrap).collect()
    };
    tables.iter().map(|table| (table.clone(), rows(table))).collect()
}

fn first_of_its_kind(path: &str) -> String {
    let part = |part: &str| if part.starts_with('{') { "1".to_owned() } else { part.to_owned() };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

#[tokio::test]
async fn what_is_another_lines_or_another_villages_is_not_seen_and_not_changed() {
    let house = one_of_each().await;
    let elsewhere = Phone::from_stored("+31519002586").unwrap();
    let village = Postcode::parse("9102").unwrap();
    let administrator = house.operator("Anneke", Role::Administrator, &[], &[]).await;
    let strangers = [
        (Role::Operator, house.operator("Ans", Role::Operator, &[elsewhere], &[]).await),
        (Role::Coordinator, house.operator("Piet", Role::Coordinator, &[], &[village]).await),
    ];
    let mut tried = 0;
    for (method, path, access) in known_routes() {
        let Access::Right(right) = access else { continue };
        if !path.contains('{') {
            continue;
        }
        let path = first_of_its_kind(path);
        let before = books(&house);
        for (role, stranger) in strangers.iter().filter(|(role, _)| role.may(*right)) {
            tried += 1;
            if method == "GET" {
                let page = house.get(stranger, &path).await;
                assert_eq!(page.status, 404, "{path} is shown to {role:?} of elsewhere");
            } else {
                let form = [("tot", "week"), ("rol", "operator"), ("wie", "1")];
                let page = house.post(stranger, &path, &form).await;
                assert_ne!(page.status, 200, "{method} {path} for {role:?} of elsewhere");
            }
            assert!(books(&house) == before, "{method} {path} by {role:?} left something behind");
        }
        // Not because there is nothing: whoever sees everything sees this. This story has no sound
        // here, its call is over and its wish was for the desk: `promises`, `board` and `requests`
        // tell what others see of those.
        let elsewhere_told = ["/geluid/", "/loket/nu/", "/loket/vragen/"];
        if method == "GET" && !elsewhere_told.iter().any(|part| path.contains(part)) {
            let page = house.get(&administrator, &path).await;
            assert_eq!(page.status, 200, "{path} needs something that this story does not have");
        }
    }
    assert!(tried > 10, "only {tried} were tried");
}
