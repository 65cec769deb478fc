//! Log lines on standard error, as text or JSON.
//!
//! Fields have dotted names and carry their unit: `call.id`, `request.id`, `webhook.kind`,
//! `took_ms`. The message can be read without them.

use std::io::IsTerminal;

use tracing::Subscriber;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::util::SubscriberInitExt;

/// The environment variable that says how much is logged: `info`, `debug`,
/// `burenhulp::store=debug,warn` ...
pub const LOG_VARIABLE: &str = "BURENHULP_LOG";

/// How log lines look (`--log-format`).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum LogFormat {
    /// For people: one line of text each, coloured on a terminal.
    #[default]
    Text,
    /// For machines: one JSON object a line.
    Json,
}

/// Logging could not begin.
#[derive(Debug, thiserror::Error)]
pub enum LoggingError {
    /// The filter cannot be read.
    #[error("{LOG_VARIABLE} cannot be read: {0}; write for example info or burenhulp=debug")]
    Filter(String),
    /// It was started before, in this process.
    #[error("logging was started already")]
    Started,
}

/// Begins to log to standard error, once in a process. `filter` is the content of
/// [`LOG_VARIABLE`]; without one, `info` and above.
///
/// # Errors
/// [`LoggingError`] when the filter cannot be read or logging was started before.
pub fn start_logging(format: LogFormat, filter: Option<&str>) -> Result<(), LoggingError> {
    let coloured = format == LogFormat::Text && std::io::stderr().is_terminal();
    subscriber(format, filter, coloured, std::io::stderr)?
        .try_init()
        .map_err(|_| LoggingError::Started)
}

fn subscriber<W>(
    format: LogFormat,
    filter: Option<&str>,
    coloured: bool,
    writer: W,
) -> Result<Box<dyn Subscriber + Send + Sync>, LoggingError>
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    let filter = EnvFilter::builder()
        .with_default_directive(LevelFilter::INFO.into())
        .parse(filter.unwrap_or_default())
        .map_err(|e| LoggingError::Filter(e.to_string()))?;
    let lines =
        tracing_subscriber::fmt().with_env_filter(filter).with_ansi(coloured).with_writer(writer);
    // A line that cannot be written is lost. By default it would be complained of on standard
    // error, which is what cannot be written to: a panic, in the middle of somebody's call.
    let lines = lines.log_internal_errors(false);
    Ok(match format {
        LogFormat::Text => Box::new(lines.finish()),
        LogFormat::Json => Box::new(lines.json().flatten_event(true).finish()),
    })
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::sync::{Arc, Mutex, PoisonError};

    use super::*;
    use crate::domain::{CallId, Numbering, Phone};

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).write(bytes)
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    fn logged(format: LogFormat, filter: Option<&str>) -> String {
        let lines = Lines::default();
        let writer = lines.clone();
        let subscriber = subscriber(format, filter, false, move || writer.clone()).expect("good");
        tracing::subscriber::with_default(subscriber, || {
            let phone = Phone::parse("070 001 00 42", Numbering::NlFixtures).expect("fixture");
            tracing::info!(call.id = %CallId(7), took_ms = 3_u64, who = ?phone, "call answered");
            tracing::debug!("a detail");
        });
        let bytes = lines.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        String::from_utf8(bytes).expect("text")
    }

    #[test]
    fn a_line_can_be_read_and_its_fields_queried() {
        let text = logged(LogFormat::Text, None);
        assert!(text.contains("call answered call.id=7 took_ms=3"), "{text}");
        assert!(!text.contains("a detail"), "info is the default: {text}");
        let json: serde_json::Value =
            serde_json::from_str(&logged(LogFormat::Json, Some(""))).expect("one JSON object");
        assert_eq!(json["message"], "call answered");
        assert_eq!(json["call.id"], "7");
        assert_eq!(json["took_ms"], 3);
    }

    #[test]
    fn r14_a_phone_in_a_log_line_is_masked() {
        for format in [LogFormat::Text, LogFormat::Json] {
            let line = logged(format, None);
            assert!(line.contains("•••"), "{line}");
            assert!(!line.contains("0010042") && !line.contains("700010042"), "{line}");
        }
    }

    #[test]
    fn the_filter_decides_and_a_bad_one_is_told() {
        assert!(logged(LogFormat::Text, Some("debug")).contains("a detail"));
        assert_eq!(logged(LogFormat::Text, Some("error")), "");
        let fault = subscriber(LogFormat::Text, Some("a=b=c"), false, std::io::sink).err();
        let told = fault.expect("a fault").to_string();
        assert!(told.starts_with("BURENHULP_LOG cannot be read"), "{told}");
    }
}
