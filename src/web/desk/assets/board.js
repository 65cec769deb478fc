// The board of the desk, beside live.js: seconds that go by, and the sound of a new call. Without
// this script the rows say how long it was when they came.
"use strict";
(() => {
  // The exchange's clock, which in a demo is not ours.
  let ahead = 0;
  const clock = () => { ahead = Number(document.body.dataset.now) - Date.now(); };

  function shown(seconds) {
    const two = (n) => String(n).padStart(2, "0");
    const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
    return h ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
  }

  function tick() {
    const now = Date.now() + ahead;
    for (const element of document.querySelectorAll("[data-since]")) {
      const text = shown(Math.max(0, Math.floor((now - Number(element.dataset.since)) / 1000)));
      // Written only when it differs: hundreds of rows stay cheap.
      if (element.textContent !== text) element.textContent = text;
    }
  }

  // A tone made here: two short notes, no file.
  const button = document.getElementById("sound");
  let sound = null;
  function ring() {
    for (const [note, at] of [[660, 0], [880, 0.18]]) {
      const tone = sound.createOscillator();
      const volume = sound.createGain();
      const begins = sound.currentTime + at;
      tone.frequency.value = note;
      volume.gain.setValueAtTime(0.0001, begins);
      volume.gain.exponentialRampToValueAtTime(0.2, begins + 0.02);
      volume.gain.exponentialRampToValueAtTime(0.0001, begins + 0.16);
      tone.connect(volume).connect(sound.destination);
      tone.start(begins);
      tone.stop(begins + 0.17);
    }
  }

  function setSound(on) {
    if (on) sound ??= new AudioContext();
    button.setAttribute("aria-pressed", String(on));
    localStorage.setItem("loket-geluid", on ? "aan" : "uit");
  }

  const rows = document.getElementById("rows");
  const present = () => new Set([...rows.children].map((row) => row.id));
  let before = present();
  function look() {
    const now = present();
    const fresh = [...now].some((id) => !before.has(id));
    before = now;
    document.getElementById("nobody").hidden = now.size > 0;
    if (fresh && button.getAttribute("aria-pressed") === "true") ring();
  }

  button.hidden = false;
  button.addEventListener("click", () => {
    setSound(button.getAttribute("aria-pressed") !== "true");
    if (button.getAttribute("aria-pressed") === "true") ring();
  });
  if (localStorage.getItem("loket-geluid") === "aan") setSound(true);

  document.addEventListener("live", () => { clock(); tick(); look(); });
  clock();
  setInterval(tick, 1000);
})();
