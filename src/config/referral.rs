//! `[[referral]]`: organisations that help where neighbours cannot.

use super::table::{Found, Table};
use crate::domain::{Referral, ServiceId};

/// Longest name, in characters: it is spoken.
const LONGEST_NAME: usize = 60;
/// Digits of a number that people dial: 112 is not for this, 14070 is.
const DIGITS: std::ops::RangeInclusive<usize> = 4..=11;

/// Reads every organisation; those with a fault are left out.
pub(super) fn read_all(root: &Table<'_>, services: Option<&[ServiceId]>) -> Vec<Referral> {
    let mut names: Vec<String> = Vec::new();
    let tables = root.tables("referral");
    let read = tables.iter().filter_map(|table| {
        let name = read_name(table, &mut names);
        let read = Referral {
            services: read_services(table, services),
            number: table.text("number").and_then(|written| read_number(table, &written)),
            name: name.clone().unwrap_or_default(),
        };
        table.finish();
        name.map(|_| read)
    });
    read.collect()
}

fn read_name(table: &Table<'_>, names: &mut Vec<String>) -> Option<String> {
    let written = table.required_text("name", "what the organisation is called")?;
    let name = written.value.trim().to_owned();
    let fits = (1..=LONGEST_NAME).contains(&name.chars().count())
        && !name.chars().any(|c| c.is_control() || "<>&{}".contains(c));
    if !fits {
        let text = format!("name is 1 to {LONGEST_NAME} characters, without < > & {{ }}");
        table.fault(written.line, text);
        return None;
    }
    if names.contains(&name) {
        table.fault(written.line, format!("there are two [[referral]] called {name}"));
        return None;
    }
    names.push(name.clone());
    Some(name)
}

fn read_services(table: &Table<'_>, catalogue: Option<&[ServiceId]>) -> Vec<ServiceId> {
    let mut services = Vec::new();
    for written in table.texts("services").map(|list| list.value).unwrap_or_default() {
        match ServiceId::parse(&written.value) {
            Ok(id) if catalogue.is_some_and(|known| !known.contains(&id)) => {
                table.fault(written.line, format!("there is no service {id} in the catalogue"));
            }
            Ok(id) if services.contains(&id) => {
                table.fault(written.line, format!("services has {id} twice"));
            }
            Ok(id) => services.push(id),
            Err(why) => table.fault(written.line, format!("services: {why}")),
        }
    }
    services
}

/// As people dial it: digits, with blanks or hyphens between them.
fn read_number(table: &Table<'_>, written: &Found<String>) -> Option<String> {
    let digits: String = written.value.chars().filter(|c| !" -".contains(*c)).collect();
    let fits = DIGITS.contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    if !fits {
        let text = "number is what people dial, like \"070-3531234\" or \"14070\"; leave it out \
                    when there is none";
        table.fault(written.line, text);
    }
    fits.then_some(digits)
}
