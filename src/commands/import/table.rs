//! A table with a header: bytes in, one call for every row out. Knows nothing of what the columns mean.
//!
//! Written for what spreadsheet programs really save: a byte-order mark, semicolons or tabs instead of
//! commas, line breaks inside quotes, empty rows at the end.

use super::fault::Fault;

/// Told how many bytes of the file have been read, now and then.
pub type Progress<'a> = &'a mut dyn FnMut(usize);

/// Progress is told once in so many rows.
const ROWS_PER_TICK: usize = 256;

/// Reads `file` and hands every row to `each` as its line number and its fields, trimmed, in the
/// order of `columns`, whatever their order in the file. Columns that a file `may_lack` are `None` in
/// one that does. Faults are added to `faults`.
pub(super) fn each_row<const N: usize>(
    file: &[u8],
    columns: &[&'static str; N],
    may_lack: &[&'static str],
    faults: &mut Vec<Fault>,
    progress: Progress<'_>,
    mut each: impl FnMut(u64, [Option<&str>; N], &mut Vec<Fault>),
) {
    let body = without_byte_order_mark(file);
    if let Err(why) = is_text(body) {
        return faults.push(Fault::of_line(1, why));
    }
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(separator(body, columns))
        .has_headers(false)
        .flexible(true)
        .from_reader(body);
    let mut lines = Lines { text: body, at: 0, line: 1 };
    let mut record = csv::ByteRecord::new();
    let mut header: Option<Header<N>> = None;
    for row in 1.. {
        match reader.read_byte_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            // Bytes in memory cannot fail to be read, and rows may have any length.
            Err(e) => return faults.push(Fault::of_line(lines.line, e.to_string())),
        }
        let begins = record.position().map_or(0, csv::Position::byte);
        let line = lines.of_row_at(usize::try_from(begins).unwrap_or(usize::MAX));
        if row % ROWS_PER_TICK == 0 {
            progress(lines.at);
        }
        // A spreadsheet's empty row is ",,,".
        if record.iter().all(|field| field.trim_ascii().is_empty()) {
            continue;
        }
        let Ok(text) = csv::StringRecord::from_byte_record(record.clone()) else {
            faults.push(Fault::of_line(
                line,
                "not UTF-8 text; save the file as \"CSV UTF-8\" in the spreadsheet program",
            ));
            if header.is_none() { return } else { continue }
        };
        match &header {
            None => match Header::read(&text, columns, may_lack) {
                Ok(found) => header = Some(found),
                Err(whys) => {
                    return faults.extend(whys.into_iter().map(|why| Fault::of_line(line, why)));
                }
            },
            Some(header) => match header.fields(&text) {
                Ok(fields) => each(line, fields, faults),
                Err(why) => faults.push(Fault::of_line(line, why)),
            },
        }
    }
    if header.is_none() {
        faults
            .push(Fault::of_line(1, format!("the file is empty; {}", expected(columns, may_lack))));
    }
    progress(file.len());
}

/// Where each wanted column stands in the file.
struct Header<const N: usize> {
    places: [Option<usize>; N],
    width: usize,
}

impl<const N: usize> Header<N> {
    fn read(
        record: &csv::StringRecord,
        columns: &[&'static str; N],
        may_lack: &[&'static str],
    ) -> Result<Self, Vec<String>> {
        let expected = || expected(columns, may_lack);
        let names: Vec<String> = record.iter().map(|n| n.trim().to_lowercase()).collect();
        let places = columns.map(|column| names.iter().position(|name| name == column));
        if places.iter().flatten().count() == 0 {
            return Err(vec![format!("this is not a header; {}", expected())]);
        }
        let mut whys = Vec::new();
        let missing = columns.iter().zip(&places).filter(|(_, at)| at.is_none()).map(|(c, _)| *c);
        let missing: Vec<_> = missing.filter(|column| !may_lack.contains(column)).collect();
        if !missing.is_empty() {
            whys.push(format!("missing in the header: {}", missing.join(", ")));
        }
        for (at, name) in names.iter().enumerate() {
            if !columns.contains(&name.as_str()) {
                whys.push(format!(
                    "unknown in the header: {}; {}",
                    shown(name, at + 1),
                    expected()
                ));
            } else if names[..at].contains(name) {
                whys.push(format!("twice in the header: {name}"));
            }
        }
        if whys.is_empty() { Ok(Self { places, width: names.len() }) } else { Err(whys) }
    }

    fn fields<'r>(&self, record: &'r csv::StringRecord) -> Result<[Option<&'r str>; N], String> {
        if record.len() != self.width {
            let quote = if record.iter().any(|field| field.contains('\n')) {
                "; is a closing quotation mark missing?"
            } else {
                ""
            };
            let (found, width) = (record.len(), self.width);
            return Err(format!("{found} fields, but the header has {width}{quote}"));
        }
        let field = |at: usize| record.get(at).unwrap_or_default().trim();
        Ok(self.places.map(|at| at.map(field)))
    }
}

/// A name from a header, shown only when it looks like one: a file without a header has a
/// person's details there (R14).
fn shown(name: &str, number: usize) -> String {
    let looks_like_a_name =
        (1..=30).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    if looks_like_a_name { name.to_owned() } else { format!("column {number}") }
}

fn expected(columns: &[&str], may_lack: &[&str]) -> String {
    let needed = columns.iter().filter(|column| !may_lack.contains(column));
    format!("the first line must be: {}", needed.copied().collect::<Vec<_>>().join(","))
}

fn without_byte_order_mark(file: &[u8]) -> &[u8] {
    file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file)
}

fn is_text(body: &[u8]) -> Result<(), &'static str> {
    if body.starts_with(b"\xff\xfe") || body.starts_with(b"\xfe\xff") {
        return Err("this is UTF-16; save the file as \"CSV UTF-8\" in the spreadsheet program");
    }
    if body.starts_with(b"PK\x03\x04") {
        return Err("this is a spreadsheet or a zip file; save it as \"CSV UTF-8\" first");
    }
    Ok(())
}

/// Comma, semicolon (what a Dutch spreadsheet program saves) or tab: whichever divides the first
/// line into the most names that are known.
fn separator(body: &[u8], columns: &[&str]) -> u8 {
    let first = body.split(|b| matches!(b, b'\n' | b'\r')).find(|line| !line.is_empty());
    let known = |separator: u8| {
        let names = first.unwrap_or_default().split(|b| *b == separator);
        names
            .filter(|name| {
                let name = name.trim_ascii();
                let name = name.strip_prefix(b"\"").unwrap_or(name);
                let name = name.strip_suffix(b"\"").unwrap_or(name).trim_ascii();
                columns.iter().any(|column| name.eq_ignore_ascii_case(column.as_bytes()))
            })
            .count()
    };
    let mut best = b',';
    for other in [b';', b'\t'] {
        if known(other) > known(best) {
            best = other;
        }
    }
    best
}

/// Counts lines up to where a row begins: `\n`, `\r\n` or `\r`, also inside quotes.
struct Lines<'a> {
    text: &'a [u8],
    at: usize,
    line: u64,
}

impl Lines<'_> {
    /// The line of the row that the reader found from byte `begins` on: empty lines before it,
    /// and the second half of `\r\n`, are skipped by the reader without a word.
    fn of_row_at(&mut self, begins: usize) -> u64 {
        while let Some(byte) = self.text.get(self.at) {
            let is_break = matches!(byte, b'\n' | b'\r');
            if self.at >= begins && !is_break {
                break;
            }
            let first_half_of_two = *byte == b'\r' && self.text.get(self.at + 1) == Some(&b'\n');
            if is_break && !first_half_of_two {
                self.line += 1;
            }
            self.at += 1;
        }
        self.line
    }
}
