// Reads what was typed aloud, in the voice of the browser: how it sounds, before callers hear it.
//
// A button with data-aloud="ID" reads the field with that id, in the language of its `lang`. The
// button is hidden until this script is there and the browser can speak.
"use strict";
(() => {
  if (!("speechSynthesis" in window)) return;
  for (const button of document.querySelectorAll("[data-aloud]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const field = document.getElementById(button.dataset.aloud);
      speechSynthesis.cancel();
      const words = new SpeechSynthesisUtterance(field.value);
      words.lang = field.lang;
      words.rate = 0.9;
      speechSynthesis.speak(words);
    });
  }
})();
