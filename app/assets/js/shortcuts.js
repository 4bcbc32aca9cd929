// Keys on a page with a scale: 0 to 9 choose a point, Ctrl+Enter (or Cmd+Enter) presses the form's first button.
// On any page: Alt+N and Alt+P go to the next and the previous criterion, Alt+C to the comment. They work while typing.

import { keysOn } from "./keys.js";

const TYPING = "input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]";

function choose(scale, key) {
  const point = scale.querySelector(`input[type=radio][value="${key}"]`);
  if (!point) return false;
  point.focus();
  point.click();
  return true;
}

const WAYS = { KeyN: "a[rel=next]", KeyP: "a[rel=prev]", KeyC: "[data-comment] textarea" };

function go(event) {
  if (!event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const target = WAYS[event.code] && document.querySelector(WAYS[event.code]);
  if (!target) return;
  event.preventDefault();
  if (target.href) target.click();
  else {
    const folded = target.closest("details");
    if (folded) folded.open = true;
    target.focus();
  }
}

export function startShortcuts() {
  document.addEventListener("keydown", go);
  const scales = document.querySelectorAll("[data-scale]");
  if (scales.length !== 1) return;
  const scale = scales[0];
  const form = scale.closest("form");
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && form?.contains(event.target)) {
      event.preventDefault();
      form.querySelector("button[type=submit]")?.click();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches(TYPING)) return;
    if (keysOn() && /^[0-9]$/.test(event.key) && choose(scale, event.key)) event.preventDefault();
  });
}
