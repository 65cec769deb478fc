//! Figures for Prometheus, as typed calls. A label is a word of a closed set, never free text.

use std::fmt;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::{Family, MetricConstructor};
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};
use serde::{Deserialize, Serialize};

use crate::dispatch::{AttemptResult, Outcome};

/// Upper edges for answering a webhook and for a commit, seconds: 0.1 ms is about one fsync on a
/// fast disk, the provider gives up after 15 s.
const SECONDS: [f64; 14] =
    [0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 5.0, 15.0];

/// Upper edges for how many writes shared a commit; the store takes at most 256 together.
const BATCH: [f64; 9] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0];

/// How somebody is searched for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SearchKind {
    /// A neighbour, while the caller waits.
    Live,
    /// A neighbour; the caller is called back.
    Background,
    /// Somebody at the desk.
    Desk,
}

/// Which webhook was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum WebhookKind {
    /// A call comes in.
    Incoming,
    /// The caller's leg asks what comes next.
    Step,
    /// A neighbour's or desk's leg is screened.
    Screening,
    /// A report of how a leg goes.
    Status,
    /// A report of a recording.
    Recording,
    /// The provider's last resort.
    Fallback,
    /// An address that was never handed out.
    Unknown,
}

/// What was asked of the provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ProviderRequest {
    /// Place a call.
    Place,
    /// Give a leg other instructions.
    Redirect,
    /// End a leg.
    HangUp,
    /// Look a leg up.
    LookUp,
    /// Fetch a recording.
    FetchRecording,
    /// Delete a recording.
    DeleteRecording,
}

/// How a call ended that the exchange placed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlacedResult {
    /// It was picked up, and is over.
    Completed,
    /// It rang out.
    NoAnswer,
    /// Engaged, or declined on the handset.
    Busy,
    /// The network did not reach the number.
    Failed,
    /// The exchange no longer wanted it.
    Canceled,
    /// The provider says that the number cannot be rung.
    BadNumber,
    /// The provider refused it for another reason.
    Refused,
    /// It could not be placed while it was still of use.
    TooLate,
    /// The number may not be rung (R12).
    NotAllowed,
}

/// How the provider answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ProviderAnswer {
    /// Done.
    Done,
    /// Refused for good.
    Refused,
    /// Too busy, or not there yet: asked again later.
    Later,
    /// No answer, or an error: what happened is not known.
    Unknown,
}

/// Every figure of one process. Cheap to share by reference; no method waits.
pub struct Metrics {
    registry: Registry,
    webhooks: Family<Webhook, Counter>,
    webhook_seconds: Family<Kind, Histogram, Edges>,
    live_calls: Gauge,
    searches: Family<Ended, Counter>,
    attempts: Family<Decided, Counter>,
    commit_seconds: Histogram,
    commit_writes: Histogram,
    writes_refused: Counter,
    outbox_waiting: Gauge,
    outbox_age: Gauge<f64, AtomicU64>,
    placed: Family<Placed, Counter>,
    provider_trouble: Gauge<f64, AtomicU64>,
    provider_requests: Family<Request, Counter>,
    timers_fired: Counter,
    promises_overdue: Gauge,
    promises_open: Gauge,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Webhook {
    kind: Word,
    status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Kind {
    kind: Word,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Ended {
    kind: Word,
    outcome: Word,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Decided {
    result: Word,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Placed {
    result: Word,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Request {
    request: Word,
    answer: Word,
}

/// The stored word of a value of a closed set, as it also stands in the database.
type Word = String;

fn word(value: impl Serialize + fmt::Debug) -> Word {
    match serde_json::to_value(&value) {
        Ok(serde_json::Value::String(word)) => word,
        // Only enums without fields come here; their name is the next best.
        _ => format!("{value:?}"),
    }
}

#[derive(Clone, Copy)]
struct Edges;

impl MetricConstructor<Histogram> for Edges {
    fn new_metric(&self) -> Histogram {
        Histogram::new(SECONDS)
    }
}

impl Metrics {
    /// The media type of [`Metrics::encode`].
    pub const CONTENT_TYPE: &'static str =
        "application/openmetrics-text; version=1.0.0; charset=utf-8";

    /// Every figure at zero.
    pub fn new() -> Self {
        let mut metrics = Self {
            registry: Registry::with_prefix("burenhulp"),
            webhooks: Family::default(),
            webhook_seconds: Family::new_with_constructor(Edges),
            live_calls: Gauge::default(),
            searches: Family::default(),
            attempts: Family::default(),
            commit_seconds: Histogram::new(SECONDS),
            commit_writes: Histogram::new(BATCH),
            writes_refused: Counter::default(),
            outbox_waiting: Gauge::default(),
            outbox_age: Gauge::default(),
            placed: Family::default(),
            provider_trouble: Gauge::default(),
            provider_requests: Family::default(),
            timers_fired: Counter::default(),
            promises_overdue: Gauge::default(),
            promises_open: Gauge::default(),
        };
        metrics.register();
        metrics
    }

    /// A webhook was answered with this HTTP status, after so long.
    pub fn webhook(&self, kind: WebhookKind, status: u16, took: Duration) {
        let kind = word(kind);
        self.webhook_seconds
            .get_or_create(&Kind { kind: kind.clone() })
            .observe(took.as_secs_f64());
        self.webhooks.get_or_create(&Webhook { kind, status }).inc();
    }

    /// Calls that are under way now.
    pub fn set_live_calls(&self, calls: usize) {
        set(&self.live_calls, calls);
    }

    /// A search ended.
    pub fn search_ended(&self, kind: SearchKind, outcome: Outcome) {
        let ended = Ended { kind: word(kind), outcome: word(outcome) };
        self.searches.get_or_create(&ended).inc();
    }

    /// An attempt was decided.
    pub fn attempt_decided(&self, result: AttemptResult) {
        self.attempts.get_or_create(&Decided { result: word(result) }).inc();
    }

    /// The store committed so many writes together, in so long.
    pub fn commit(&self, writes: usize, took: Duration) {
        self.commit_seconds.observe(took.as_secs_f64());
        // Exact up to 2^53; a batch has at most some hundreds.
        self.commit_writes.observe(writes as f64);
    }

    /// The store's queue was full and a write was refused.
    pub fn write_refused(&self) {
        self.writes_refused.inc();
    }

    /// Requests to the provider that wait to be made.
    pub fn set_outbox_waiting(&self, requests: usize) {
        set(&self.outbox_waiting, requests);
    }

    /// How long the request to the provider that is longest overdue has waited.
    pub fn set_outbox_age(&self, age: Duration) {
        self.outbox_age.set(age.as_secs_f64());
    }

    /// A call that the exchange placed is over.
    pub fn placed_ended(&self, result: PlacedResult) {
        self.placed.get_or_create(&Placed { result: word(result) }).inc();
    }

    /// For how long the provider has done nothing that it was asked; zero while it does.
    pub fn set_provider_trouble(&self, since: Duration) {
        self.provider_trouble.set(since.as_secs_f64());
    }

    /// The provider was asked something and answered.
    pub fn provider_request(&self, request: ProviderRequest, answer: ProviderAnswer) {
        let labels = Request { request: word(request), answer: word(answer) };
        self.provider_requests.get_or_create(&labels).inc();
    }

    /// A timer of a search came due.
    pub fn timer_fired(&self) {
        self.timers_fired.inc();
    }

    /// Promises whose time has passed.
    pub fn set_promises_overdue(&self, promises: usize) {
        set(&self.promises_overdue, promises);
    }

    /// Promises that are not kept yet, also those whose time has passed.
    pub fn set_promises_open(&self, promises: usize) {
        set(&self.promises_open, promises);
    }

    /// Everything, in the OpenMetrics text format.
    pub fn encode(&self) -> String {
        let mut text = String::new();
        encode(&mut text, &self.registry).expect("writing to a string cannot fail");
        text
    }

    fn register(&mut self) {
        let r = &mut self.registry;
        r.register("webhooks", "Webhooks answered", self.webhooks.clone());
        let help = "Time to answer a webhook, commit included";
        r.register_with_unit("webhook", help, Unit::Seconds, self.webhook_seconds.clone());
        r.register("live_calls", "Calls under way", self.live_calls.clone());
        r.register("searches", "Searches ended, by outcome", self.searches.clone());
        r.register("attempts", "Neighbours rung, by result", self.attempts.clone());
        let help = "Time of a commit, fsync included";
        r.register_with_unit("commit", help, Unit::Seconds, self.commit_seconds.clone());
        r.register("commit_writes", "Writes that shared a commit", self.commit_writes.clone());
        let help = "Writes refused because too many waited";
        r.register("writes_refused", help, self.writes_refused.clone());
        let help = "Requests to the provider that wait to be made";
        r.register("outbox_waiting", help, self.outbox_waiting.clone());
        let help = "Age of the request to the provider that is longest overdue";
        r.register_with_unit("outbox_age", help, Unit::Seconds, self.outbox_age.clone());
        r.register("placed", "Calls placed by the exchange, by result", self.placed.clone());
        let help = "Time since the provider last did what it was asked; 0 while it does";
        r.register_with_unit(
            "provider_trouble",
            help,
            Unit::Seconds,
            self.provider_trouble.clone(),
        );
        let help = "Requests to the provider, by answer";
        r.register("provider_requests", help, self.provider_requests.clone());
        r.register("timers_fired", "Timers of searches that came due", self.timers_fired.clone());
        let help = "Promises to callers whose time has passed";
        r.register("promises_overdue", help, self.promises_overdue.clone());
        let help = "Promises to callers that are not kept yet";
        r.register("promises_open", help, self.promises_open.clone());
    }
}

fn set(gauge: &Gauge, value: usize) {
    gauge.set(i64::try_from(value).unwrap_or(i64::MAX));
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Metrics")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn has(text: &str, line: &str) {
        assert!(text.lines().any(|l| l == line), "{line} is not in\n{text}");
    }

    #[test]
    fn what_happened_is_counted_by_words_of_closed_sets() {
        let metrics = Metrics::new();
        metrics.webhook(WebhookKind::Incoming, 200, Duration::from_millis(3));
        metrics.webhook(WebhookKind::Incoming, 200, Duration::from_millis(30));
        metrics.webhook(WebhookKind::Screening, 403, Duration::from_micros(100));
        metrics.search_ended(SearchKind::Live, Outcome::UsedUp);
        metrics.attempt_decided(AttemptResult::NoAnswer);
        metrics.attempt_decided(AttemptResult::NoAnswer);
        metrics.provider_request(ProviderRequest::HangUp, ProviderAnswer::Later);
        metrics.timer_fired();
        metrics.write_refused();
        let text = metrics.encode();
        has(&text, "burenhulp_webhooks_total{kind=\"incoming\",status=\"200\"} 2");
        has(&text, "burenhulp_webhooks_total{kind=\"screening\",status=\"403\"} 1");
        has(&text, "burenhulp_webhook_seconds_bucket{le=\"0.005\",kind=\"incoming\"} 1");
        has(&text, "burenhulp_webhook_seconds_count{kind=\"incoming\"} 2");
        has(&text, "burenhulp_searches_total{kind=\"live\",outcome=\"used_up\"} 1");
        has(&text, "burenhulp_attempts_total{result=\"no_answer\"} 2");
        has(&text, "burenhulp_provider_requests_total{request=\"hang_up\",answer=\"later\"} 1");
        has(&text, "burenhulp_timers_fired_total 1");
        has(&text, "burenhulp_writes_refused_total 1");
        assert!(text.ends_with("# EOF\n"));
    }

    #[test]
    fn what_stands_now_is_a_gauge_and_a_commit_tells_its_size() {
        let metrics = Metrics::new();
        metrics.set_live_calls(12);
        metrics.set_live_calls(3);
        metrics.set_outbox_waiting(4);
        metrics.set_outbox_age(Duration::from_millis(1500));
        metrics.placed_ended(PlacedResult::TooLate);
        metrics.set_promises_overdue(1);
        metrics.commit(17, Duration::from_micros(300));
        let text = metrics.encode();
        has(&text, "burenhulp_live_calls 3");
        has(&text, "burenhulp_outbox_waiting 4");
        has(&text, "burenhulp_outbox_age_seconds 1.5");
        has(&text, "burenhulp_placed_total{result=\"too_late\"} 1");
        has(&text, "burenhulp_provider_trouble_seconds 0.0");
        has(&text, "burenhulp_promises_overdue 1");
        has(&text, "burenhulp_commit_writes_bucket{le=\"16.0\"} 0");
        has(&text, "burenhulp_commit_writes_bucket{le=\"32.0\"} 1");
        has(&text, "burenhulp_commit_seconds_bucket{le=\"0.0005\"} 1");
    }
}
