// The demo page, on top of live.js: the keyboard as a keypad, and telephones that can be heard.
"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const isLive = () => document.body.dataset.state === "live";

  // ---- the caller's telephone ----

  let was = document.body.dataset.state;
  document.addEventListener("live", () => {
    const is = document.body.dataset.state;
    if (was !== is) byId(is === "live" ? "telephone" : "dial-button").focus({ preventScroll: true });
    was = is;
    followCaptions();
    speakNews();
    ring();
  });

  function followCaptions() {
    for (const list of document.querySelectorAll(".captions")) list.scrollTop = list.scrollHeight;
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || !isLive()) return;
    if (event.target.closest("input, select, textarea")) return;
    const key = [...byId("keypad").elements].find((button) => button.value === event.key);
    if (!key?.name.startsWith("key")) return;
    event.preventDefault();
    key.classList.add("pressed");
    setTimeout(() => key.classList.remove("pressed"), 150);
    beep(key.value);
    live.send(byId("keypad"), key);
  });

  byId("keypad").addEventListener("submit", (event) => beep(event.submitter.value));

  // ---- switches that this browser remembers ----

  const remembered = (name, first) => localStorage.getItem("demo-" + name) ?? first;
  const isOn = (button) => button.getAttribute("aria-pressed") === "true";

  function toggle(button, first, change) {
    button.setAttribute("aria-pressed", remembered(button.id, first));
    button.addEventListener("click", () => {
      const on = !isOn(button);
      button.setAttribute("aria-pressed", on);
      localStorage.setItem("demo-" + button.id, on);
      change(on);
    });
    button.hidden = false;
  }

  // ---- read aloud, where the browser has a Dutch voice ----

  const speech = window.speechSynthesis;
  const readAloud = byId("read-aloud");
  const label = readAloud.lastElementChild;
  const named = label.textContent;
  const voiceFor = (code) => speech?.getVoices().find((voice) => voice.lang.toLowerCase().startsWith(code));

  function offerVoice() {
    const missing = !voiceFor("nl");
    readAloud.disabled = missing;
    readAloud.setAttribute("aria-pressed", !missing && remembered("read-aloud", "true"));
    label.textContent = missing ? named + ": " + readAloud.dataset.noVoice : named;
  }
  toggle(readAloud, "true", (on) => { if (!on) speech?.cancel(); });
  offerVoice();
  speech?.addEventListener?.("voiceschanged", offerVoice);

  // What stood on the page when it came is past.
  const heard = new Set([...document.querySelectorAll("#captions [data-say]")].map((line) => line.id));
  const cut = new Set();

  function speakNews() {
    for (const line of document.querySelectorAll("#captions [data-say]")) {
      if (line.hasAttribute("data-cut") && !cut.has(line.id)) {
        cut.add(line.id);
        speech?.cancel();
      }
      if (heard.has(line.id)) continue;
      heard.add(line.id);
      if (isOn(readAloud)) speak(line.textContent, voiceFor(line.lang || "nl"));
    }
    if (!isLive()) speech?.cancel();
  }

  function speak(text, voice) {
    if (!voice) return;
    const words = new SpeechSynthesisUtterance(text);
    Object.assign(words, { voice, lang: voice.lang, rate: 0.9 });
    speech.speak(words);
  }

  // ---- tones ----

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
  toggle(ringAloud, "false", ring);

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
