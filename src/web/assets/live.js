// A page that changes while it is read: parts come by server-sent events and are put in with as
// little disturbance as possible; forms are sent without leaving the page.
//
// <body data-events="/where"> names the source. An event is an object. Its keys:
//   an id         the value is the new inside of that element
//   "place>id"    the value is that element as a whole, at the end of the place when it is new;
//                 null takes it away
//   "only"        { place: ids }: whatever else stands in the place goes
//   "state"       becomes body[data-state]; "now" (milliseconds) becomes body[data-now]
//   "go"          leads to another page
// What comes together is put in together, once a frame; then the document gets a "live" event. A form
// within [data-live] is sent without leaving the page; what is answered is taken as an event. Without
// this script the page still works.
"use strict";
const live = (() => {
  const byId = (id) => document.getElementById(id);
  const sameNode = (a, b) => a.nodeName === b.nodeName && (a.id || "") === (b.id || "");

  // What is the same stays the same node: focus, clicks and reading positions survive.
  function morph(from, to) {
    if (from.nodeType === Node.TEXT_NODE) {
      if (from.data !== to.data) from.data = to.data;
      return;
    }
    for (const { name } of [...from.attributes]) {
      // What somebody unfolded stays open.
      if (!to.hasAttribute(name) && name !== "open") from.removeAttribute(name);
    }
    for (const { name, value } of to.attributes) {
      if (from.getAttribute(name) !== value) from.setAttribute(name, value);
    }
    morphChildren(from, to);
  }

  function morphChildren(from, to) {
    let old = from.firstChild;
    for (const wanted of [...to.childNodes]) {
      let found = old;
      while (found && !sameNode(found, wanted)) found = wanted.id ? found.nextSibling : null;
      if (!found) {
        from.insertBefore(wanted, old);
        continue;
      }
      const next = found === old ? old.nextSibling : old;
      if (found !== old) from.insertBefore(found, old);
      morph(found, wanted);
      old = next;
    }
    while (old) {
      const next = old.nextSibling;
      old.remove();
      old = next;
    }
  }

  const parsed = (html) => {
    const wanted = document.createElement("template");
    wanted.innerHTML = html;
    return wanted.content;
  };

  // Something changes within this place. What had the focus may go away with it: stay near it.
  function near(place, change) {
    const held = document.activeElement;
    const around = held?.closest("article");
    const next = around?.nextElementSibling ?? around?.previousElementSibling;
    change();
    if (!held || held === document.body || held.isConnected) return;
    const where = [around, next, place].find((element) => element?.isConnected && element.querySelector("button, a, summary"));
    where?.querySelector("button, a, summary").focus({ preventScroll: true });
  }

  const put = (place, html) => near(place, () => morphChildren(place, parsed(html)));

  function putRow(place, row, html) {
    const old = byId(row);
    if (html === null) near(place, () => old?.remove());
    else if (old) near(place, () => morph(old, parsed(html).firstElementChild));
    else place.append(parsed(html));
  }

  function change(news) {
    for (const [key, value] of Object.entries(news)) {
      const [place, row] = key.split(">");
      if (key === "state" || key === "now") document.body.dataset[key] = value;
      else if (key === "go") location.assign(value);
      else if (key === "only") for (const [id, keep] of Object.entries(value)) {
        for (const child of [...byId(id).children]) if (!keep.includes(child.id)) putRow(byId(id), child.id, null);
      } else if (row) putRow(byId(place), row, value);
      else if (byId(key)) put(byId(key), value);
    }
  }

  let waiting = [];
  function putIn() {
    const all = waiting;
    waiting = [];
    all.forEach(change);
    if (all.length) document.dispatchEvent(new Event("live"));
  }

  function apply(news) {
    waiting.push(news);
    // A page that nobody sees has no frames, and may still have something to sound.
    if (document.hidden) putIn();
    else if (waiting.length === 1) requestAnimationFrame(putIn);
  }
  document.addEventListener("visibilitychange", putIn);

  const lost = (is) => { byId("lost").hidden = !is; };

  const events = new EventSource(document.body.dataset.events);
  events.onopen = () => lost(false);
  events.onerror = () => lost(true);
  events.onmessage = ({ data }) => apply(JSON.parse(data));

  // One after another: what was pressed quickly must arrive in its order.
  let last = Promise.resolve();
  function send(form, button) {
    const fields = new URLSearchParams(new FormData(form));
    if (button?.name) fields.set(button.name, button.value);
    const asked = { method: "POST", body: fields, headers: { Accept: "application/json" } };
    last = last.then(() => fetch(button?.getAttribute("formaction") ?? form.action, asked)).then(take).catch(() => lost(true));
  }

  async function take(answer) {
    const kind = answer.headers.get("content-type") ?? "";
    if (kind.startsWith("application/json")) apply(await answer.json());
    // A page instead: the session is over, for instance. It is told where it can be read.
    else if (kind.startsWith("text/html")) location.reload();
  }

  document.addEventListener("submit", (event) => {
    if (!event.target.closest("[data-live]")) return;
    event.preventDefault();
    send(event.target, event.submitter);
  });

  return { send };
})();
