// The visit sheet: every criterion of one case on one page, which goes on working where there is no connection.
//
// Each criterion is a form with the fields of FIELDS. As they are typed they are kept on this device with what the server
// had (`base`); whenever the server can be reached it is asked how things stand, and field by field what differs is sent,
// taken, or, where both sides changed, shown side by side for the person to choose.

import { box, button, element, link } from "./elements.js";
import { Kept, cacheOf, forgetPage, isUnsent } from "./visits.js";

const FIELDS = ["point", "confidence", "reason", "note"];
const OF_SCORE = FIELDS.slice(0, 3);
const TITLES = { point: "Score", confidence: "How sure", reason: "Reason", note: "Your own notes" };
const PAUSE_MS = 1200;
const RETRY_MS = 15_000;

const plain = (text) => (text ?? "").replace(/\r\n?/g, "\n").trim();

class Criterion {
  constructor(form, sheet) {
    this.form = form;
    this.sheet = sheet;
    this.code = form.dataset.criterion;
    this.state = form.querySelector("[data-save-state]");
    const fields = this.typed();
    const { scoreVersion, noteVersion } = form.dataset;
    this.row = { code: this.code, fields, base: fields, scoreVersion: Number(scoreVersion), noteVersion: Number(noteVersion) };
    for (const kind of ["input", "change"]) form.addEventListener(kind, () => this.changed());
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.sheet.sync();
    });
  }

  // What this device kept, unless the page that came is newer and nothing was typed since.
  take(kept) {
    const { scoreVersion, noteVersion } = this.row;
    const older = kept.scoreVersion < scoreVersion || kept.noteVersion < noteVersion;
    if (older && !isUnsent(kept)) return;
    this.row = { ...kept };
    this.fill();
    this.tell();
  }

  typed() {
    const data = new FormData(this.form);
    return Object.fromEntries(FIELDS.map((name) => [name, plain(data.get(name))]));
  }

  fill() {
    for (const name of FIELDS) {
      const value = this.row.fields[name];
      const control = this.form.elements.namedItem(name);
      if (!control) continue;
      if (control instanceof RadioNodeList) for (const each of control) each.checked = each.value === value;
      else if (plain(control.value) !== value) control.value = value;
    }
  }

  get unsent() {
    return isUnsent(this.row);
  }

  changed() {
    this.row = { ...this.row, fields: this.typed() };
    this.keep();
    this.tell();
    this.sheet.later(PAUSE_MS);
  }

  async keep() {
    try {
      await this.sheet.kept.put(this.row);
    } catch {
      this.say("This device cannot keep your words. Leave this page open until they are sent.", "failed");
    }
  }

  // The server's words meet those of this device. Fields that both changed are the person's to choose.
  meet(server) {
    const theirs = Object.fromEntries(FIELDS.map((name) => [name, plain(server[name])]));
    const { fields, base } = this.row;
    this.clashes = [];
    const met = { fields: { ...fields }, base: { ...base } };
    for (const name of FIELDS) {
      if (fields[name] === base[name]) met.fields[name] = met.base[name] = theirs[name];
      else if (theirs[name] === base[name] || theirs[name] === fields[name]) met.base[name] = theirs[name];
      else this.clashes.push({ name, mine: fields[name], theirs: theirs[name] });
    }
    const changed = JSON.stringify(met.fields) !== JSON.stringify(fields);
    this.row = { ...this.row, ...met, scoreVersion: server.score_version, noteVersion: server.note_version };
    if (changed) this.fill();
    this.showClashes();
  }

  clashesIn(names) {
    return this.clashes.some(({ name }) => names.includes(name));
  }

  differs(names) {
    return names.some((name) => this.row.fields[name] !== this.row.base[name]);
  }

  async send(token) {
    const parts = [
      [OF_SCORE, this.form.dataset.scoreUrl, "scoreVersion", { ...this.row.fields, version: this.row.scoreVersion }],
      [["note"], this.form.dataset.noteUrl, "noteVersion", { "note-text": this.row.fields.note, "note-version": this.row.noteVersion }],
    ];
    for (const [names, url, version, values] of parts) {
      if (!this.differs(names) || this.clashesIn(names)) continue;
      const sent = { ...this.row.fields };
      const news = await post(url, values, token);
      if (news.status === 409) return "again";
      if (news.status === 422) this.refused = Object.values(news.body.errors ?? {}).flat().join(" ");
      if (news.status !== 200) continue;
      this.refused = "";
      const base = { ...this.row.base };
      for (const name of names) base[name] = sent[name];
      this.row = { ...this.row, base, [version]: news.body.version };
      this.savedAt = news.body.saved_at;
    }
    await this.keep();
    this.tell();
    return "";
  }

  tell() {
    if (this.refused) this.say(`Not saved: ${this.refused}`, "failed");
    else if (this.clashes?.length) this.say("Not sent: it was changed elsewhere too. Choose above.", "failed");
    else if (this.unsent) this.say("Kept on this device, not sent yet", "failed");
    else this.say(this.savedAt ? `Sent ${this.savedAt}` : "", "saved");
  }

  say(words, state) {
    if (this.state.textContent === words) return;
    this.state.textContent = words;
    this.state.dataset.saveState = state;
  }

  showClashes() {
    const said = JSON.stringify(this.clashes);
    if (said === this.shownClashes) return;
    this.shownClashes = said;
    this.shown?.remove();
    if (!this.clashes.length) return;
    this.shown = box("ts-conflict", "alert", [["h3", "govuk-heading-s", `${this.code} was changed elsewhere too`]], []);
    for (const clash of this.clashes) this.shown.append(this.choice(clash));
    this.form.before(this.shown);
  }

  choice({ name, mine, theirs }) {
    const choice = element("div", "ts-split");
    const sides = [["On this device", mine, "Keep what is on this device"], ["Saved elsewhere", theirs, "Take what was saved elsewhere"]];
    for (const [title, text, words] of sides) {
      const side = element("div", "");
      side.append(
        element("p", "govuk-body-s govuk-!-margin-bottom-1", `${TITLES[name]}: ${title.toLowerCase()}`),
        element("blockquote", "ts-conflict__theirs govuk-body ts-pre", this.labelOf(name, text) || "Nothing"),
        button(words, () => this.choose(name, text, theirs)),
      );
      choice.append(side);
    }
    if (name === "reason" || name === "note") {
      choice.append(button("Keep both, one below the other", () => this.choose(name, `${mine}\n\n${theirs}`, theirs)));
    }
    return choice;
  }

  labelOf(name, value) {
    const input = [...this.form.querySelectorAll(`input[name="${name}"]`)].find((each) => each.value === value);
    return input?.labels?.[0]?.textContent.trim() || value;
  }

  choose(name, value, theirs) {
    this.row = { ...this.row, fields: { ...this.row.fields, [name]: value }, base: { ...this.row.base, [name]: theirs } };
    this.clashes = this.clashes.filter((each) => each.name !== name);
    this.fill();
    this.showClashes();
    this.keep();
    this.form.querySelector(`[name="${name}"]`)?.focus();
    this.sheet.sync();
  }
}

async function post(url, values, token) {
  const body = new FormData();
  body.append("csrf_token", token);
  for (const [name, value] of Object.entries(values)) body.append(name, value);
  const headers = { "X-Requested-With": "autosave", Accept: "application/json" };
  const answer = await fetch(url, { method: "POST", body, headers, redirect: "error" });
  return { status: answer.status, body: answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : {} };
}

class Sheet {
  constructor(root) {
    this.root = root;
    const { sheet, sheetWho, sheetState, sheetWorker, sheetAssets } = root.dataset;
    this.stateUrl = sheetState;
    this.workerUrl = sheetWorker;
    this.assets = JSON.parse(sheetAssets);
    this.path = location.pathname;
    this.kept = new Kept(sheetWho, sheet);
    this.words = root.querySelector("[data-sheet-words]");
    this.criteria = [...root.querySelectorAll("form[data-criterion]")].map((form) => new Criterion(form, this));
  }

  async start() {
    const kept = new Map((await this.kept.all().catch(() => [])).map((row) => [row.code, row]));
    for (const each of this.criteria) if (kept.has(each.code)) each.take(kept.get(each.code));
    this.showLeft([...kept.values()].filter((row) => isUnsent(row) && !this.criteria.some(({ code }) => code === row.code)));
    this.root.querySelector("[data-sheet-send]").addEventListener("click", () => this.sync());
    window.addEventListener("online", () => this.sync());
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.sync());
    await this.startKeeping();
    this.root.dataset.sheetReady = "";
    await this.sync();
  }

  // The page itself on this device: only where the person asks for it.
  async startKeeping() {
    const keep = this.root.querySelector("[data-sheet-keep]");
    const drop = this.root.querySelector("[data-sheet-drop]");
    if (!("serviceWorker" in navigator) || !("caches" in window) || !this.criteria.length) return;
    const show = (isKept) => {
      keep.hidden = isKept;
      drop.hidden = !isKept;
      this.root.querySelector("[data-sheet-kept]").hidden = !isKept;
    };
    keep.addEventListener("click", async () => {
      try {
        await this.keepPage();
        show(true);
        drop.focus();
      } catch {
        this.say("The page could not be kept on this device. Is there a connection, and room on the device?", "failed");
      }
    });
    drop.addEventListener("click", async () => {
      await forgetPage(this.path);
      const sent = this.criteria.filter((each) => !each.unsent).map(({ code }) => code);
      if (sent.length) await this.kept.drop(sent);
      show(false);
      keep.focus();
    });
    const isKept = await caches.has(cacheOf(this.path));
    show(isKept);
    if (isKept) this.keepPage().catch(() => {}); // fresh where there is a connection, as it was where there is none
  }

  async keepPage() {
    const page = await fetch(this.path, { headers: { Accept: "text/html" }, redirect: "error" });
    if (!page.ok) throw new Error(`The page was answered with ${page.status}.`);
    const cache = await caches.open(cacheOf(this.path));
    await cache.put(this.path, page);
    await cache.addAll(this.assets);
    const wanted = new Set([this.path, ...this.assets].map((path) => new URL(path, location.origin).href));
    for (const request of await cache.keys()) if (!wanted.has(request.url)) await cache.delete(request);
    await navigator.serviceWorker.register(this.workerUrl, { scope: this.path });
    await until(this.path);
    for (const each of this.criteria) await each.keep();
  }

  later(delay) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.sync(), delay);
  }

  async sync() {
    clearTimeout(this.timer);
    if (this.busy) {
      this.again = true;
      return;
    }
    this.busy = true;
    try {
      await this.exchange();
    } catch {
      this.away("No connection.");
    }
    this.busy = false;
    if (this.again) {
      this.again = false;
      this.later(0);
    }
  }

  async exchange() {
    const headers = { "X-Requested-With": "autosave", Accept: "application/json" };
    const answer = await fetch(this.stateUrl, { headers, redirect: "error" });
    if (answer.status === 401) return this.signedOut();
    if (answer.status === 403 || answer.status === 404) return this.closed();
    if (!answer.ok) return this.away("The server does not answer as it should.");
    const state = await answer.json();
    if (!state.editable) return this.closed();
    for (const each of this.criteria) {
      const server = state.records[each.code];
      if (!server) continue;
      each.meet(server);
      if (each.unsent && (await each.send(state.token)) === "again") this.again = true;
      else each.tell();
      await each.keep();
    }
    this.tell();
  }

  tell() {
    const unsent = this.criteria.filter((each) => each.unsent);
    const clashing = unsent.filter((each) => each.clashes?.length);
    if (!unsent.length) this.say("Everything on this sheet is saved.", "saved");
    else if (clashing.length) this.say(`Changed elsewhere too: ${codes(clashing)}. Choose which words stay.`, "failed");
    else this.later(RETRY_MS);
    if (unsent.length && !clashing.length) this.say(`Not sent yet: ${codes(unsent)}.`, "failed");
  }

  away(why) {
    const unsent = this.criteria.filter((each) => each.unsent);
    const left = unsent.length ? ` Kept on this device: ${codes(unsent)}.` : "";
    this.say(`${why} You can go on writing.${left} It is sent when the connection is back.`, "failed");
    this.later(RETRY_MS);
  }

  signedOut() {
    this.say("You are signed out. What you wrote is kept on this device until you sign in again.", "failed");
    this.words.append(" ", link("Sign in again", `/sign-in?next=${encodeURIComponent(this.path)}`));
  }

  closed() {
    forgetPage(this.path).catch(() => {});
    this.say("This assessment takes no more scores, so nothing more is sent. You can still copy your words.", "failed");
  }

  say(words, state) {
    this.words.textContent = words;
    this.words.dataset.saveState = state;
  }

  // Words on criteria that this page does not show any more: they are not lost, and not kept for ever.
  showLeft(rows) {
    const place = this.root.querySelector("[data-sheet-left]");
    if (!rows.length) return;
    place.hidden = false;
    for (const row of rows) {
      place.append(element("h3", "govuk-heading-s", row.code), element("p", "govuk-body ts-pre", said(row)));
    }
    place.append(
      button("Throw these words away", async () => {
        await this.kept.drop(rows.map(({ code }) => code));
        place.hidden = true;
      }),
    );
  }
}

const said = ({ fields }) => FIELDS.filter((name) => fields[name]).map((name) => `${TITLES[name]}: ${fields[name]}`).join("\n");
const codes = (criteria) => criteria.map(({ code }) => code).join(", ");

// Until the service worker of `path` is at work, so that it may be said that the page is kept.
async function until(path) {
  const registration = await navigator.serviceWorker.getRegistration(path);
  const worker = registration.installing ?? registration.waiting ?? registration.active;
  if (worker.state === "activated") return;
  await new Promise((resolve, reject) => {
    worker.addEventListener("statechange", () => {
      if (worker.state === "activated") resolve();
      if (worker.state === "redundant") reject(new Error("The service worker did not start."));
    });
  });
}

for (const root of document.querySelectorAll("[data-sheet]")) new Sheet(root).start();
