//! What there is to see at one moment, kept up to date while things happen.
//!
//! The telephones come from the simulated network, the search from the exchange's own store: the
//! picture shows what the exchange wrote down, not what the network thinks of it.

use std::sync::Arc;
use std::time::Duration;

use crate::domain::Timestamp;
use crate::exchange::Exchange;
use crate::sim::leg::LegId;
use crate::sim::live::Stopped;
use crate::sim::stage::Stage;
use crate::store::SearchSeen;
use crate::web::demo::Demo;

/// How often durations on the page grow.
const TICK: Duration = Duration::from_secs(1);

/// Everything that is seen.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Scene {
    /// The telephones.
    pub(super) stage: Stage,
    /// The searches of the caller's last call.
    pub(super) searches: Vec<SearchSeen>,
    /// The moment, on the exchange's clock.
    pub(super) now: Timestamp,
    /// Whether the desk takes calls; the lines of a demo have the same hours.
    pub(super) desk_open: bool,
    /// What was last set on the page.
    pub(super) controls: Controls,
}

/// What is set on the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Controls {
    /// The leg of whoever dialled last.
    pub(super) caller: Option<LegId>,
    /// Neighbours answer by themselves.
    pub(super) habits: bool,
    /// The telephone that somebody wants to go on ringing.
    pub(super) let_ring: Option<LegId>,
}

impl Scene {
    /// Before anything has happened.
    pub(super) fn empty(exchange: &Exchange, controls: Controls) -> Self {
        Self::at_this_moment(exchange, Stage::default(), Vec::new(), controls)
    }

    fn at_this_moment(
        exchange: &Exchange,
        stage: Stage,
        searches: Vec<SearchSeen>,
        controls: Controls,
    ) -> Self {
        let now = exchange.now();
        let desk_open = exchange.context().lines.iter().any(|line| line.office_hours.is_open(now));
        Self { stage, searches, now, desk_open, controls }
    }

    /// Whether a telephone is still part of a call.
    pub(super) fn is_live(&self) -> bool {
        self.stage.handsets().any(|handset| handset.state.is_live())
    }

    /// Whether the caller's telephone is.
    pub(super) fn caller_is_live(&self) -> bool {
        let caller = self.controls.caller.and_then(|leg| self.stage.handset(leg));
        caller.is_some_and(|handset| handset.state.is_live())
    }
}

impl Demo {
    /// Keeps the scene up to date until the network stops.
    pub async fn keep_watching(self: Arc<Self>) {
        let _: Result<std::convert::Infallible, Stopped> = self.watch().await;
    }

    async fn watch(&self) -> Result<std::convert::Infallible, Stopped> {
        let mut stage = Stage::default();
        let (mut pulse, mut commits) = (self.live.listen(), self.exchange.feed().listen());
        let mut controls = self.controls.subscribe();
        loop {
            pulse.borrow_and_update();
            commits.borrow_and_update();
            let set = *controls.borrow_and_update();
            let (entries, _) = self.live.since(stage.entries()).await?;
            stage.take(&entries);
            let searches = self.searches(set.caller).await?;
            let scene = Scene::at_this_moment(&self.exchange, stage.clone(), searches, set);
            let ticks = scene.is_live();
            self.scene.send_replace(Arc::new(scene));
            tokio::select! {
                changed = pulse.changed() => changed.map_err(|_| Stopped)?,
                changed = commits.changed() => changed.map_err(|_| Stopped)?,
                changed = controls.changed() => changed.map_err(|_| Stopped)?,
                () = tokio::time::sleep(TICK), if ticks => {}
            }
        }
    }

    async fn searches(&self, caller: Option<LegId>) -> Result<Vec<SearchSeen>, Stopped> {
        let Some(caller) = caller else { return Ok(Vec::new()) };
        let sid = self.live.with(move |network, _| network.sid(caller).map(str::to_owned)).await?;
        let Some(sid) = sid else { return Ok(Vec::new()) };
        let searches = self.exchange.store().read(move |tx| tx.searches_of_call(&sid)).await;
        Ok(searches.unwrap_or_else(|fault| {
            tracing::warn!(%fault, "demo.search_not_read");
            Vec::new()
        }))
    }
}
