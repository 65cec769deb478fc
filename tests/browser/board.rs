//! A board with two hundred calls on it: what changes is changed where it stands, nothing else is
//! touched, and however much comes, the page is put in order once a frame. Counted, never timed.

use burenhulp::commands::demo::Desk;
use burenhulp::sim::number::{CallerId, Number};
use serde_json::json;

use super::Scene;
use super::driver::Browser;

const CALLS: usize = 200;
/// To so many of them something happens, all at once.
const CHANGED: usize = 60;

/// Keeps hold of where events come from, so that some more can be sent.
const HELD: &str = "
    const Source = window.EventSource;
    window.EventSource = class extends Source {
        constructor(address) { super(address); window.source = this; }
    };";

/// Counts frames, how often the board changed within one, and the rows that were touched.
const COUNTS: &str = "
    const rows = document.getElementById('rows');
    const kept = [...rows.children];
    const seen = window.seen = { frames: 0, news: 0, inOneFrame: 0, came: 0, touched: new Set(),
        same: () => kept.length === rows.children.length && kept.every((row, at) => rows.children[at] === row) };
    let now = 0;
    document.addEventListener('live', () => {
        seen.news += 1;
        now += 1;
        seen.inOneFrame = Math.max(seen.inOneFrame, now);
    });
    const frame = () => { seen.frames += 1; now = 0; requestAnimationFrame(frame); };
    requestAnimationFrame(frame);
    new MutationObserver((records) => {
        for (const { target } of records) {
            const where = target.nodeType === Node.ELEMENT_NODE ? target : target.parentElement;
            // Seconds go by in every row.
            if (target === rows) seen.came += 1;
            else if (!where?.closest('[data-since]')) seen.touched.add(where?.closest('article')?.id);
        }
    }).observe(rows, { childList: true, subtree: true, characterData: true, attributes: true });";

/// What was counted: rows touched, rows that came or went, most changes in one frame, and whether every
/// row is the element that it was.
const COUNTED: &str = "return [seen.touched.size, seen.came, seen.inOneFrame, seen.same()]";

impl Scene {
    /// So many call the line, and hear the menu; all of them on this page.
    async fn two_hundred_call(&self, desk: &Browser) -> Vec<burenhulp::sim::leg::LegId> {
        let mut legs = Vec::new();
        for _ in 0..CALLS {
            let (from, to) = (CallerId::Withheld("anonymous".into()), Number::new("+31700002586"));
            let dialled = self.demo.network().dial(from, to, Vec::new()).await;
            legs.push(dialled.expect("a network"));
        }
        let there = "return document.getElementById('rows').children.length === arguments[0]";
        assert!(desk.comes_true(there, vec![json!(CALLS)]).await, "not all of them are there");
        legs
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_calls_are_changed_where_they_stand_and_once_a_frame() {
    let scene = Scene::set("nl", Desk::Closed).await;
    scene.browser.goes_to("about:blank").await;
    let desk = Browser::open(1280, 900).await;
    desk.first_runs(HELD).await;
    desk.goes_to(&format!("{}?als=Kees", scene.demo.desk())).await;
    desk.reads("#nobody", "Er belt nu niemand").await;
    // Nobody grows impatient, and nothing happens but what is done here.
    scene.demo.network().hold().await.expect("a network");
    let legs = scene.two_hundred_call(&desk).await;
    desk.run(COUNTS, Vec::new()).await;
    let frames = "return seen.frames";
    let before = (desk.layouts().await, desk.run(frames, Vec::new()).await);

    for leg in legs.into_iter().take(CHANGED) {
        scene.demo.network().press(leg, '4').await.expect("a network");
    }
    let chosen = "return [...document.querySelectorAll('#rows article')]
        .filter((row) => row.textContent.includes('vier cijfers')).length === arguments[0]";
    assert!(desk.comes_true(chosen, vec![json!(CHANGED)]).await, "not all of them chose");
    let counted = desk.run(COUNTED, Vec::new()).await;
    assert_eq!(counted, json!([CHANGED, 0, 1, true]), "only what changed, where it stood");
    let after = (desk.layouts().await, desk.run(frames, Vec::new()).await);
    let frames = after.1.as_u64().zip(before.1.as_u64()).map(|(after, before)| after - before);
    // Nothing asks in between how the page lies.
    assert!(Some(after.0 - before.0) <= frames, "{before:?}, {after:?}");

    // Fifty events before the next frame: nothing is touched until then, and then once.
    let burst = "
        const news = seen.news;
        const heads = [...document.querySelectorAll('#rows .going-head')].slice(-50);
        for (const head of heads) {
            const html = head.innerHTML.replace('kiest', 'koos');
            source.onmessage({ data: JSON.stringify({ [head.id]: html }) });
        }
        const changed = () => heads.filter((head) => head.textContent.includes('koos')).length;
        const atOnce = changed();
        return new Promise((told) => requestAnimationFrame(() => requestAnimationFrame(() =>
            told([heads.length, atOnce, changed(), seen.news - news]))));";
    let counted = desk.run(burst, Vec::new()).await;
    assert_eq!(counted, json!([50, 0, 50, 1]));
    assert_eq!(desk.run("return seen.same()", Vec::new()).await, json!(true));
    // A page behind another has no frames, and must still be able to sound: nothing waits there.
    let behind = "
        Object.defineProperty(document, 'hidden', { configurable: true, value: true });
        const head = document.querySelector('#rows .going-head');
        const html = head.innerHTML.replace('kiest', 'koos');
        source.onmessage({ data: JSON.stringify({ [head.id]: html }) });
        delete document.hidden;
        return head.textContent.includes('koos');";
    assert_eq!(desk.run(behind, Vec::new()).await, json!(true));
    desk.picture_of_top("desk-1280-two-hundred").await;
    desk.close().await;
    scene.ends().await;
}
