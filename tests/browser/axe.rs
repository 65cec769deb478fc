//! axe-core, held against pages as they are shown. `./test` installs it.

use std::path::PathBuf;
use std::sync::LazyLock;

use serde_json::Value;

use super::driver::Browser;

static AXE: LazyLock<String> = LazyLock::new(|| {
    let named = std::env::var_os("BURENHULP_AXE").map(PathBuf::from);
    let file = named.unwrap_or_else(|| {
        [env!("CARGO_MANIFEST_DIR"), "target", "axe", "axe-core-4.14.1.js"].iter().collect()
    });
    std::fs::read_to_string(&file).unwrap_or_else(|fault| {
        panic!("axe-core is not at {} ({fault}); ./test installs it there", file.display())
    })
});

/// Every rule but those that are still being tried out.
const RUN: &str = "
    ;return axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations.map(({ id, help, nodes }) =>
        id + ': ' + help + nodes.map(({ html }) => '\\n    ' + html).join('')));";

impl Browser {
    /// The page as it is now breaks no rule of axe.
    pub(super) async fn is_accessible(&self, page: &str) {
        // It stays in a page until that is left, and it is large.
        let is_there = "return typeof axe === 'object'";
        let there = self.run(is_there, Vec::new()).await == Value::Bool(true);
        let script = if there { RUN.to_owned() } else { format!("{}{RUN}", *AXE) };
        let broken = self.run(&script, Vec::new()).await;
        let Value::Array(broken) = broken else { panic!("{page}: axe says {broken}") };
        let broken: Vec<_> = broken.iter().filter_map(Value::as_str).collect();
        assert!(broken.is_empty(), "{page}:\n  {}", broken.join("\n  "));
    }

    /// The page as it is now fits, wide and narrow, and breaks no rule of axe; a picture of each.
    pub(super) async fn is_well(&self, name: &str) {
        for width in [360, 1280] {
            self.size(width, 900).await;
            self.fits().await;
            self.picture(&format!("{name}-{width}")).await;
            self.is_accessible(&format!("{name} at {width}")).await;
        }
    }
}
