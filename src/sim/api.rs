//! The provider's REST interface as values: what can be ordered or asked, and what is answered.
//!
//! `rest` puts it behind HTTP; a test may call [`super::network::Network::rest`] itself.

use serde_json::{Value, json};

/// One call of the REST interface.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RestCall {
    /// `POST Calls.json`
    CreateCall(Fields),
    /// `POST Calls/{sid}.json`
    UpdateCall {
        /// Which leg.
        sid: String,
        /// What to change.
        fields: Fields,
    },
    /// `GET Calls/{sid}.json`
    FetchCall {
        /// Which leg.
        sid: String,
    },
    /// `GET Calls.json`; filters on `To`, `From`, `Status` and `ParentCallSid` are understood.
    ListCalls(Fields),
    /// `GET Recordings/{sid}.json`
    FetchRecording {
        /// Which recording.
        sid: String,
    },
    /// `GET Recordings/{sid}` or `.wav`
    FetchSound {
        /// Which recording.
        sid: String,
    },
    /// `DELETE Recordings/{sid}` or `.json`
    DeleteRecording {
        /// Which recording.
        sid: String,
    },
}

/// Form or query fields; `Debug` shows only their names (R14).
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Fields(pub Vec<(String, String)>);

impl Fields {
    /// The first value of a field.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// Every value of a field.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(n, _)| n == name).map(|(_, value)| value.as_str())
    }
}

impl std::fmt::Debug for Fields {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}

/// What the REST interface answers.
#[derive(Debug, Clone, PartialEq)]
pub struct RestAnswer {
    /// HTTP status.
    pub status: u16,
    /// What comes with it.
    pub body: RestBody,
    /// `Retry-After`, seconds.
    pub retry_after: Option<u32>,
}

/// What comes with a REST answer.
#[derive(Debug, Clone, PartialEq)]
pub enum RestBody {
    /// Nothing.
    Empty,
    /// `application/json`
    Json(Value),
    /// `audio/x-wav`
    Sound(Vec<u8>),
}

impl RestAnswer {
    pub(super) fn with(status: u16, body: RestBody) -> Self {
        Self { status, body, retry_after: None }
    }

    pub(super) fn json(status: u16, value: Value) -> Self {
        Self::with(status, RestBody::Json(value))
    }

    /// A refusal, in the provider's form.
    pub fn error(status: u16, code: u32, message: &str) -> Self {
        Self::json(
            status,
            json!({
                "code": code,
                "message": message,
                "more_info": format!("https://www.twilio.com/docs/errors/{code}"),
                "status": status,
            }),
        )
    }

    pub(super) fn not_found() -> Self {
        Self::error(404, 20404, "The requested resource was not found")
    }
}
