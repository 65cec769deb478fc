//! From the form in which a database was left to today's, `schema.sql`.
//!
//! After a release, a change of `schema.sql` is a step here as well: a file `migrations/to_2.sql`,
//! `to_3.sql` ..., and its line in [`TODAY`]. A step that was released is never changed. Columns are
//! added at the end of their table in `schema.sql` too; a table that changes in another way is made
//! anew, filled and renamed, for which foreign keys are off while the steps run. A test holds the
//! oldest form (`migrations/form_1.sql`) plus all steps to `schema.sql`. Before the first release,
//! when nobody has a database yet, `form_1.sql` is simply a copy of it.

use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::StoreError;

/// The forms that a database can have, as numbers in `PRAGMA user_version`: 1 is the oldest.
struct Forms<'a> {
    /// The newest form as a whole, for databases that are new.
    schema: &'a str,
    /// The first leads from form 1 to form 2, and so on.
    steps: &'a [&'a str],
}

const TODAY: Forms<'static> = Forms { schema: include_str!("../../schema.sql"), steps: &[] };

/// The number of today's form.
pub(super) const FORM: i64 = TODAY.newest();

/// Makes the tables of a new database, or takes an older one step by step to today's form. All of
/// it happens, or nothing.
pub(super) fn bring_up_to_date(db: &Connection) -> Result<(), StoreError> {
    TODAY.bring_up(db)
}

impl Forms<'_> {
    #[allow(clippy::cast_possible_wrap)] // there are never that many
    const fn newest(&self) -> i64 {
        1 + self.steps.len() as i64
    }

    fn bring_up(&self, db: &Connection) -> Result<(), StoreError> {
        db.execute_batch("PRAGMA foreign_keys = OFF")?;
        let done = self.in_one_transaction(db);
        db.execute_batch("PRAGMA foreign_keys = ON")?;
        done
    }

    fn in_one_transaction(&self, db: &Connection) -> Result<(), StoreError> {
        // Whoever comes at the same moment waits, and finds the work done.
        let work = Transaction::new_unchecked(db, TransactionBehavior::Immediate)?;
        let newest = self.newest();
        let found: i64 = work.query_row("PRAGMA user_version", [], |row| row.get(0))?;
        match found {
            0 if is_empty(&work)? => work.execute_batch(self.schema)?,
            found if found == newest => return Ok(()),
            found if found > newest => return Err(StoreError::Newer { found, known: newest }),
            found if found < 1 => return Err(StoreError::NotOurs),
            found => self.upgrade(&work, found)?,
        }
        work.pragma_update(None, "user_version", newest)?;
        Ok(work.commit()?)
    }

    fn upgrade(&self, work: &Connection, found: i64) -> Result<(), StoreError> {
        tracing::info!(from = found, to = self.newest(), "store.upgrade");
        let done = usize::try_from(found - 1).unwrap_or(0);
        for step in self.steps.iter().skip(done) {
            work.execute_batch(step)?;
        }
        if work.prepare("PRAGMA foreign_key_check")?.exists([])? {
            return Err(StoreError::NotUpgraded);
        }
        Ok(())
    }
}

fn is_empty(db: &Connection) -> Result<bool, StoreError> {
    Ok(!db.prepare("SELECT 1 FROM sqlite_master")?.exists([])?)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLDEST: &str = include_str!("migrations/form_1.sql");

    fn in_memory(sql: &str) -> Connection {
        let db = Connection::open_in_memory().expect("memory");
        db.execute_batch(sql).expect("a schema");
        db
    }

    /// Every table and index in its own words, without comments and the spaces between words.
    fn shape(db: &Connection) -> Vec<String> {
        let mut select = db
            .prepare("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type, name")
            .expect("a query");
        let shapes = select.query_map([], |row| row.get::<_, String>(0)).expect("rows");
        shapes.map(|sql| bare(&sql.expect("text"))).collect()
    }

    fn bare(sql: &str) -> String {
        let lines = sql.lines().map(|line| line.split("--").next().unwrap_or_default());
        let words: Vec<&str> = lines.flat_map(str::split_whitespace).collect();
        let text = words.join(" ").replace('"', "");
        [("( ", "("), (" )", ")"), (" ,", ","), (", ", ",")]
            .iter()
            .fold(text, |text, (from, to)| text.replace(from, to))
    }

    #[test]
    fn the_oldest_form_plus_all_steps_is_the_schema() {
        let upgraded = in_memory(OLDEST);
        upgraded.pragma_update(None, "user_version", 1).expect("a form");
        bring_up_to_date(&upgraded).expect("upgraded");
        assert_eq!(
            shape(&upgraded),
            shape(&in_memory(TODAY.schema)),
            "schema.sql has changed: write the step in src/store/migrations/ that leads there \
             (before the first release: copy schema.sql to src/store/migrations/form_1.sql)"
        );
    }

    #[test]
    fn a_column_that_only_the_steps_or_only_the_schema_has_is_seen() {
        let added = in_memory(OLDEST);
        added.execute_batch("ALTER TABLE place ADD COLUMN province TEXT").expect("a step");
        assert_ne!(shape(&added), shape(&in_memory(OLDEST)));
        // Where it stands in both, it is the same, however it is written there.
        let with_column = OLDEST.replacen(
            "lon REAL NOT NULL CHECK (lon BETWEEN -180 AND 180)\n",
            "lon REAL NOT NULL CHECK (lon BETWEEN -180 AND 180), -- degrees east\n  province   TEXT\n",
            1,
        );
        assert_ne!(with_column, OLDEST);
        assert_eq!(shape(&added), shape(&in_memory(&with_column)));
    }

    /// People of a form long past, and how they came to today.
    const PAST: &str = "CREATE TABLE person (id INTEGER PRIMARY KEY, name TEXT);
                        CREATE TABLE friend (of INTEGER REFERENCES person);
                        INSERT INTO person VALUES (1, 'Bos'); INSERT INTO friend VALUES (1);
                        PRAGMA user_version = 1;";
    const STEPS: [&str; 2] = [
        "ALTER TABLE person ADD COLUMN city TEXT",
        "CREATE TABLE anew (id INTEGER PRIMARY KEY, name TEXT NOT NULL, city TEXT);
         INSERT INTO anew SELECT id, name, 'Bathmen' FROM person;
         DROP TABLE person; ALTER TABLE anew RENAME TO person",
    ];

    #[test]
    fn an_older_database_goes_step_by_step_and_keeps_its_people() {
        for form in [1, 2, 3] {
            let db = in_memory(PAST);
            let done = &STEPS[..form - 1];
            Forms { schema: "not read", steps: done }.bring_up(&db).expect("the older form");
            let forms = Forms { schema: "not read", steps: &STEPS };
            forms.bring_up(&db).expect("upgraded");
            forms.bring_up(&db).expect("twice is once");
            let city: String = db
                .query_row("SELECT city FROM person JOIN friend ON of = id", [], |row| row.get(0))
                .expect("Bos is there");
            assert_eq!(city, "Bathmen", "from form {form}");
        }
    }

    #[test]
    fn a_step_that_fails_or_leaves_rows_behind_changes_nothing() {
        for bad in ["CREATE TABLE person (id)", "DELETE FROM person"] {
            let db = in_memory(PAST);
            let before = shape(&db);
            let steps = [STEPS[0], bad];
            let forms = Forms { schema: "not read", steps: &steps };
            assert!(forms.bring_up(&db).is_err(), "{bad}");
            assert_eq!(shape(&db), before);
            let form: i64 =
                db.query_row("PRAGMA user_version", [], |row| row.get(0)).expect("a form");
            assert_eq!(form, 1);
        }
    }

    #[test]
    fn tables_of_another_program_are_left_alone() {
        let diary = in_memory("CREATE TABLE diary (page TEXT)");
        assert!(matches!(bring_up_to_date(&diary), Err(StoreError::NotOurs)));
        assert_eq!(shape(&diary), ["CREATE TABLE diary (page TEXT)"]);
    }
}
