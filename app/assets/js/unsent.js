// What a person typed and the server does not have yet, on the page that leads to where it was typed:
// <div data-unsent="/applications/3/" data-unsent-who="7" data-unsent-token="..." hidden></div>
//
// It lists each such place, and sends them all as soon as there is a connection.

import { draftsOf } from "./drafts.js";
import { button, element, link } from "./elements.js";

const RETRY_MS = 20_000;
const PLACE = /^(.*\/criteria\/([^/]+))\/autosave$/;

class Unsent {
  constructor(place) {
    this.place = place;
    const { unsent, unsentWho, unsentToken } = place.dataset;
    this.token = unsentToken;
    this.rows = draftsOf(unsentWho, unsent)
      .map(({ url, draft }) => ({ url, draft, found: PLACE.exec(url) }))
      .filter(({ found, draft }) => found && draft.read().settled === undefined);
  }

  start() {
    if (!this.rows.length) return;
    this.show();
    window.addEventListener("online", () => this.sendAll());
    this.sendAll();
  }

  show() {
    this.place.className = "ts-done ts-done--warning ts-unsent";
    this.place.hidden = false;
    this.words = element("p", "govuk-body");
    this.words.setAttribute("role", "status");
    const list = element("ul", "govuk-list");
    for (const row of this.rows) {
      row.state = element("span", "ts-unsent__state", "kept in this browser");
      const item = element("li", "");
      item.append(link(decodeURIComponent(row.found[2]), row.found[1]), " ", row.state);
      list.append(item);
    }
    this.again = button("Send them now", () => this.sendAll());
    this.place.append(this.words, list);
  }

  async sendAll() {
    if (this.busy) return;
    this.busy = true;
    clearTimeout(this.timer);
    this.words.textContent = "Words that you typed were not saved yet. Sending them now.";
    for (const row of this.rows.filter((each) => !each.settled)) await this.send(row);
    this.busy = false;
    this.tell();
  }

  async send(row) {
    const kept = row.draft.read();
    if (!kept) {
      row.settled = true;
      return;
    }
    const body = new FormData();
    body.append("csrf_token", this.token);
    body.append("version", kept.version);
    for (const [name, value] of kept.fields) body.append(name, value);
    try {
      const headers = { "X-Requested-With": "autosave", Accept: "application/json" };
      this.hear(row, kept, await fetch(row.url, { method: "POST", body, headers, redirect: "error" }));
    } catch {
      row.state.textContent = "kept in this browser: no connection";
    }
  }

  hear(row, kept, answer) {
    if (answer.status === 200) {
      row.settled = row.saved = true;
      row.state.textContent = "saved";
      if (row.draft.read()?.at === kept.at) row.draft.drop();
    } else if (answer.status === 409 || answer.status === 422) {
      row.settled = true;
      row.state.textContent = "cannot be saved as it is: open it and choose";
    } else {
      row.state.textContent = "kept in this browser";
    }
  }

  tell() {
    const waiting = this.rows.filter((row) => !row.saved);
    const open = waiting.filter((row) => !row.settled);
    if (open.length) this.place.append(this.again);
    else this.again.remove();
    if (!waiting.length) {
      this.place.classList.remove("ts-done--warning");
      this.words.textContent = "Words that you typed without a connection are saved now.";
      return;
    }
    this.words.textContent = open.length
      ? "Words that you typed are kept in this browser. They are sent when there is a connection."
      : "Some words that you typed wait for you: a colleague changed the same answer, or it cannot be saved as it is.";
    if (open.length) this.timer = setTimeout(() => this.sendAll(), RETRY_MS);
  }
}

export function startUnsent() {
  for (const place of document.querySelectorAll("[data-unsent]")) new Unsent(place).start();
}
