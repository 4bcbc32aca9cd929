// Trying scores: what they give is asked of the server with every change, and stands at the side. Without script a button
// does the same.

const PAUSE_MS = 250;
const FAILED = "This could not be worked out just now. Press “Show what it gives” to try again.";

class Sandbox {
  constructor(root) {
    this.root = root;
    this.form = root.querySelector("[data-trial-form]");
    this.place = (name) => root.querySelector(`[data-trial-${name}]`);
  }

  start() {
    this.form.addEventListener("change", () => this.later(0));
    this.form.addEventListener("input", (event) => event.target.matches("input[type=text]") && this.later(PAUSE_MS));
  }

  later(delay) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), delay);
  }

  async ask() {
    this.asking?.abort();
    this.asking = new AbortController();
    const fields = new FormData(this.form);
    fields.set("live", "1");
    try {
      const answer = await this.send(fields, this.asking.signal);
      if (!answer.ok) throw new Error(answer.status);
      this.show(await answer.json());
    } catch (error) {
      if (error.name !== "AbortError") this.complain([FAILED]);
    }
  }

  send(fields, signal) {
    const url = this.root.dataset.trial;
    const settings = { signal, cache: "no-store", headers: { Accept: "application/json" }, redirect: "error" };
    if (this.form.method === "post") return fetch(url, { ...settings, method: "POST", body: fields });
    return fetch(`${url}?${new URLSearchParams(fields)}`, settings);
  }

  show(news) {
    this.showOutcome(news.html);
    this.place("said").textContent = news.said;
    this.place("asked").textContent = news.asked;
    this.place("band").textContent = news.band;
    for (const [code, because] of Object.entries(news.not_asked)) this.showAsked(code, because);
    this.complain(news.problems);
    if (news.address) history.replaceState(null, "", news.address);
  }

  // Written by the server, and escaped there. What was open stays open.
  showOutcome(html) {
    const outcome = this.place("outcome");
    const open = [...outcome.querySelectorAll("details[open]")].map((details) => details.dataset.keepOpen);
    outcome.innerHTML = html;
    for (const name of open) outcome.querySelector(`[data-keep-open="${name}"]`)?.setAttribute("open", "");
  }

  showAsked(code, because) {
    const row = this.root.querySelector(`[data-trial-row="${CSS.escape(code)}"]`);
    row.classList.toggle("ts-trial__row--out", because !== "");
    row.querySelector("[data-trial-note]").textContent = because;
  }

  complain(sentences) {
    const place = this.place("problem");
    place.textContent = sentences.join(" ");
    place.hidden = sentences.length === 0;
  }
}

for (const root of document.querySelectorAll("[data-trial]")) new Sandbox(root).start();
