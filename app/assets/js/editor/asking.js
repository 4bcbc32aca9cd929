// Questions to the server about the text. One question of a kind at a time: a newer one ends the older.

export class Asking {
  constructor(url, form) {
    this.url = url;
    this.form = form;
  }

  // The answer as JSON, or null where a newer question took its place. Throws where there is no answer.
  async ask(text, place = {}) {
    this.running?.abort();
    const own = new AbortController();
    this.running = own;
    const headers = { "Content-Type": "text/plain;charset=utf-8", Accept: "application/json" };
    headers["X-CSRFToken"] = this.form.elements.namedItem("csrf_token").value;
    const settings = { method: "POST", body: text, headers, signal: own.signal, redirect: "error" };
    try {
      const answer = await fetch(`${this.url}?${new URLSearchParams(place)}`, settings);
      if (!answer.ok) throw new Error(answer.status);
      return await answer.json();
    } catch (error) {
      if (error.name === "AbortError") return null;
      throw error;
    }
  }
}
