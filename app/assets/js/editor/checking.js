// Mistakes: asked of the server a moment after the last key, shown beside the line and in a list below the text.

import { setDiagnostics } from "@codemirror/lint";
import { EditorView } from "@codemirror/view";
import { Asking } from "./asking.js";
import { element, marked, smallButton } from "./dom.js";
import { offsetOf } from "./places.js";

const PAUSE_MS = 500;
const LONG_PAUSE_MS = 2000;
const LONG = 400_000; // characters from which a text is asked about less often
const FAILED = "The text could not be checked just now. It is checked when you save.";

export class Checking {
  constructor(url, form) {
    this.asking = new Asking(url, form);
    this.problems = [];
    this.said = element("p", "ts-mistakes__said");
    this.said.setAttribute("role", "status");
    this.list = element("ol", "ts-problems ts-mistakes__list");
    this.list.tabIndex = -1;
    this.list.setAttribute("aria-label", "Mistakes in the text");
    this.place = element("div", "ts-mistakes", this.said, this.list);
    this.list.hidden = true;
  }

  watch() {
    return EditorView.updateListener.of((update) => {
      if (update.docChanged) this.later(update.view);
    });
  }

  later(view) {
    clearTimeout(this.timer);
    const pause = view.state.doc.length > LONG ? LONG_PAUSE_MS : PAUSE_MS;
    this.timer = setTimeout(() => this.check(view), pause);
  }

  async check(view) {
    clearTimeout(this.timer);
    const doc = view.state.doc;
    try {
      const news = await this.asking.ask(doc.toString());
      if (news && view.state.doc.eq(doc)) this.show(view, news);
    } catch {
      this.say(FAILED);
    }
  }

  show(view, news) {
    const doc = view.state.doc;
    this.problems = news.problems;
    view.dispatch(setDiagnostics(view.state, news.problems.map((problem) => diagnostic(doc, problem))));
    this.say(news.said);
    this.place.classList.toggle("ts-mistakes--none", news.count === 0);
    this.list.hidden = news.problems.length === 0;
    this.list.replaceChildren(...news.problems.map((problem) => this.row(view, problem)));
  }

  // Said only when it is news: whoever listens is not told the same after every key.
  say(words) {
    if (this.said.textContent !== words) this.said.textContent = words;
  }

  row(view, problem) {
    const go = smallButton(`Line ${problem.line}`, () => jump(view, problem.line, problem.column));
    return element("li", "", go, ": ", ...marked(problem.message));
  }
}

// The whole word that is wrong, or the sign where nothing stands.
function diagnostic(doc, { line, column, message }) {
  const from = offsetOf(doc, line, column);
  const rest = doc.lineAt(from).text.slice(from - doc.lineAt(from).from);
  const word = /^("[^"]*"|'[^']*'|[^\s,:{}[\]]+)/.exec(rest);
  return { from, to: from + (word ? word[0].length : 0), severity: "error", message: plain(message) };
}

function plain(message) {
  const words = message.replaceAll("`", "“").replace(/“([^“]*)“/g, "“$1”");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export function jump(view, line, column = 1) {
  const at = offsetOf(view.state.doc, line, column);
  view.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: "center" }) });
  view.focus();
}

