//! A configuration with one line on which everybody can ask for everything.

use std::net::SocketAddr;
use std::path::Path;

/// The number that is dialled.
pub(crate) const LINE: &str = "+31700002586";

/// For a server at this address; nobody answers at its provider's.
pub(crate) fn configuration(postcodes: &[u16], database: &Path, address: SocketAddr) -> String {
    let area: Vec<String> = postcodes.iter().map(|number| format!("\"{number}\"")).collect();
    format!(
        r#"listen = "{address}"
public_url = "http://{address}"
database = "{database}"
numbering = "nl-fixtures"
[provider]
kind = "twilio"
account = "AC00000000000000000000000000000000"
auth_token_env = "TOKEN"
api_base = "http://127.0.0.1:9"
[[line]]
number = "{LINE}"
name = "Burenhulp Scheveningen"
area = [{area}]
languages = ["nl"]
services = ["groceries", "odd-job", "transport", "company"]
office_hours = "Mo-Su 09:00-17:00"
ringing_hours = "Mo-Su 00:00-24:00"
desk = []
"#,
        database = database.display(),
        area = area.join(", "),
    )
}
