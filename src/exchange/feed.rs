//! Tells whoever watches that something was committed. It carries no content: watchers read the
//! store, so that nothing lives only here.

use tokio::sync::watch;

/// A counter of commits that can be waited on.
pub struct Feed {
    commits: watch::Sender<u64>,
}

impl Feed {
    pub(super) fn new() -> Self {
        Self { commits: watch::Sender::new(0) }
    }

    /// One more commit.
    pub(super) fn announce(&self) {
        self.commits.send_modify(|n| *n += 1);
    }

    /// Changes from now on; several commits in quick succession may count as one change.
    pub fn listen(&self) -> watch::Receiver<u64> {
        self.commits.subscribe()
    }
}
