//! The voice flows in use, and those that calls began with before they were replaced.

use std::collections::HashMap;
use std::sync::{Arc, RwLock};

use crate::exchange::Failure;
use crate::flow::Flows;
use crate::store::Tx;

/// Flows by version. A call keeps the version it began with; new calls get the current one.
pub struct Shelf {
    inner: RwLock<Inner>,
}

struct Inner {
    current: Arc<Flows>,
    older: HashMap<String, Arc<Flows>>,
}

impl Shelf {
    /// A shelf with one version.
    pub fn with(flows: Flows) -> Self {
        Self { inner: RwLock::new(Inner { current: Arc::new(flows), older: HashMap::new() }) }
    }

    /// The version that new calls get.
    pub fn current(&self) -> Arc<Flows> {
        Arc::clone(&self.read().current)
    }

    /// Puts another version in use; calls that are under way keep theirs.
    pub fn replace(&self, flows: Flows) {
        let mut inner = self.inner.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        let old = std::mem::replace(&mut inner.current, Arc::new(flows));
        inner.older.insert(old.version().to_owned(), old);
    }

    /// The version that a call began with: from memory or, after a restart, as it was stored.
    pub(super) fn of(&self, version: &str, tx: &mut Tx<'_>) -> Result<Arc<Flows>, Failure> {
        {
            let inner = self.read();
            if inner.current.version() == version {
                return Ok(Arc::clone(&inner.current));
            }
            if let Some(older) = inner.older.get(version) {
                return Ok(Arc::clone(older));
            }
        }
        let lost = || Failure::Damaged { what: format!("voice flows of version {version}") };
        let files = tx.flows(version)?.ok_or_else(lost)?;
        let files = serde_json::from_str(&files).map_err(|_| lost())?;
        let flows = Arc::new(Flows::reopen(&files).map_err(|_| lost())?);
        let mut inner = self.inner.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        inner.older.insert(version.to_owned(), Arc::clone(&flows));
        Ok(flows)
    }

    fn read(&self) -> std::sync::RwLockReadGuard<'_, Inner> {
        // Nothing panics while it holds this lock, and the value is whole at every moment.
        self.inner.read().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}
