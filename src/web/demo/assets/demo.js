// The demo page: sends what is pressed without leaving the page, and puts in what comes back.
"use strict";
(() => {
  const lang = document.documentElement.lang;
  const byId = (id) => document.getElementById(id);

  // ---- changes, with as little disturbance as possible: what is the same stays the same node ----

  const sameNode = (a, b) => a.nodeName === b.nodeName && (a.id || "") === (b.id || "");

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

  function put(id, html) {
    const wanted = document.createElement("template");
    wanted.innerHTML = html;
    const place = byId(id);
    const held = document.activeElement;
    const around = held?.closest("article")?.id;
    morphChildren(place, wanted.content);
    // The button that had the focus went away with what it did: stay near it.
    if (held && held !== document.body && !held.isConnected) {
      const near = (around && byId(around)?.querySelector("button")) || place.querySelector("button");
      (near || byId("telephone")).focus({ preventScroll: true });
    }
  }

  // ---- what comes in ----

  const events = new EventSource("/demo/events?lang=" + lang);
  events.onopen = () => { byId("lost").hidden = true; };
  events.onerror = () => { byId("lost").hidden = false; };
  events.onmessage = ({ data }) => {
    const news = JSON.parse(data);
    if (news.call) setCall(news.call);
    for (const part of ["caller", "neighbours", "search"]) {
      if (part in news) put(part, news[part]);
    }
    followCaptions();
    speakNews();
    ring();
  };

  function setCall(call) {
    const before = document.body.dataset.call;
    document.body.dataset.call = call;
    if (before === "live" && call === "none") byId("dial-button").focus({ preventScroll: true });
    if (before === "none" && call === "live") byId("telephone").focus({ preventScroll: true });
  }

  function followCaptions() {
    for (const list of document.querySelectorAll(".captions")) list.scrollTop = list.scrollHeight;
  }

  // ---- what goes out ----

  // One after another: keys that were pressed quickly must arrive in their order.
  let last = Promise.resolve();
  function send(form, button) {
    const fields = new URLSearchParams(new FormData(form));
    if (button && button.name) fields.set(button.name, button.value);
    const asked = { method: "POST", body: fields, headers: { Accept: "application/json" } };
    last = last.then(() => fetch(form.action, asked)).catch(() => { byId("lost").hidden = false; });
  }

  document.addEventListener("submit", (event) => {
    event.preventDefault();
    if (event.submitter && event.target.id === "keypad") beep(event.submitter.value);
    send(event.target, event.submitter);
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (document.body.dataset.call !== "live" || event.target.closest("input, select, textarea")) return;
    const key = [...document.querySelectorAll("#keypad button")].find((b) => b.value === event.key);
    if (!key) return;
    event.preventDefault();
    key.classList.add("pressed");
    setTimeout(() => key.classList.remove("pressed"), 150);
    beep(key.value);
    send(byId("keypad"), key);
  });

  // ---- aloud ----

  const remembered = (name, first) => localStorage.getItem("demo-" + name) ?? first;
  const isOn = (button) => button.getAttribute("aria-pressed") === "true";

  function toggle(button, name, first, change) {
    const set = (on) => {
      button.setAttribute("aria-pressed", on);
      localStorage.setItem("demo-" + name, on);
      change(on);
    };
    button.setAttribute("aria-pressed", remembered(name, first));
    button.addEventListener("click", () => set(!isOn(button)));
    button.hidden = false;
  }

  const readAloud = byId("read-aloud");
  const voiceFor = (code) => window.speechSynthesis?.getVoices().find((v) => v.lang.toLowerCase().startsWith(code));

  function offerVoice() {
    const missing = !voiceFor("nl");
    readAloud.disabled = missing;
    readAloud.setAttribute("aria-pressed", !missing && remembered("read-aloud", "true"));
    readAloud.lastElementChild.textContent =
      readAloud.dataset.label + (missing ? ": " + readAloud.dataset.noVoice : "");
  }
  readAloud.dataset.label = readAloud.lastElementChild.textContent;
  toggle(readAloud, "read-aloud", "true", (on) => { if (!on) window.speechSynthesis?.cancel(); });
  offerVoice();
  window.speechSynthesis?.addEventListener?.("voiceschanged", offerVoice);

  // What stood on the page when it came is past.
  const heard = new Set([...document.querySelectorAll("#captions [data-say]")].map((li) => li.id));

  function speakNews() {
    const aloud = isOn(readAloud) && !readAloud.disabled;
    for (const li of document.querySelectorAll("#captions [data-say]")) {
      if (li.hasAttribute("data-cut") && !heard.has(li.id + "!")) {
        heard.add(li.id + "!");
        if (heard.has(li.id)) window.speechSynthesis?.cancel();
      }
      if (heard.has(li.id)) continue;
      heard.add(li.id);
      if (aloud) speak(li.textContent, voiceFor(li.lang || "nl"));
    }
    if (document.body.dataset.call !== "live") window.speechSynthesis?.cancel();
  }

  function speak(text, voice) {
    if (!voice) return;
    const words = new SpeechSynthesisUtterance(text);
    words.voice = voice;
    words.lang = voice.lang;
    words.rate = 0.9;
    window.speechSynthesis.speak(words);
  }

  let audio = null;
  function tone(frequencies, seconds) {
    audio ??= new AudioContext();
    const volume = audio.createGain();
    volume.gain.value = 0.06;
    volume.connect(audio.destination);
    for (const frequency of frequencies) {
      const source = audio.createOscillator();
      source.frequency.value = frequency;
      source.connect(volume);
      source.start();
      source.stop(audio.currentTime + seconds);
    }
  }

  const ringAloud = byId("ring-aloud");
  toggle(ringAloud, "ring-aloud", "false", ring);

  // Two tones a key, as every telephone has them.
  function beep(key) {
    if (!isOn(ringAloud)) return;
    const at = "123456789*0#".indexOf(key);
    tone([[697, 770, 852, 941][Math.floor(at / 3)], [1209, 1336, 1477][at % 3]], 0.12);
  }

  // The Dutch ringing tone: one second on, four off, for as long as a telephone rings.
  let rings = null;
  function ring() {
    const wanted = isOn(ringAloud) && document.querySelector("[data-rings]");
    if (!wanted) {
      clearInterval(rings);
      rings = null;
    } else if (rings === null) {
      tone([425], 1);
      rings = setInterval(() => tone([425], 1), 5000);
    }
  }

  followCaptions();
})();
