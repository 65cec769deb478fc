//! A browser without a screen, driven by its own driver on a port of its own.
//!
//! To start one takes longer than most stories. So whoever has done with a browser puts it back, as
//! good as new, and the next story takes it; the last one to leave closes them all.

use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::Duration;

use fantoccini::elements::Element;
use fantoccini::error::CmdError;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

/// Longest wait for anything on the page, and for a script in it. It costs nothing where all is well.
const PATIENCE: Duration = Duration::from_secs(90);
/// How often is looked whether it is there.
const A_MOMENT: Duration = Duration::from_millis(25);
/// Longest wait for a browser that is left behind to close.
const FAREWELL: Duration = Duration::from_secs(5);
/// Runs a driver for as long as somebody holds the other end of its input. A test run that is killed
/// lets go of it too: then the driver, its browser and the profile go.
const WATCHED: &str = r#"
    set -m
    chromedriver --port=0 &
    driver=$!
    exec > /dev/null
    cat
    kill -KILL -- -$driver
    wait
    rm -rf "$1"
"#;
const INSTALL: &str = "install them with: apt-get install chromium chromium-driver";

/// Where browsers are talked with: each story's own runtime ends with it.
static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    let builder = &mut tokio::runtime::Builder::new_multi_thread();
    builder.worker_threads(1).enable_all().build().expect("a thread")
});

static SHELF: Mutex<Shelf> = Mutex::new(Shelf { idle: Vec::new(), in_use: 0 });

/// Browsers that nobody uses at this moment, and how many are in use.
struct Shelf {
    idle: Vec<Window>,
    in_use: usize,
}

/// One of those that are in use, also while it is being started.
struct InUse;

impl InUse {
    /// With a browser that was put back, if there is one.
    fn begin() -> (Self, Option<Window>) {
        let mut shelf = shelf();
        shelf.in_use += 1;
        (Self, shelf.idle.pop())
    }
}

impl Drop for InUse {
    fn drop(&mut self) {
        shelf().in_use -= 1;
    }
}

fn shelf() -> std::sync::MutexGuard<'static, Shelf> {
    SHELF.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A running browser. Its driver and its profile go with it.
struct Window {
    page: Client,
    /// What watches over the driver.
    driver: Child,
    /// Nobody has closed it yet.
    open: bool,
    /// Kept open: a driver that nobody listens to any more stops.
    _said: BufReader<ChildStdout>,
    profile: tempfile::TempDir,
}

impl Window {
    async fn open() -> Self {
        let profile = tempfile::tempdir().expect("a directory for the browser's profile");
        let mut driver = Command::new("bash")
            .args(["-c", WATCHED, "bash"])
            .arg(profile.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            // Ctrl-C is for the tests; this one has its end to see to.
            .process_group(0)
            .spawn()
            .expect("bash");
        let mut said = BufReader::new(driver.stdout.take().expect("piped"));
        let port = port_of(&mut said);
        let capabilities = capabilities(&profile.path().to_string_lossy());
        let connects = RUNTIME.spawn(async move {
            ClientBuilder::new(HttpConnector::new())
                .capabilities(capabilities)
                .connect(&format!("http://127.0.0.1:{port}"))
                .await
        });
        let page = connects.await.expect("it does not panic");
        let page =
            page.unwrap_or_else(|fault| panic!("chromium does not start ({fault}); {INSTALL}"));
        Self { page, driver, open: true, _said: said, profile }
    }

    async fn close(mut self) {
        self.open = false;
        // The driver ends either way.
        let _ = self.page.clone().close().await;
    }
}

impl Drop for Window {
    /// Also of a story that failed.
    fn drop(&mut self) {
        if self.open {
            let (tell, closed) = std::sync::mpsc::channel();
            let page = self.page.clone();
            RUNTIME.spawn(async move {
                let _ = page.close().await;
                let _ = tell.send(());
            });
            let _ = closed.recv_timeout(FAREWELL);
        }
        drop(self.driver.stdin.take());
        let _ = self.driver.wait();
    }
}

/// A browser window for one story.
pub(super) struct Browser {
    pub(super) page: Client,
    /// None once it was put back.
    window: Option<Window>,
    /// It runs what it would not forget.
    spoiled: AtomicBool,
    _in_use: InUse,
}

impl Browser {
    /// Opens a window of this size, in CSS pixels.
    pub(super) async fn open(width: u32, height: u32) -> Self {
        let (in_use, idle) = InUse::begin();
        let window = match idle {
            Some(window) => window,
            None => Window::open().await,
        };
        let (page, spoiled) = (window.page.clone(), AtomicBool::new(false));
        let browser = Self { page, window: Some(window), spoiled, _in_use: in_use };
        browser.size(width, height).await;
        browser
    }

    /// A page of exactly this width; windows have a smallest size of their own.
    pub(super) async fn size(&self, width: u32, height: u32) {
        let metrics = json!({
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false,
        });
        self.devtools("Emulation.setDeviceMetricsOverride", metrics).await;
    }

    async fn devtools(&self, command: &str, params: Value) -> Value {
        let path = "goog/cdp/execute".to_owned();
        let command = DevTools { path, body: json!({ "cmd": command, "params": params }) };
        self.page.issue_cmd(command).await.expect("chromium does as it is told")
    }

    /// Opens this address.
    pub(super) async fn goes_to(&self, address: &str) {
        self.page.goto(address).await.unwrap_or_else(|fault| panic!("{address}: {fault}"));
    }

    /// Fills in a field of a form.
    pub(super) async fn fills(&self, css: &str, text: &str) {
        let field = self.sees(css).await;
        field.clear().await.expect("a field");
        field.send_keys(text).await.expect("a field takes text");
    }

    /// Whether the page comes with scripts.
    pub(super) async fn has_scripts(&self) -> bool {
        self.run("return document.scripts.length > 0", Vec::new()).await == json!(true)
    }

    /// Puts this in a field that a keyboard fills in the way of its country, such as a date.
    pub(super) async fn puts(&self, css: &str, value: &str) {
        let puts = "document.querySelector(arguments[0]).value = arguments[1]";
        self.run(puts, vec![json!(css), json!(value)]).await;
    }

    /// Whether pages may run scripts, from the next one on.
    pub(super) async fn scripts(&self, run: bool) {
        self.devtools("Emulation.setScriptExecutionDisabled", json!({ "value": !run })).await;
    }

    /// Whether scripts of pages come through to the browser; axe still can run in it.
    pub(super) async fn takes_scripts(&self, takes: bool) {
        let blocked = if takes { json!([]) } else { json!(["*.js"]) };
        self.devtools("Network.enable", json!({})).await;
        self.devtools("Network.setBlockedURLs", json!({ "urls": blocked })).await;
    }

    /// Whether the page looks as it does when it is printed.
    pub(super) async fn as_on_paper(&self, paper: bool) {
        let media = if paper { "print" } else { "" };
        self.devtools("Emulation.setEmulatedMedia", json!({ "media": media })).await;
    }

    /// The page as it comes out of a printer, on the paper that it asks for: a PDF.
    pub(super) async fn prints(&self) -> Vec<u8> {
        let how = json!({ "preferCSSPageSize": true, "printBackground": false });
        let printed = self.devtools("Page.printToPDF", how).await;
        let data = printed["data"].as_str().expect("a document");
        let engine = base64::engine::general_purpose::STANDARD;
        base64::Engine::decode(&engine, data).expect("a document")
    }

    /// Runs a script in every page from now on, before any of its own.
    pub(super) async fn first_runs(&self, script: &str) {
        let source = json!({ "source": script });
        self.devtools("Page.addScriptToEvaluateOnNewDocument", source).await;
        self.spoiled.store(true, Ordering::Relaxed);
    }

    /// Writes a picture of the whole page, if `BURENHULP_SCREENSHOTS` names a directory for it.
    pub(super) async fn picture(&self, name: &str) {
        // As wide as the window: left to itself, the picture is narrower by the bar beside the page,
        // which it does not show, and ends in the middle of what stands at the right.
        let whole = "return { x: 0, y: 0, width: innerWidth, scale: 1,
            height: Math.max(innerHeight, document.documentElement.scrollHeight) }";
        let clip = self.run(whole, Vec::new()).await;
        self.captures(name, json!({ "captureBeyondViewport": true, "clip": clip })).await;
    }

    /// Writes a picture of the top of the page, as much of it as the window shows.
    pub(super) async fn picture_of_top(&self, name: &str) {
        self.captures(name, json!({ "captureBeyondViewport": false })).await;
    }

    async fn captures(&self, name: &str, how: Value) {
        let Ok(directory) = std::env::var("BURENHULP_SCREENSHOTS") else { return };
        // Just after it was opened, a page may have no width yet.
        let wide = "return document.documentElement.clientWidth > 0";
        assert!(self.comes_true(wide, Vec::new()).await, "there is nothing to take a picture of");
        let taken = self.devtools("Page.captureScreenshot", how).await;
        let data = taken["data"].as_str().expect("a picture");
        let bytes = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, data);
        let file = std::path::Path::new(&directory).join(format!("{name}.png"));
        std::fs::write(file, bytes.expect("a picture")).expect("a place for pictures");
    }

    /// Waits until there is such an element, and gives it.
    pub(super) async fn sees(&self, css: &str) -> Element {
        let waits = self.page.wait().at_most(PATIENCE).every(A_MOMENT);
        let found = waits.for_element(Locator::Css(css)).await;
        match found {
            Ok(element) => element,
            Err(fault) => {
                panic!("{css} never came ({fault}); the page says:\n{}", self.text().await)
            }
        }
    }

    /// Waits until the first such element has these words in it.
    pub(super) async fn reads(&self, css: &str, words: &str) {
        let script =
            "return document.querySelector(arguments[0])?.textContent.includes(arguments[1])";
        if !self.comes_true(script, vec![json!(css), json!(words)]).await {
            panic!("{css} never said {words:?}; the page says:\n{}", self.text().await);
        }
    }

    /// Waits until there is something at this address: the sound of a message comes a moment later.
    pub(super) async fn answers(&self, address: &str) {
        let script = "return fetch(arguments[0]).then((answer) => answer.ok)";
        assert!(self.comes_true(script, vec![json!(address)]).await, "nothing came at {address}");
    }

    /// Waits until this script returns true; whether it did.
    pub(super) async fn comes_true(&self, script: &str, arguments: Vec<Value>) -> bool {
        let waits = async {
            while self.run(script, arguments.clone()).await != json!(true) {
                tokio::time::sleep(A_MOMENT).await;
            }
        };
        tokio::time::timeout(PATIENCE, waits).await.is_ok()
    }

    /// How often the browser has laid out a page since it was opened.
    pub(super) async fn layouts(&self) -> u64 {
        self.devtools("Performance.enable", json!({})).await;
        let metrics = self.devtools("Performance.getMetrics", json!({})).await;
        let all = metrics["metrics"].as_array().expect("metrics");
        let count = all.iter().find(|one| one["name"] == "LayoutCount").expect("a count");
        count["value"].as_f64().expect("a number") as u64
    }

    /// Clicks the first such element once it is there, also if it is replaced meanwhile.
    pub(super) async fn clicks(&self, css: &str) {
        loop {
            match self.sees(css).await.click().await {
                Err(CmdError::Standard(fault)) if fault.error() == "stale element reference" => {}
                clicked => return clicked.unwrap_or_else(|fault| panic!("{css}: {fault}")),
            }
        }
    }

    /// Nothing stands out to the right of the page.
    pub(super) async fn fits(&self) {
        let script = "return [document.documentElement.scrollWidth, window.innerWidth]";
        let widths = self.run(script, Vec::new()).await;
        assert!(widths[0].as_u64() <= widths[1].as_u64(), "{widths}");
    }

    /// The id of whatever has the focus; empty when it has none.
    pub(super) async fn focus(&self) -> String {
        let id = self.run("return document.activeElement.id", Vec::new()).await;
        id.as_str().unwrap_or_default().to_owned()
    }

    /// Types on the computer's keyboard, wherever the focus is.
    pub(super) async fn types(&self, keys: &str) {
        let focus = self.page.active_element().await.expect("something has the focus");
        focus.send_keys(keys).await.expect("it takes keys");
    }

    /// Runs a script in the page.
    pub(super) async fn run(&self, script: &str, arguments: Vec<Value>) -> Value {
        self.page.execute(script, arguments).await.expect("the script runs")
    }

    pub(super) async fn text(&self) -> String {
        let text = self.run("return document.body.innerText", Vec::new()).await;
        text.as_str().unwrap_or_default().to_owned()
    }

    /// Puts the window back.
    pub(super) async fn close(mut self) {
        let window = self.window.take().expect("it is put back once");
        if self.spoiled.load(Ordering::Relaxed) {
            window.close().await;
        } else {
            // First away from the page, which may still be writing cookies.
            self.goes_to("about:blank").await;
            self.scripts(true).await;
            self.takes_scripts(true).await;
            self.as_on_paper(false).await;
            self.devtools("Network.clearBrowserCookies", json!({})).await;
            shelf().idle.push(window);
        }
        drop(self);
        let left = {
            let mut shelf = shelf();
            if shelf.in_use == 0 { std::mem::take(&mut shelf.idle) } else { Vec::new() }
        };
        for window in left {
            window.close().await;
        }
    }
}

/// A command of chromium's own to its driver.
#[derive(Debug)]
struct DevTools {
    path: String,
    body: Value,
}

impl fantoccini::wd::WebDriverCompatibleCommand for DevTools {
    fn endpoint(
        &self,
        base: &reqwest::Url,
        session: Option<&str>,
    ) -> Result<reqwest::Url, <reqwest::Url as std::str::FromStr>::Err> {
        base.join(&format!("session/{}/{}", session.unwrap_or_default(), self.path))
    }

    fn method_and_body(&self, _: &reqwest::Url) -> (axum::http::Method, Option<String>) {
        (axum::http::Method::POST, Some(self.body.to_string()))
    }
}

/// The driver says on which port it listens.
fn port_of(said: &mut impl BufRead) -> u16 {
    let port = said.lines().map_while(Result::ok).find_map(|line| {
        let (_, port) = line.strip_suffix('.')?.rsplit_once("successfully on port ")?;
        port.parse().ok()
    });
    port.unwrap_or_else(|| panic!("chromedriver cannot be started; {INSTALL}"))
}

fn capabilities(profile: &str) -> serde_json::Map<String, Value> {
    let options = json!({
        "args": [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-quic",
            "--disable-dev-shm-usage",
            "--lang=nl",
            format!("--user-data-dir={profile}"),
            "--window-size=1280,900",
        ]
    });
    let timeouts = json!({ "script": PATIENCE.as_millis() as u64 });
    let all = [("goog:chromeOptions", options), ("timeouts", timeouts)];
    all.map(|(name, value)| (name.to_owned(), value)).into_iter().collect()
}

/// Command lines of programs with this in one of their arguments.
fn programs_with(argument: &str) -> Vec<String> {
    let processes = std::fs::read_dir("/proc").expect("processes").filter_map(Result::ok);
    let lines =
        processes.filter_map(|one| std::fs::read_to_string(one.path().join("cmdline")).ok());
    lines.filter(|line| line.contains(argument)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_driver_and_its_browser_end_when_whoever_opened_them_is_gone() {
    let mut window = Window::open().await;
    let profile = window.profile.path().to_string_lossy().into_owned();
    assert!(programs_with(&profile).len() > 1, "a browser runs, and what watches over it");
    // As when the test run is killed: nothing is closed, but nobody holds the other end any more.
    window.open = false;
    drop(window);
    assert_eq!(programs_with(&profile), Vec::<String>::new());
    assert!(!std::path::Path::new(&profile).exists(), "nor is the profile left behind");
}
