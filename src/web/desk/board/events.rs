//! The board as it changes: server-sent events with the parts that are new to this console.

use std::collections::HashSet;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use askama::Template;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::IntoResponse;
use axum::response::sse::{Event, KeepAlive, Sse};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

use super::shared::Snapshot;
use super::summary::Summary;
use super::{served, steers, whole};
use crate::store::StoreError;
use crate::web::App;
use crate::web::desk::fault::Answer;
use crate::web::desk::{Fault, SignedIn};
use crate::web::guard::is_to_be_noted;

/// How often a console that stays open is asked whether its session still holds.
const SESSION_ASKED_EVERY: Duration = Duration::from_secs(5);
/// Where the browser is sent whose session is over, with a page that tells why.
const BOARD: &str = "/loket";

/// `?na=1795510800000-17`: what the page already shows.
#[derive(Deserialize)]
pub(in crate::web::desk) struct From {
    #[serde(default)]
    na: String,
}

/// The reading that a console has seen, as it says itself.
#[derive(Clone, Copy)]
struct Seen {
    epoch: i64,
    number: u64,
}

impl Seen {
    fn parse(text: &str) -> Option<Self> {
        let (epoch, number) = text.split_once('-')?;
        Some(Self { epoch: epoch.parse().ok()?, number: number.parse().ok()? })
    }
}

/// What this console has.
struct Console {
    app: App,
    you: SignedIn,
    seen: Option<Seen>,
    /// Rows that it shows; none before the first event, which settles it.
    here: Option<HashSet<String>>,
    summary: String,
}

/// The board from now on.
pub(in crate::web::desk) async fn events(
    State(app): State<App>,
    you: SignedIn,
    Query(from): Query<From>,
    headers: HeaderMap,
) -> Answer {
    // The first event is of this moment, whoever watched before.
    app.board.now().await?;
    // A browser that lost the connection says what came last.
    let last = headers.get("last-event-id").and_then(|id| id.to_str().ok()).unwrap_or(&from.na);
    let seen = Seen::parse(last);
    let (send, events) = mpsc::channel(1);
    let console = Console { app, you, seen, here: None, summary: String::new() };
    tokio::spawn(console.follow(send));
    let events = Sse::new(ReceiverStream::new(events)).keep_alive(KeepAlive::default());
    Ok(events.into_response())
}

impl Console {
    /// Sends what changes until the browser goes, or the session ends. A slow browser holds up only
    /// itself: it gets the newest state when it is ready for it.
    async fn follow(mut self, send: mpsc::Sender<Result<Event, Infallible>>) {
        let mut board = self.app.board.listen();
        // Whatever it is now: the page may be older.
        board.mark_changed();
        let mut asks = tokio::time::interval(SESSION_ASKED_EVERY);
        loop {
            let event = tokio::select! {
                changed = board.changed() => {
                    if changed.is_err() {
                        return;
                    }
                    let snapshot = Arc::clone(&board.borrow_and_update());
                    match self.news(&snapshot) {
                        Ok(news) => news,
                        Err(fault) => {
                            tracing::error!(%fault, "board.not_written");
                            return;
                        }
                    }
                }
                _ = asks.tick() => match self.still_in().await {
                    true => None,
                    false => {
                        let gone = Event::default().data(json!({ "go": BOARD }).to_string());
                        let _ = send.send(Ok(gone)).await;
                        return;
                    }
                },
                () = send.closed() => return,
            };
            if let Some(event) = event
                && send.send(Ok(event)).await.is_err()
            {
                return;
            }
        }
    }

    /// Whether the session still holds. A board that somebody keeps open is a session in use.
    async fn still_in(&self) -> bool {
        let (hash, limits) = (self.you.session, self.app.desk.limits);
        let (store, now) = (self.app.exchange.store(), self.app.exchange.now());
        let session = match store.read(move |tx| tx.session(hash, limits, now)).await {
            Ok(Some(session)) => session,
            Ok(None) => return false,
            // A database that cannot be read now says nothing about anybody.
            Err(_) => return true,
        };
        if is_to_be_noted(session.seen_at, now) {
            let noted: Result<(), StoreError> =
                store.write(move |tx| tx.session_seen(hash, now)).await;
            if let Err(fault) = noted {
                tracing::warn!(%fault, "board.session_not_noted");
            }
        }
        session.operator == self.you.operator
    }

    /// What is new to this console, if anything is.
    fn news(&mut self, snapshot: &Snapshot) -> Result<Option<Event>, Fault> {
        let mut news = Map::new();
        self.rows(snapshot, &mut news)?;
        let (you, exchange) = (&self.you, &self.app.exchange);
        let summary = Summary::of(snapshot, exchange, &you.operator, you.language).render()?;
        if summary != self.summary {
            news.insert("summary".into(), json!(summary));
            self.summary = summary;
        }
        self.seen = Some(Seen { epoch: snapshot.epoch, number: snapshot.number });
        if news.is_empty() {
            return Ok(None);
        }
        news.insert("now".into(), json!(snapshot.now.0));
        let id = format!("{}-{}", snapshot.epoch, snapshot.number);
        Ok(Some(Event::default().id(id).data(Value::Object(news).to_string())))
    }

    fn rows(&mut self, snapshot: &Snapshot, news: &mut Map<String, Value>) -> Result<(), Fault> {
        let you = &self.you;
        let had = self.seen.filter(|seen| seen.epoch == snapshot.epoch).map(|seen| seen.number);
        let seen = |row: &&Arc<_>| sees(you, row);
        let rows: Vec<_> = snapshot.rows.iter().filter(seen).collect();
        for row in &rows {
            let shows = match &self.here {
                Some(here) => here.contains(&row.id),
                // The page was made at the reading that it names.
                None => had.is_some_and(|number| row.born <= number),
            };
            match had.filter(|_| shows) {
                None => {
                    let html = whole(&self.app, you, row)?;
                    news.insert(format!("rows>{}", row.id), json!(served(&html, snapshot, you)));
                }
                Some(number) => {
                    for (part, html) in row.since(number, you.language) {
                        if part != "acts" || steers(you) {
                            let html = served(html, snapshot, you);
                            news.insert(format!("{}-{part}", row.id), json!(html));
                        }
                    }
                }
            }
        }
        let now: HashSet<String> = rows.iter().map(|row| row.id.clone()).collect();
        match &self.here {
            Some(here) => {
                for gone in here.difference(&now) {
                    news.insert(format!("rows>{gone}"), Value::Null);
                }
            }
            // What the page shows beyond these is over.
            None => {
                news.insert("only".into(), json!({ "rows": now }));
            }
        }
        self.here = Some(now);
        Ok(())
    }
}

fn sees(you: &SignedIn, row: &super::Written) -> bool {
    you.operator.sees(&row.line, row.postcode)
}
