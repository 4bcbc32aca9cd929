// What may be written at the cursor: asked of the server, which reads the text around it.

import { autocompletion, startCompletion } from "@codemirror/autocomplete";
import { Asking } from "./asking.js";
import { offsetOf, placeOf } from "./places.js";

const LONG = 400_000; // characters from which options are shown only when asked for
const NEEDED = 2;

export function completing(url, form) {
  const asking = new Asking(url, form);

  async function source(context) {
    const doc = context.state.doc;
    const begun = context.matchBefore(/[\w.-]+/);
    if (!context.explicit && (!begun || doc.length > LONG)) return null;
    const place = placeOf(doc, context.pos);
    try {
      const news = await asking.ask(doc.toString(), place);
      if (!news || context.aborted || news.options.length === 0) return null;
      return { from: offsetOf(doc, place.line, news.column), options: news.options.map(option), validFor: /^[\w.-]*$/ };
    } catch {
      return null; // the text can be written without
    }
  }

  return autocompletion({ override: [source], icons: false, maxRenderedOptions: 60, aboveCursor: false });
}

function option({ label, insert, about, needed }, index) {
  const apply = insert.endsWith(": ") ? (view, _, from, to) => put(view, insert, from, to) : insert;
  const detail = needed ? `${about} Needed.` : about;
  // The server's order is that of the format; what is needed stands first.
  return { label, detail, apply, boost: (needed ? NEEDED : 0) - index / 1000 };
}

// A key leads on to what may stand behind it.
function put(view, insert, from, to) {
  const rest = view.state.sliceDoc(to, to + 2);
  const words = rest.startsWith(":") ? insert.slice(0, -2) : insert;
  view.dispatch({ changes: { from, to, insert: words }, selection: { anchor: from + words.length }, userEvent: "input.complete" });
  if (words === insert) startCompletion(view);
}
