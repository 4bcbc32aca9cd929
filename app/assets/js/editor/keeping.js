// No word is lost: the text is kept in this browser until the server has it, leaving the page with unsaved words is asked
// about, and after saving one stands where one stood.

import { EditorView } from "@codemirror/view";
import { Draft } from "../drafts.js";
import { button, element } from "./dom.js";

const PAUSE_MS = 1000;
const FRESH_MS = 60_000;
const NOT_SAVED = "Not saved yet.";
const NOT_KEPT = "Not saved yet. This browser cannot keep a text of this size, so save it from time to time.";
const PLACE = "touchstone.editor-place:";

export class Keeping {
  // `unsaved`: the page shows a text that the server has not taken.
  constructor(textarea, who, unsaved) {
    this.textarea = textarea;
    this.form = textarea.form;
    this.version = this.form.elements.namedItem("version");
    this.draft = new Draft(location.pathname, who);
    this.saved = unsaved ? null : textarea.value;
    this.leaving = false;
    this.state = element("p", "ts-save", unsaved ? NOT_SAVED : "");
  }

  watch() {
    return EditorView.updateListener.of((update) => {
      if (!update.docChanged) return;
      this.state.textContent = NOT_SAVED;
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.keep(update.view), PAUSE_MS);
    });
  }

  start(view) {
    this.view = view;
    this.offerDraft();
    this.form.addEventListener("submit", () => this.submit());
    window.addEventListener("beforeunload", (event) => this.ask(event));
    window.addEventListener("pagehide", () => this.keep(view));
    window.addEventListener("pageshow", () => {
      this.leaving = false;
    });
    this.returnToPlace();
  }

  text() {
    return this.view.state.doc.toString();
  }

  changed() {
    return this.saved === null || !same(this.text(), this.saved);
  }

  keep() {
    clearTimeout(this.timer);
    if (!this.changed()) this.forgetOwn();
    else if (!this.draft.keep([["source", this.text()]], this.version?.value)) this.state.textContent = NOT_KEPT;
  }

  // Changed back to what is saved: only the words that this page kept are forgotten, not those it still offers.
  forgetOwn() {
    if (!this.offer) this.draft.drop();
    this.state.textContent = "";
  }

  submit() {
    this.textarea.value = this.text();
    this.keep();
    this.leaving = true;
    this.rememberPlace();
  }

  ask(event) {
    if (this.leaving || !this.changed()) return;
    this.keep();
    event.preventDefault();
  }

  offerDraft() {
    const kept = this.draft.read();
    const text = kept?.fields?.[0]?.[1];
    if (text === undefined || same(text, this.text())) {
      if (this.saved !== null) this.draft.drop();
      return;
    }
    const when = new Date(kept.at).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" });
    const since = String(kept.version) === String(this.version?.value) ? "" : " Somebody has saved this draft since.";
    const words = element("p", "govuk-body", `What you wrote up to ${when} was not saved.${since}`);
    const actions = element("div", "ts-actions");
    actions.append(
      button("Put it back", () => this.restore(text)),
      button("Throw it away", () => this.discard()),
    );
    this.offer = element("div", "ts-done ts-done--warning", words, actions);
    this.offer.setAttribute("role", "status");
    this.form.before(this.offer);
  }

  restore(text) {
    const view = this.view;
    view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
    this.endOffer();
    view.focus();
  }

  discard() {
    this.draft.drop();
    this.endOffer();
    this.view.focus();
  }

  endOffer() {
    this.offer.remove();
    this.offer = null;
  }

  rememberPlace() {
    const place = { head: this.view.state.selection.main.head, inside: this.view.scrollDOM.scrollTop, page: scrollY };
    try {
      sessionStorage.setItem(PLACE + location.pathname, JSON.stringify({ ...place, at: Date.now() }));
    } catch {
      // Then one begins at the top.
    }
  }

  returnToPlace() {
    let place = null;
    try {
      place = JSON.parse(sessionStorage.getItem(PLACE + location.pathname));
      sessionStorage.removeItem(PLACE + location.pathname);
    } catch {
      return;
    }
    if (!place || Date.now() - place.at > FRESH_MS) return;
    const head = Math.min(place.head, this.view.state.doc.length);
    this.view.dispatch({ selection: { anchor: head } });
    requestAnimationFrame(() => {
      this.view.scrollDOM.scrollTop = place.inside;
      if (document.querySelector(".govuk-error-summary")) return; // why it was not saved comes first
      scrollTo(0, place.page);
      this.view.contentDOM.focus({ preventScroll: true });
    });
  }
}

function same(text, other) {
  return text.replaceAll("\r\n", "\n") === other.replaceAll("\r\n", "\n");
}
