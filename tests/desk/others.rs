//! What belongs to another line or another village: every address with somebody's number in it, held
//! against colleagues who may come there and have no part in it.

use burenhulp::domain::{Phone, Postcode, Role};
use burenhulp::web::desk::{Access, known_routes};
use rusqlite::types::Value;
use std::collections::BTreeMap;

use super::ten_minutes_of;
use crate::house::House;

/// Somebody is to be called back when Bos has time, and somebody else leaves a message: a person, a
/// request that is open, a message with its sound and a promise, each the first of its kind.
pub(super) const ONE_OF_EACH_OPEN: &str = r#"
title = "One of each, and open"
at = "2026-11-24T19:00:00+01:00"
[[neighbour]]
name = "bos"
hours = "Mo-Su 09:00-18:00"
[[desk]]
name = "balie"
[[telephone]]
name = "thuis"
[[caller]]
name = "asks"
from = "thuis"
does = "presses 4, presses 2584, presses 1, presses 1, presses 1, hear 'fijne'"
ends = "goodbye"
[[caller]]
name = "leaves word"
after = 200
does = "presses 0, tone, talk 8, hang up"
ends = "hangs-up"
"#;

/// Everything in the books but who is logged in.
pub(super) fn books(house: &House) -> BTreeMap<String, Vec<Vec<Value>>> {
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

pub(super) fn first_of_its_kind(path: &str) -> String {
    let part = |part: &str| if part.starts_with('{') { "1".to_owned() } else { part.to_owned() };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

#[tokio::test]
async fn what_is_another_lines_or_another_villages_is_not_seen_and_not_changed() {
    let house = ten_minutes_of(ONE_OF_EACH_OPEN).await;
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
        // Not because there is nothing: whoever sees everything sees this.
        if method == "GET" {
            let page = house.get(&administrator, &path).await;
            assert_eq!(page.status, 200, "{path} needs something that this story does not have");
        }
    }
    assert!(tried > 10, "only {tried} were tried");
}
