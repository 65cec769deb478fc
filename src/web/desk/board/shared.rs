//! The board as it is for everybody who watches: read once, written once in each language.
//!
//! A commit says only that something has changed. One reading follows it, a moment later so that
//! several share it; what came out differently is written anew and gets a new number. Each console
//! then takes what it may see and has not had yet. Nobody watching: nothing is read.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::{Mutex, watch};

use super::row::{self, Around, Item, Parts};
use super::state::{self, Kind};
use crate::domain::{Language, Phone, Postcode, Timestamp};
use crate::exchange::{Exchange, Onlooker};
use crate::store::PromisesOpen;
use crate::web::desk::Fault;

/// How long a reading waits for commits that come together. Nobody sees less.
const TOGETHER: Duration = Duration::from_millis(25);
/// How often the board is read when nothing is committed: a promise may have come due, a desk have
/// opened.
const NOW_AND_THEN: Duration = Duration::from_secs(15);

/// What is on the board at one moment.
#[derive(Debug, Clone)]
pub(super) struct Snapshot {
    /// Tells this process's numbers from another's.
    pub(super) epoch: i64,
    /// The number of this reading.
    pub(super) number: u64,
    pub(super) now: Timestamp,
    /// In the order of the page.
    pub(super) rows: Vec<Arc<Written>>,
    pub(super) promises: Vec<PromisesOpen>,
    /// Lines whose desk takes calls now.
    pub(super) desks_open: Vec<Phone>,
    pub(super) provider_trouble: Option<Timestamp>,
}

/// A row, written.
#[derive(Debug)]
pub(super) struct Written {
    pub(super) id: String,
    pub(super) line: Phone,
    pub(super) postcode: Option<Postcode>,
    pub(super) kind: Kind,
    pub(super) item: Item,
    /// In the order of [`Language::ALL`].
    texts: [Parts; 2],
    /// The reading that each part of each text is from.
    numbers: [[u64; 3]; 2],
    /// The reading that the row is from.
    pub(super) born: u64,
}

impl Written {
    /// The parts in this language.
    pub(super) fn parts(&self, language: Language) -> &Parts {
        &self.texts[at(language)]
    }

    /// Parts that changed after reading `number`: by name.
    pub(super) fn since(
        &self,
        number: u64,
        language: Language,
    ) -> impl Iterator<Item = (&'static str, &str)> {
        let numbers = self.numbers[at(language)];
        let parts = Parts::NAMES.into_iter().zip(self.parts(language).each()).zip(numbers);
        parts.filter(move |(_, from)| *from > number).map(|(part, _)| part)
    }
}

fn at(language: Language) -> usize {
    usize::from(language == Language::En)
}

/// The board.
pub struct Board {
    exchange: Arc<Exchange>,
    latest: watch::Sender<Arc<Snapshot>>,
    onlooker: Mutex<Onlooker>,
    watching: AtomicBool,
}

impl Board {
    /// A board on this exchange. It reads nothing until somebody looks.
    pub fn on(exchange: Arc<Exchange>) -> Self {
        let now = exchange.now();
        let nothing = Snapshot {
            epoch: now.0,
            number: 0,
            now,
            rows: Vec::new(),
            promises: Vec::new(),
            desks_open: Vec::new(),
            provider_trouble: None,
        };
        Self {
            exchange,
            latest: watch::Sender::new(Arc::new(nothing)),
            onlooker: Mutex::default(),
            watching: AtomicBool::new(false),
        }
    }

    /// The board at this moment.
    pub(super) async fn now(&self) -> Result<Arc<Snapshot>, Fault> {
        self.read().await?;
        Ok(Arc::clone(&self.latest.borrow()))
    }

    /// The board from now on, as it changes.
    pub(super) fn listen(self: &Arc<Self>) -> watch::Receiver<Arc<Snapshot>> {
        let listener = self.latest.subscribe();
        if !self.watching.swap(true, Ordering::AcqRel) {
            tokio::spawn(Arc::clone(self).watch());
        }
        listener
    }

    /// Watches as long as anybody listens.
    async fn watch(self: Arc<Self>) {
        let mut commits = self.exchange.feed().listen();
        loop {
            commits.mark_unchanged();
            if let Err(fault) = self.read().await {
                tracing::warn!(%fault, "board.not_read");
            }
            let next = self.next_look().await;
            tokio::select! {
                _ = commits.changed() => tokio::time::sleep(TOGETHER).await,
                () = tokio::time::sleep(next) => {}
                () = self.latest.closed() => {
                    self.watching.store(false, Ordering::Release);
                    // Somebody may have come just now, and found it watched.
                    if self.latest.receiver_count() == 0
                        || self.watching.swap(true, Ordering::AcqRel)
                    {
                        return;
                    }
                }
            }
        }
    }

    async fn next_look(&self) -> Duration {
        let change = self.onlooker.lock().await.next_change();
        let wait = change.map(|at| at.since(self.exchange.now()) + Duration::from_millis(1));
        wait.map_or(NOW_AND_THEN, |wait| wait.min(NOW_AND_THEN))
    }

    /// Reads everything, and writes what has changed.
    async fn read(&self) -> Result<(), Fault> {
        let mut onlooker = self.onlooker.lock().await;
        let seen = self.exchange.look(&mut onlooker).await?;
        let calls = seen.calls.into_iter().map(|(call, heard)| Item::Call(call, heard));
        let items = calls.chain(seen.in_background.into_iter().map(Item::Background));
        let before = Arc::clone(&self.latest.borrow());
        let number = before.number + 1;
        let known: HashMap<&str, &Arc<Written>> =
            before.rows.iter().map(|row| (row.id.as_str(), row)).collect();
        let rows = items.map(|item| {
            let known = known.get(item.id().as_str()).copied();
            match known {
                Some(same) if same.item == item => Ok(Arc::clone(same)),
                known => Ok(Arc::new(self.written(item, known, number)?)),
            }
        });
        let rows = rows.collect::<Result<_, Fault>>()?;
        self.latest.send_replace(Arc::new(Snapshot {
            epoch: before.epoch,
            number,
            now: seen.now,
            rows,
            promises: seen.promises,
            desks_open: seen.desks_open,
            provider_trouble: seen.provider_trouble,
        }));
        Ok(())
    }

    fn written(
        &self,
        item: Item,
        before: Option<&Arc<Written>>,
        number: u64,
    ) -> Result<Written, Fault> {
        let context = self.exchange.context();
        let flows = context.flows.current();
        let write = |language| {
            let around = Around { lines: &context.lines, catalogue: flows.catalogue(), language };
            row::parts(&item, around)
        };
        let [nl, en] = Language::ALL.map(write);
        let texts = [nl?, en?];
        let mut numbers = [[number; 3]; 2];
        if let Some(before) = before {
            for (language, text) in texts.iter().enumerate() {
                let (old, new) = (before.texts[language].each(), text.each());
                for part in (0..new.len()).filter(|part| old[*part] == new[*part]) {
                    numbers[language][part] = before.numbers[language][part];
                }
            }
        }
        Ok(Written {
            id: item.id(),
            line: item.line().clone(),
            postcode: item.postcode(),
            kind: state::state(&item, Language::default()).kind,
            item,
            texts,
            numbers,
            born: before.map_or(number, |row| row.born),
        })
    }
}
