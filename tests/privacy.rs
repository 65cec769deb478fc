//! What is kept about people, over a year and at every moment of a search.

mod stopping;
mod voice_note;
mod year;

use rusqlite::Connection;
use rusqlite::types::ValueRef;

/// Everything that looks like a number or one of these names, in whatever table and column, with
/// where it stands.
pub(crate) fn people_in(books: &Connection, names: &[String]) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for table in tables(books) {
        let mut select = books.prepare(&format!("SELECT * FROM {table}")).unwrap();
        let columns: Vec<String> = select.column_names().map(str::to_owned).collect();
        let mut rows = select.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            for (at, column) in columns.iter().enumerate() {
                let text = match row.get_ref(at).unwrap() {
                    // Sealed sounds and hashes are chance bytes, in which any short name may stand.
                    ValueRef::Text(text) => String::from_utf8_lossy(text),
                    _ => continue,
                };
                let place = format!("{table}.{column}");
                found.extend(numbers_in(&text).map(|number| (place.clone(), number)));
                let named = names.iter().filter(|name| text.contains(name.as_str()));
                found.extend(named.map(|name| (place.clone(), name.clone())));
            }
        }
    }
    found
}

/// All but the names of places, which are public and may sound like people.
fn tables(books: &Connection) -> Vec<String> {
    let mut select = books
        .prepare(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'
               AND name <> 'place'",
        )
        .unwrap();
    let names = select.query_map([], |row| row.get(0)).unwrap();
    names.map(Result::unwrap).collect()
}

/// `+31` and nine digits, wherever they stand.
fn numbers_in(text: &str) -> impl Iterator<Item = String> + '_ {
    text.match_indices("+31").filter_map(|(at, _)| {
        let number = text.get(at..at + 12)?;
        number[1..].bytes().all(|byte| byte.is_ascii_digit()).then(|| number.to_owned())
    })
}
