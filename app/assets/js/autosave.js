// A form that saves itself: <form data-autosave="URL" data-autosave-version-field="version" data-autosave-who="7">.
//
// It posts its fields as they are, with `X-Requested-With: autosave`. Answers, as JSON:
//   200 {saved_at, version, progress?: {done, total, words}, html?}   saved
//   409 {message, theirs: {words: text}, by, version}                 a colleague saved first: the person chooses
//   409 {title}                                                       it can no longer be changed
//   422 {errors: {field: sentence} or [sentence]}                     cannot be saved as it is
//   anything else, or none                                            kept in this browser and tried again

import { Draft, forgetAll, forgetOld } from "./drafts.js";

const PAUSE_MS = 800;
const RETRY_MS = [2000, 5000, 15000, 60000];
const KEPT = "Not saved. Your words are kept in this browser and saved when you are back.";
const LOST = "Not saved. Please keep this page open: this browser cannot keep your words.";

// The fields that a person fills in: all but files, passwords and hidden ones.
function typed(form) {
  const unkept = form.querySelectorAll("input[type=hidden], input[type=password]");
  const names = new Set([...unkept].map((input) => input.name));
  return [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !names.has(name));
}

// The server trims what it stores, so that spaces at the ends are no difference.
function same(fields, others) {
  const trimmed = (list) => JSON.stringify(list.map(([name, value]) => [name, value.trim()]));
  return trimmed(fields) === trimmed(others);
}

// Whether nothing that was typed is missing from the page: words taken from elsewhere stand below those that were typed.
function holds(page, fields) {
  const stands = (words, value) => words === value || /^\s*\n\s*\n/.test(words.startsWith(value) ? words.slice(value.length) : "");
  return fields.every(([name, value]) => page.some(([other, words]) => other === name && stands(words.trim(), value.trim())));
}

function fill(form, fields) {
  const values = new Map();
  for (const [name, value] of fields) values.set(name, [...(values.get(name) ?? []), value]);
  for (const control of form.elements) {
    if (!control.name || ["hidden", "submit", "file"].includes(control.type)) continue;
    const wanted = values.get(control.name) ?? [];
    if (["checkbox", "radio"].includes(control.type)) control.checked = wanted.includes(control.value);
    else control.value = wanted.shift() ?? "";
  }
}

function element(tag, className, text = "") {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

function button(words, press) {
  const made = element("button", "govuk-button govuk-button--secondary", words);
  made.type = "button";
  made.addEventListener("click", press);
  return made;
}

class Autosave {
  constructor(form) {
    this.form = form;
    this.url = form.dataset.autosave;
    this.version = form.elements.namedItem(form.dataset.autosaveVersionField || "version");
    this.state = form.querySelector("[data-save-state]") ?? document.querySelector("[data-save-state]");
    this.draft = new Draft(this.url, form.dataset.autosaveWho || "");
    this.saved = this.snapshot();
    this.tries = 0;
    this.busy = false;
    this.again = false;
    this.stopped = false;
  }

  start() {
    this.offerDraft();
    for (const kind of ["input", "change"]) this.form.addEventListener(kind, () => this.later(PAUSE_MS));
    this.form.addEventListener("submit", () => this.leave());
    document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && this.save(true));
    window.addEventListener("pagehide", () => this.save(true));
    window.addEventListener("online", () => this.save());
  }

  snapshot() {
    return JSON.stringify(typed(this.form));
  }

  say(words, state = "") {
    if (!this.state) return;
    this.state.textContent = words;
    this.state.dataset.saveState = state;
  }

  later(delay) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), delay);
  }

  // The person presses the button: the whole form goes, and the page with it. The draft stays until a page that
  // has been saved shows the same words.
  leave() {
    clearTimeout(this.timer);
    this.stopped = true;
    if (this.snapshot() !== this.saved) this.keep();
  }

  keep() {
    return this.draft.keep(typed(this.form), this.version?.value);
  }

  async save(leaving = false) {
    clearTimeout(this.timer);
    if (this.stopped || this.snapshot() === this.saved) return;
    if (this.busy) {
      this.again = true;
      if (leaving) this.keep();
      return;
    }
    this.keep();
    this.busy = true;
    await this.send(leaving);
    this.busy = false;
    if (this.again) {
      this.again = false;
      this.later(PAUSE_MS);
    }
  }

  async send(leaving) {
    const sent = this.snapshot();
    const body = new FormData(this.form);
    for (const [name, value] of [...body]) if (value instanceof File) body.delete(name);
    try {
      const headers = { "X-Requested-With": "autosave", Accept: "application/json" };
      const answer = await fetch(this.url, { method: "POST", body, headers, keepalive: leaving, redirect: "error" });
      await this.hear(answer, sent);
    } catch {
      this.fail();
    }
  }

  async hear(answer, sent) {
    if (answer.status === 200) this.succeed(await answer.json(), sent);
    else if (answer.status === 409) this.clash(await answer.json());
    else if (answer.status === 422) this.refuse(await answer.json());
    else this.fail();
  }

  succeed(news, sent) {
    this.tries = 0;
    this.saved = sent;
    if (this.version) this.version.value = news.version;
    if (this.snapshot() === sent) this.draft.drop();
    else this.again = true;
    this.say(`Saved ${news.saved_at}`, "saved");
    this.showProgress(news.progress);
    if (news.html !== undefined) this.showHtml(news.html);
  }

  showProgress(progress) {
    const bar = document.querySelector("progress.ts-progress");
    if (!progress || !bar) return;
    bar.max = progress.total;
    bar.value = progress.done;
    if (!progress.words) return;
    bar.setAttribute("aria-label", progress.words);
    if (bar.previousElementSibling) bar.previousElementSibling.textContent = progress.words;
  }

  // What a saved score does to the outcome, written by the server (and escaped there).
  showHtml(html) {
    const place = document.querySelector("[data-autosave-html]");
    if (place) place.innerHTML = html;
  }

  refuse(news) {
    const sentences = Object.values(news.errors ?? {}).flat();
    this.say(`Not saved yet: ${sentences.join(" ") || news.title || "check what you entered."}`, "failed");
  }

  fail() {
    this.say(this.keep() ? KEPT : LOST, "failed");
    this.later(RETRY_MS[Math.min(this.tries, RETRY_MS.length - 1)]);
    this.tries += 1;
  }

  // Nothing typed is touched, and nothing is sent until the person has chosen.
  clash(news) {
    this.stopped = true;
    this.keep();
    if (!news.theirs) {
      this.say(`Not saved: ${news.title || news.message || "this can no longer be changed."}`, "failed");
      return;
    }
    this.say("Not saved: a colleague changed this too. Choose below.", "failed");
    const box = element("div", "ts-conflict");
    box.tabIndex = -1;
    box.setAttribute("role", "alert");
    box.append(element("h2", "govuk-heading-s", news.message || "A colleague saved this meanwhile."));
    for (const [words, text] of Object.entries(news.theirs)) {
      box.append(element("p", "govuk-body-s govuk-!-margin-bottom-1", words));
      box.append(element("blockquote", "ts-conflict__theirs govuk-body", text || "Nothing"));
    }
    const actions = element("div", "ts-actions");
    actions.append(button("Keep mine", () => this.keepMine(box, news)), button("Take theirs", () => this.takeTheirs()));
    box.append(element("p", "govuk-body", "What you typed is still in the form."), actions);
    this.form.before(box);
    box.focus();
  }

  keepMine(box, news) {
    if (this.version && news.version !== undefined) this.version.value = news.version;
    box.remove();
    this.stopped = false;
    this.saved = "";
    this.save();
  }

  takeTheirs() {
    this.draft.drop();
    location.reload();
  }

  // The page opens, and this browser holds words that the server does not have.
  offerDraft() {
    const draft = this.draft.read();
    if (!draft) return;
    const current = String(draft.version) === String(this.version?.value);
    if (same(draft.fields, typed(this.form)) || (!current && holds(typed(this.form), draft.fields))) {
      this.draft.drop();
      return;
    }
    const box = element("div", "ts-done ts-done--warning");
    box.setAttribute("role", "status");
    const when = new Date(draft.at).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" });
    const changed = current ? "" : " Somebody has saved this page since.";
    box.append(element("p", "govuk-body", `Words that you typed on ${when} were not saved.${changed}`));
    const actions = element("div", "ts-actions");
    actions.append(button("Put them back", () => this.restore(box, draft)), button("Throw them away", () => this.discard(box)));
    box.append(actions);
    this.form.before(box);
  }

  restore(box, draft) {
    fill(this.form, draft.fields);
    box.remove();
    this.form.querySelector("textarea, input:not([type=hidden])")?.focus();
    this.save();
  }

  discard(box) {
    this.draft.drop();
    box.remove();
  }
}

export function startAutosave() {
  forgetOld();
  for (const form of document.querySelectorAll("form[data-clears-drafts]")) form.addEventListener("submit", forgetAll);
  for (const form of document.querySelectorAll("form[data-autosave]")) new Autosave(form).start();
}
