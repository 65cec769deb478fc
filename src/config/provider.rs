//! `[provider]`: which telephony provider, its account and its secrets.

use std::path::Path;

use super::address::{self, Address};
use super::table::{Found, Table};
use super::{Secret, Surroundings};

/// The providers whose dialect the exchange speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ProviderKind {
    /// Twilio, and the simulated carrier.
    Twilio,
    /// SignalWire's compatibility interface (cXML).
    SignalWire,
    /// Telnyx's TeXML.
    Telnyx,
}

/// The telephony provider, with its secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provider {
    /// Whose dialect.
    pub kind: ProviderKind,
    /// The account (SignalWire: project) id.
    pub account: String,
    /// Telnyx: the TeXML application that calls are placed with. Elsewhere `None`.
    pub application: Option<String>,
    /// What REST requests are authorised with.
    pub auth_token: Secret,
    /// What webhooks are signed with, one or two; with two either is good, while they are being
    /// changed. Twilio signs with the auth token itself.
    pub webhook_keys: Vec<Secret>,
    /// Most calls that the exchange places in a second, 1 to 100.
    pub calls_per_second: u32,
    /// Where REST requests go, without a slash at the end: `https://api.twilio.com`.
    pub api_base: String,
}

impl ProviderKind {
    /// As in the configuration: `twilio`, `signalwire`, `telnyx`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Twilio => "twilio",
            Self::SignalWire => "signalwire",
            Self::Telnyx => "telnyx",
        }
    }

    fn default_api_base(self) -> Option<&'static str> {
        match self {
            Self::Twilio => Some("https://api.twilio.com"),
            Self::Telnyx => Some("https://api.telnyx.com"),
            // Every customer has a space, and so an address, of their own.
            Self::SignalWire => None,
        }
    }
}

/// Reads the table. Where requests go is told apart, also when the rest has faults, because other
/// settings depend on it.
pub(super) fn read(
    table: &Table<'_>,
    around: &Surroundings<'_>,
) -> (Option<Provider>, Option<Address>) {
    let kind = table.required_text("kind", "\"twilio\", \"signalwire\" or \"telnyx\"");
    let kind = kind.and_then(|written| read_kind(table, &written));
    let api_base = read_api_base(table, kind);
    (read_provider(table, around, kind, api_base.as_ref()), api_base)
}

fn read_provider(
    table: &Table<'_>,
    around: &Surroundings<'_>,
    kind: Option<ProviderKind>,
    api_base: Option<&Address>,
) -> Option<Provider> {
    let account = table.required_text("account", "the account id that the provider gave you");
    let account = account.filter(|written| account_fits(table, written, kind, api_base));
    let application = table.text("application");
    if kind == Some(ProviderKind::Telnyx) && application.is_none() {
        table.missing("application is missing: the id of your TeXML application at Telnyx");
    }
    let calls_per_second = table.count("calls_per_second", 1..=100, 1);
    let secrets = Secrets { table, around };
    let auth_token = secrets.required("auth_token", "the provider's auth token (or API key)");
    let webhook_keys = match kind {
        Some(ProviderKind::SignalWire | ProviderKind::Telnyx) => {
            secrets.refuse_other("second_auth_token", "second_webhook_key");
            let key = secrets.required("webhook_key", "what the provider signs its webhooks with");
            let second = secrets.optional("second_webhook_key");
            key.map(|key| [Some(key), second].into_iter().flatten().collect())
        }
        Some(ProviderKind::Twilio) | None => {
            secrets.refuse_other("webhook_key", "auth_token");
            secrets.refuse_other("second_webhook_key", "second_auth_token");
            let second = secrets.optional("second_auth_token");
            auth_token.clone().map(|token| [Some(token), second].into_iter().flatten().collect())
        }
    };
    table.finish();
    Some(Provider {
        kind: kind?,
        account: account?.value,
        application: application.map(|written| written.value),
        auth_token: auth_token?,
        webhook_keys: webhook_keys?,
        calls_per_second,
        api_base: api_base?.text.clone(),
    })
}

fn read_kind(table: &Table<'_>, written: &Found<String>) -> Option<ProviderKind> {
    let kind = match written.value.as_str() {
        "twilio" => ProviderKind::Twilio,
        "signalwire" => ProviderKind::SignalWire,
        "telnyx" => ProviderKind::Telnyx,
        "somleng" => {
            let text = "somleng cannot be used: it ignores the question that a neighbour hears \
                        before being connected, so that voicemail would be put through; choose \
                        twilio, signalwire or telnyx";
            table.fault(written.line, text);
            return None;
        }
        _ => {
            table.fault(written.line, "kind is \"twilio\", \"signalwire\" or \"telnyx\"");
            return None;
        }
    };
    Some(kind)
}

fn read_api_base(table: &Table<'_>, kind: Option<ProviderKind>) -> Option<Address> {
    if let Some(written) = table.text("api_base") {
        return address::api_base(table, &written);
    }
    let default = kind?.default_api_base();
    if default.is_none() && !table.has("api_base") {
        table.missing("api_base is missing: \"https://\", your space, \".signalwire.com\"");
    }
    Some(Address { text: default?.to_owned(), loopback: false })
}

/// A real account id has a form; a simulated carrier takes anything printable.
fn account_fits(
    table: &Table<'_>,
    written: &Found<String>,
    kind: Option<ProviderKind>,
    api_base: Option<&Address>,
) -> bool {
    let id = written.value.as_str();
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_.:".contains(&b);
    if id.is_empty() || id.len() > 64 || !id.bytes().all(plain) {
        table.fault(written.line, "account is 1 to 64 letters, digits and hyphens");
        return false;
    }
    if api_base.is_none_or(|base| base.loopback) || kind != Some(ProviderKind::Twilio) {
        return true;
    }
    let hex = id.strip_prefix("AC").filter(|hex| hex.len() == 32);
    if !hex.is_some_and(|hex| hex.bytes().all(|b| b.is_ascii_hexdigit())) {
        table.fault(written.line, "a Twilio account is AC and 32 characters 0-9 and a-f");
        return false;
    }
    if id.bytes().skip(2).all(|b| b == b'0') {
        table.fault(written.line, "account is still the example; copy yours from the provider");
        return false;
    }
    true
}

/// Secrets by name: `NAME_env` or `NAME_file`, never `NAME` itself.
struct Secrets<'a> {
    table: &'a Table<'a>,
    around: &'a Surroundings<'a>,
}

impl Secrets<'_> {
    fn required(&self, name: &str, what: &str) -> Option<Secret> {
        let written =
            ["", "_env", "_file"].iter().any(|end| self.table.has(&format!("{name}{end}")));
        if !written {
            let text = format!(
                "{name}_env is missing: {what}; name the environment variable that holds it, or \
                 with {name}_file a file"
            );
            self.table.missing(text);
        }
        self.optional(name)
    }

    fn optional(&self, name: &str) -> Option<Secret> {
        let table = self.table;
        if let Some(key) = table.keys().find(|key| key.value == name) {
            // Asked for, so that it is not reported as unknown as well.
            let _ = table.text(name);
            let text = format!(
                "{name} may not stand in this file: put it in an environment variable and write \
                 {name}_env = \"NAME_OF_IT\", or in a file and write {name}_file"
            );
            table.fault(key.line, text);
        }
        let by_variable = table.text(&format!("{name}_env"));
        let by_file = table.text(&format!("{name}_file"));
        match (by_variable, by_file) {
            (Some(variable), None) => self.in_environment(name, &variable),
            (None, Some(file)) => self.in_file(name, &file),
            (Some(_), Some(file)) => {
                table.fault(file.line, format!("write {name}_env or {name}_file, not both"));
                None
            }
            (None, None) => None,
        }
    }

    /// Reports settings that this provider does not have, and says which one it has.
    fn refuse_other(&self, name: &str, instead: &str) {
        for end in ["_env", "_file"] {
            if let Some(written) = self.table.text(&format!("{name}{end}")) {
                let text = format!("this provider has no {name}{end}; use {instead}{end}");
                self.table.fault(written.line, text);
            }
        }
    }

    fn in_environment(&self, name: &str, variable: &Found<String>) -> Option<Secret> {
        let shown = variable.value.as_str();
        let fits = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_';
        // A token pasted here by mistake must not be repeated on a screen.
        if shown.is_empty() || shown.len() > 64 || !shown.bytes().all(fits) {
            let text = format!(
                "{name}_env is the name of an environment variable, in capitals, not the secret \
                 itself"
            );
            self.table.fault(variable.line, text);
            return None;
        }
        let secret = (self.around.environment)(shown).filter(|text| !text.trim().is_empty());
        if secret.is_none() {
            let text = format!("the environment variable {shown} is not set; set it to the secret");
            self.table.fault(variable.line, text);
        }
        secret.map(|text| Secret::new(text.trim()))
    }

    fn in_file(&self, name: &str, file: &Found<String>) -> Option<Secret> {
        match (self.around.read_file)(Path::new(&file.value)) {
            Ok(text) if !text.trim().is_empty() => Some(Secret::new(text.trim())),
            Ok(_) => {
                self.table.fault(file.line, format!("{name}_file names an empty file"));
                None
            }
            Err(e) => {
                let text =
                    format!("{name}_file cannot be read: {}; check its name and rights", e.kind());
                self.table.fault(file.line, text);
                None
            }
        }
    }
}
