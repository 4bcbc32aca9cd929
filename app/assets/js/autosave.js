// A form that saves itself: <form data-autosave="URL" data-autosave-version-field="version" data-autosave-who="7">.
//
// It posts its fields as they are, with `X-Requested-With: autosave`. Answers, as JSON:
//   200 {saved_at, version, progress?: {done, total, words}, html?}   saved
//   409 {message, theirs: {words: text}, by, version, merges?}        a colleague saved first: the person chooses
//   409 {title}                                                       it can no longer be changed
//   403 {title}                                                       the right to write was taken away
//   422 {errors: {field: sentence} or [sentence]}                     cannot be saved as it is
//   401                                                               signed out: kept, until the person signs in again
//   anything else, or none                                            kept in this browser and tried again
//
// Hidden fields `was_<name>` say what the server has in the field <name>: out of that two versions are merged.

import { Draft, forgetAll, forgetOld } from "./drafts.js";
import { box, button, link } from "./elements.js";
import { fill, holds, same, typed } from "./fields.js";

const PAUSE_MS = 800;
const RETRY_MS = [2000, 5000, 15000, 60000];
const KEPT = "Not saved. Your words are kept in this browser and saved when you are back.";
const SIGNED_OUT = "Not saved: you are signed out. Your words are kept in this browser.";
const NO_CONNECTION = "No connection, so this page stays open. Your words are kept in this browser and saved when you are back.";
const LOST = "Not saved. Please keep this page open: this browser cannot keep your words.";

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
    this.released = false;
    this.submitting = false;
  }

  start() {
    this.offerDraft();
    for (const kind of ["input", "change"]) this.form.addEventListener(kind, () => this.later(PAUSE_MS));
    this.form.addEventListener("submit", (event) => this.submit(event));
    document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && this.save(true));
    window.addEventListener("pagehide", () => this.save(true));
    window.addEventListener("online", () => this.save());
    window.addEventListener("pageshow", (event) => event.persisted && this.stopped && location.reload());
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

  // The person presses a button. What was typed is saved first, so that a lost connection leaves the page where it is;
  // whatever else the server has to say, it says on the page that the button leads to.
  async submit(event) {
    clearTimeout(this.timer);
    if (this.released || this.stopped || this.snapshot() === this.saved) return this.leave();
    event.preventDefault();
    event.stopPropagation();
    if (this.submitting) return;
    this.submitting = true;
    await this.save();
    while (this.busy) await this.sending;
    this.submitting = false;
    if (this.stopped) return;
    if (this.offline) {
      this.say(NO_CONNECTION, "failed");
      return;
    }
    this.released = true;
    this.form.requestSubmit(event.submitter);
  }

  // The form goes, and the page with it. The draft stays until a page that has been saved shows the same words.
  leave() {
    this.stopped = true;
    if (this.snapshot() !== this.saved) this.keep();
  }

  keep() {
    return this.draft.keep(typed(this.form), this.version?.value, this.was());
  }

  // What the server has, by the names of the hidden fields that say so.
  was() {
    return [...this.form.elements].filter((each) => each.name.startsWith("was_")).map((each) => [each.name, each.value]);
  }

  setWas(fields) {
    for (const [name, value] of fields) {
      const field = this.form.elements.namedItem(name);
      if (field) field.value = value;
    }
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
    this.sending = this.send(leaving);
    await this.sending;
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
      this.offline = false;
      await this.hear(answer, sent);
    } catch {
      this.offline = true;
      this.fail();
    }
  }

  async hear(answer, sent) {
    if (answer.status === 200) this.succeed(await answer.json(), sent);
    else if (answer.status === 409) this.clash(await answer.json());
    else if (answer.status === 422) this.refuse(await answer.json());
    else if (answer.status === 403) this.shut(await answer.json());
    else if (answer.status === 401) this.fail(SIGNED_OUT, link("Sign in again", `/sign-in?next=${encodeURIComponent(location.pathname)}`));
    else this.fail();
  }

  // The right to write here was taken away. What is on the screen can still be copied; nothing more is sent.
  shut(news) {
    this.stopped = true;
    this.keep();
    this.say(`Not saved. ${news.title || "You may no longer write here."} You can still copy your words from this page.`, "failed");
  }

  succeed(news, sent) {
    this.tries = 0;
    this.saved = sent;
    if (this.version) this.version.value = news.version;
    this.setWas(this.was().map(([name]) => [name, ""]));
    this.setWas(JSON.parse(sent).map(([name, value]) => [`was_${name}`, value]));
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

  fail(words = KEPT, way = null) {
    this.say(this.keep() ? words : LOST, "failed");
    if (way) this.state?.append(" ", way);
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
    const lines = [["h2", "govuk-heading-s", news.message || "A colleague saved this meanwhile."]];
    for (const [words, text] of Object.entries(news.theirs)) {
      lines.push(["p", "govuk-body-s govuk-!-margin-bottom-1", news.by ? `${words}, by ${news.by}` : words]);
      lines.push(["blockquote", "ts-conflict__theirs govuk-body", text || "Nothing"]);
    }
    lines.push(["p", "govuk-body", "What you typed is still in the form."]);
    const ways = [button("Keep mine", () => this.keepMine(shown, news)), button("Take theirs", () => this.takeTheirs(news))];
    if (news.merges) ways.unshift(button("Bring both together", () => this.go("merge"), "govuk-button"));
    const shown = box("ts-conflict", "alert", lines, ways);
    this.form.before(shown);
    shown.focus();
  }

  keepMine(shown, news) {
    if (this.version && news.version !== undefined) this.version.value = news.version;
    shown.remove();
    this.stopped = false;
    this.saved = "";
    this.save();
  }

  // Where versions are merged the server keeps on record what the person gives up.
  takeTheirs(news) {
    if (news.merges) {
      this.draft.settle(news.version - 1);
      this.go("theirs");
      return;
    }
    this.draft.drop();
    location.reload();
  }

  // The whole form to the server, which shows both versions or takes the colleague's.
  go(then) {
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name: "then", value: then });
    this.form.append(field);
    this.form.submit();
  }

  // The page opens, and this browser holds words that the server does not have.
  offerDraft() {
    const draft = this.draft.read();
    if (!draft) return;
    const current = String(draft.version) === String(this.version?.value);
    const settled = draft.settled !== undefined && Number(this.version?.value) > draft.settled;
    if (settled || same(draft.fields, typed(this.form)) || (!current && holds(typed(this.form), draft.fields))) {
      this.draft.drop();
      return;
    }
    const when = new Date(draft.at).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" });
    const changed = current ? "" : " Somebody has saved this page since.";
    const words = `Words that you typed on ${when} were not saved.${changed}`;
    const ways = [
      button("Put them back", () => this.restore(shown, draft, current)),
      button("Throw them away", () => this.discard(shown)),
    ];
    const shown = box("ts-done ts-done--warning", "status", [["p", "govuk-body", words]], ways);
    this.form.before(shown);
  }

  // Words typed over an older version are sent as such, so that the newer one is not overwritten but told of.
  restore(shown, draft, current) {
    fill(this.form, draft.fields);
    if (!current && this.version) {
      this.version.value = draft.version;
      this.setWas(draft.was ?? []);
    }
    shown.remove();
    this.form.querySelector("textarea, input:not([type=hidden])")?.focus();
    this.save();
  }

  discard(shown) {
    this.draft.drop();
    shown.remove();
  }
}

export function startAutosave() {
  forgetOld();
  for (const form of document.querySelectorAll("form[data-clears-drafts]")) form.addEventListener("submit", forgetAll);
  for (const form of document.querySelectorAll("form[data-autosave]")) new Autosave(form).start();
  for (const form of document.querySelectorAll("form[data-settles]")) form.addEventListener("submit", () => settle(form.dataset));
}

// The person chose between two versions: what they had typed is settled once the answer is at a later version.
function settle({ settles, settlesWho, settlesFrom }) {
  new Draft(settles, settlesWho).settle(Number(settlesFrom));
}
