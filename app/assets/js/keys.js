// Single keys of the scoring page, beside the digits of shortcuts.js: letters take a phrase as the reason, Enter saves and
// goes on, ? shows the keys. The box <input data-keys-on> turns all single keys off, on this device.

const OFF = "touchstone.keys-off";
const LETTERS = "abcdefghijklmnopqrstuvwxyz";
const TYPING = "input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]";
const PRESSED_BY_ENTER = "a, button, summary";

export function keysOn() {
  try {
    return localStorage.getItem(OFF) === null;
  } catch {
    return true;
  }
}

function turn(on) {
  try {
    if (on) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "1");
  } catch {
    // Then they stay as they are.
  }
}

// The phrases that go with the chosen point, each with its letter.
class Phrases {
  constructor(place) {
    this.form = place.closest("form");
    this.buttons = [...place.querySelectorAll("[data-phrase]")];
    this.letters = new Map();
    for (const each of this.buttons) each.addEventListener("click", () => this.take(each));
    this.form.addEventListener("change", () => this.show());
    this.show();
  }

  show() {
    const point = new FormData(this.form).get("point") ?? "";
    this.letters.clear();
    for (const each of this.buttons) {
      const { phrasePoint } = each.dataset;
      const fits = phrasePoint === undefined || phrasePoint === point;
      each.closest("li").hidden = !fits;
      const letter = fits ? LETTERS[this.letters.size] : undefined;
      each.textContent = each.dataset.phrase;
      if (!letter) continue;
      this.letters.set(letter, each);
      const key = document.createElement("kbd");
      key.textContent = letter;
      each.prepend(key, " ");
    }
  }

  // What is written already stays, with the phrase below it.
  take({ dataset }) {
    const reason = this.form.elements.namedItem("reason");
    if (reason.value.includes(dataset.phrase)) return;
    reason.value = [reason.value.trim(), dataset.phrase].filter(Boolean).join("\n");
    reason.dispatchEvent(new Event("input", { bubbles: true }));
  }

  press(letter) {
    const found = this.letters.get(letter);
    if (found) this.take(found);
    return Boolean(found);
  }
}

function showKeys(list) {
  list.open = !list.open;
  const summary = list.querySelector("summary");
  if (list.open) summary.focus();
}

function pressed(event, list, phrases, next) {
  if (event.key === "?") {
    showKeys(list);
    return true;
  }
  if (event.key === "Enter") {
    if (event.target.closest(PRESSED_BY_ENTER)) return false;
    next?.click();
    return Boolean(next);
  }
  return phrases?.press(event.key) ?? false;
}

export function startKeys() {
  const list = document.querySelector("[data-keys]");
  if (!list) return;
  const place = document.querySelector("[data-phrases]");
  const phrases = place && new Phrases(place);
  const next = document.querySelector("[data-save-next]");
  const box = list.querySelector("[data-keys-on]");
  box.checked = keysOn();
  box.addEventListener("change", () => turn(box.checked));
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || event.repeat) return;
    if (!keysOn() || event.target.matches(TYPING)) return;
    if (pressed(event, list, phrases, next)) event.preventDefault();
  });
}
