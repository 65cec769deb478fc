//! What is wrong with a database file, without changing it.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::{StoreError, consent, intake, key, migrations, work};
use crate::domain::Postcode;

/// Most faults of one kind that are told; a damaged disk has thousands.
const MOST: usize = 10;

/// Every fault of the database at this path, which must be there, and of its key: one line each,
/// with what to do. Reads only; may be asked while the exchange runs.
pub fn faults(database: &Path) -> Vec<String> {
    let keys = key::load(database);
    let mut faults: Vec<String> =
        keys.as_ref().err().map(ToString::to_string).into_iter().collect();
    faults.extend(faults_with(database, keys.ok().map(|keys| keys.stop_list)));
    faults
}

/// Places that go to a coordinator first, by this database or by the configuration (these), while no
/// coordinator looks after them. Nothing of a database that cannot be read: [`faults`] tells why.
pub fn without_a_coordinator(database: &Path, configured: &[Postcode]) -> Vec<Postcode> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let missing = Connection::open_with_flags(database, flags)
        .map_err(StoreError::from)
        .and_then(|db| intake::without_a_coordinator(&db, configured));
    missing.unwrap_or_default()
}

/// The lines, by their number, for which something in this database still waits to be done. Nothing
/// of a database that cannot be read: [`faults`] tells why.
pub fn lines_at_work(database: &Path) -> Vec<String> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let found = Connection::open_with_flags(database, flags).map_err(StoreError::from);
    found.and_then(|db| work::lines_at_work(&db)).unwrap_or_default()
}

/// As [`faults`], without looking for the key beside it: with this one, if there is one.
pub(super) fn faults_with(database: &Path, hash_key: Option<[u8; 32]>) -> Vec<String> {
    let mut faults = Vec::new();
    let mut tell = |why: String| faults.push(format!("{}: {why}", database.display()));
    if let Err(fault) = look(database, hash_key, &mut tell) {
        tell(in_words(&fault));
    }
    faults
}

fn in_words(fault: &StoreError) -> String {
    let code = match fault {
        StoreError::Sqlite(fault) => fault.sqlite_error_code(),
        _ => None,
    };
    match code {
        Some(ErrorCode::DatabaseCorrupt) => damaged("not a whole database any more"),
        Some(ErrorCode::NotADatabase) => StoreError::NotOurs.to_string(),
        _ => fault.to_string(),
    }
}

fn damaged(how: &str) -> String {
    format!("the file is damaged ({how}); put a back-up in its place")
}

fn look(
    database: &Path,
    hash_key: Option<[u8; 32]>,
    tell: &mut dyn FnMut(String),
) -> Result<(), StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = Connection::open_with_flags(database, flags)?;
    db.busy_timeout(Duration::from_secs(5))?;
    let found: i64 = db.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if found > migrations::FORM {
        return Err(StoreError::Newer { found, known: migrations::FORM });
    }
    if found < 1 {
        return Err(StoreError::NotOurs);
    }
    for damage in all(&db, "PRAGMA integrity_check")?.iter().filter(|row| *row != "ok") {
        tell(damaged(damage));
    }
    let mut loose = all(&db, "PRAGMA foreign_key_check")?;
    loose.dedup();
    for table in loose {
        tell(format!("rows of {table} lead nowhere; put a back-up in place of this file"));
    }
    match hash_key {
        Some(key) if found == migrations::FORM && !consent::is_its_key(&db, &key)? => {
            Err(StoreError::WrongKey)
        }
        _ => Ok(()),
    }
}

/// The first column of the first rows.
fn all(db: &Connection, sql: &str) -> Result<Vec<String>, StoreError> {
    let mut select = db.prepare(sql)?;
    let rows = select.query_map([], |row| row.get(0))?;
    Ok(rows.take(MOST).collect::<Result<_, _>>()?)
}

#[cfg(test)]
mod tests {
    use super::super::Store;
    use super::*;

    /// A database with its key, closed.
    fn made(dir: &tempfile::TempDir) -> std::path::PathBuf {
        let path = dir.path().join("town.db");
        let keys = key::load_or_make(&path).expect("a key");
        drop(Store::open(&path, keys.stop_list).expect("a database"));
        path
    }

    #[track_caller]
    fn one_fault(path: &Path, expected: &str) {
        let found = faults(path);
        assert!(found.len() == 1 && found[0].contains(expected), "{expected}: {found:#?}");
    }

    #[test]
    fn a_database_of_ours_is_in_order_also_while_it_is_open() {
        let dir = tempfile::tempdir().expect("a directory");
        let path = made(&dir);
        assert_eq!(faults(&path), Vec::<String>::new());
        let keys = key::load(&path).expect("a key");
        let _open = Store::open(&path, keys.stop_list).expect("opens");
        assert_eq!(faults(&path), Vec::<String>::new());
    }

    #[test]
    fn r9_a_key_that_is_missing_or_of_another_database_is_told_and_refused() {
        let dir = tempfile::tempdir().expect("a directory");
        let path = made(&dir);
        let other = dir.path().join("other.db");
        let others = key::load_or_make(&other).expect("a key");
        std::fs::rename(key::path_for(&other), key::path_for(&path)).expect("renamed");
        one_fault(&path, "belongs to another database");
        let opened = Store::open(&path, others.stop_list);
        assert!(matches!(opened, Err(StoreError::WrongKey)));
        std::fs::remove_file(key::path_for(&path)).expect("removed");
        one_fault(&path, "town.db.key: the key that belongs to the database is missing");
    }

    #[test]
    fn a_letter_another_database_and_a_damaged_one_are_told_apart() {
        let dir = tempfile::tempdir().expect("a directory");
        let path = made(&dir);
        let whole = std::fs::read(&path).expect("a file");
        let mut damaged = whole.clone();
        let middle = damaged.len() / 2;
        damaged[middle..middle + 4096].fill(0x55);
        std::fs::write(&path, damaged).expect("written");
        assert!(
            faults(&path).iter().any(|fault| fault.contains("is damaged")),
            "{:?}",
            faults(&path)
        );

        std::fs::write(&path, "Beste buren, ".repeat(500)).expect("written");
        one_fault(&path, "not a database of burenhulp");

        std::fs::remove_file(&path).expect("removed");
        let other = Connection::open(&path).expect("a database");
        other.execute_batch("CREATE TABLE diary (page TEXT)").expect("a table");
        one_fault(&path, "not a database of burenhulp");
    }

    #[test]
    fn rows_that_lead_nowhere_are_found() {
        let dir = tempfile::tempdir().expect("a directory");
        let path = made(&dir);
        let db = Connection::open(&path).expect("opens");
        db.execute_batch("PRAGMA foreign_keys = OFF; INSERT INTO offer (service, postcode, participant) VALUES ('dog', 2584, 7)")
            .expect("written");
        one_fault(&path, "rows of offer lead nowhere");
    }
}
