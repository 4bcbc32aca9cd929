// Lines that are too long go on beneath their own beginning, so that the indentation, which means something, stays in sight.

import { RangeSetBuilder } from "@codemirror/state";
import { Decoration, ViewPlugin } from "@codemirror/view";

const MOST = 30; // as many as there are classes for
const CLASSES = Array.from({ length: MOST }, (_, index) => Decoration.line({ class: `ts-indent-${index + 1}` }));

function indents(view) {
  const builder = new RangeSetBuilder();
  for (const { from, to } of view.visibleRanges) {
    for (let at = from; at <= to; ) {
      const line = view.state.doc.lineAt(at);
      const depth = Math.min(/^ *(- +)*/.exec(line.text)[0].length, MOST);
      if (depth) builder.add(line.from, line.from, CLASSES[depth - 1]);
      at = line.to + 1;
    }
  }
  return builder.finish();
}

export const hangingIndent = ViewPlugin.fromClass(
  class {
    constructor(view) {
      this.decorations = indents(view);
    }

    update(update) {
      if (update.docChanged || update.viewportChanged) this.decorations = indents(update.view);
    }
  },
  { decorations: (plugin) => plugin.decorations },
);
