//! A report as CSV that a Dutch office opens with a double click: fields apart by semicolons, commas
//! in decimals, lines ended by CR LF, UTF-8 without a byte order mark.
//!
//! One long table: every figure is a row that says of which section, row and column it is, so that a
//! spreadsheet can filter it. Its own words are ASCII, so that a program that guesses another
//! encoding still reads them. No field begins with a character that a spreadsheet would calculate.

use super::Document;

/// All tables of the document.
///
/// # Errors
/// None in practice: it writes into memory.
pub fn csv(document: &Document) -> Result<String, ::csv::Error> {
    let mut to = ::csv::WriterBuilder::new()
        .delimiter(b';')
        .terminator(::csv::Terminator::CRLF)
        .from_writer(Vec::new());
    to.write_record(document.language.pick(
        ["verslag", "onderdeel", "rij", "kolom", "waarde"],
        ["report", "section", "row", "column", "value"],
    ))?;
    let title = plain(&document.title);
    for section in &document.sections {
        let Some(table) = &section.table else { continue };
        for row in &table.rows {
            let name: Vec<&str> = row.group.iter().chain([&row.head]).map(String::as_str).collect();
            for (column, value) in table.head.iter().skip(1).zip(&row.cells) {
                let fields = [&title, section.id, &name.join(", "), column, value].map(plain);
                to.write_record(fields)?;
            }
        }
    }
    let bytes = to.into_inner().map_err(|fault| fault.into_error())?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// As a spreadsheet takes it: ordinary spaces, a simple dash, nothing that it would calculate.
fn plain(text: impl AsRef<str>) -> String {
    let text = text.as_ref().replace('\u{a0}', " ").replace('–', "");
    match text.chars().next() {
        Some('=' | '+' | '-' | '@' | '\t') => format!("'{text}"),
        _ => text,
    }
}
