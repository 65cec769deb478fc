// A page that changes while it is read: parts come by server-sent events and are put in with as
// little disturbance as possible; forms are sent without leaving the page.
//
// <body data-events="/where"> names the source. An event is an object: the key is the id of an
// element, the value its new inside; under "state" stands what becomes body[data-state]. After
// each one the document gets a "live" event. Without this script the page still works.
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
    for (const { name } of [...from.attributes]) if (!to.hasAttribute(name)) from.removeAttribute(name);
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

  function put(place, html) {
    const wanted = document.createElement("template");
    wanted.innerHTML = html;
    const held = document.activeElement;
    const around = held?.closest("article")?.id;
    morphChildren(place, wanted.content);
    // A button that had the focus went away with what it did: stay near it.
    if (held && held !== document.body && !held.isConnected) {
      const near = (around && byId(around)?.querySelector("button")) || place.querySelector("button");
      near?.focus({ preventScroll: true });
    }
  }

  const lost = (is) => { byId("lost").hidden = !is; };

  const events = new EventSource(document.body.dataset.events);
  events.onopen = () => lost(false);
  events.onerror = () => lost(true);
  events.onmessage = ({ data }) => {
    for (const [id, news] of Object.entries(JSON.parse(data))) {
      if (id === "state") document.body.dataset.state = news;
      else put(byId(id), news);
    }
    document.dispatchEvent(new Event("live"));
  };

  // One after another: what was pressed quickly must arrive in its order.
  let last = Promise.resolve();
  function send(form, button) {
    const fields = new URLSearchParams(new FormData(form));
    if (button?.name) fields.set(button.name, button.value);
    const asked = { method: "POST", body: fields, headers: { Accept: "application/json" } };
    last = last.then(() => fetch(form.action, asked)).catch(() => lost(true));
  }

  document.addEventListener("submit", (event) => {
    event.preventDefault();
    send(event.target, event.submitter);
  });

  return { send };
})();
