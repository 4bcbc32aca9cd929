// Puts the editor in the place of a textarea.

import { completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { bracketMatching, codeFolding, foldGutter, foldKeymap, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { lintGutter, lintKeymap } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { EditorState } from "@codemirror/state";
import { EditorView, drawSelection, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers } from "@codemirror/view";
import { classHighlighter } from "@lezer/highlight";
import { Checking, jump } from "./checking.js";
import { completing } from "./completing.js";
import { element } from "./dom.js";
import { hangingIndent } from "./indent.js";
import { Keeping } from "./keeping.js";

const PHRASES = {
  next: "Next",
  previous: "Previous",
  all: "Select all",
  replace: "Replace",
  "replace all": "Replace all",
  "match case": "Match capitals",
  "by word": "Whole words",
  close: "Close",
};
const KEYS = [
  "<kbd>Ctrl</kbd> <kbd>Space</kbd> shows what can be written here",
  "<kbd>F8</kbd> goes to the next mistake",
  "<kbd>Ctrl</kbd> <kbd>F</kbd> searches",
  "<kbd>Ctrl</kbd> <kbd>S</kbd> saves",
  "<kbd>Esc</kbd> and then <kbd>Tab</kbd> leaves the editor",
];

export function enhance(textarea, tools) {
  const form = textarea.form;
  const label = document.querySelector(`label[for="${textarea.id}"]`);
  label.id ||= `${textarea.id}-label`;
  const keys = element("p", "ts-keys");
  keys.id = `${textarea.id}-keys`;
  keys.innerHTML = `${KEYS.join(". ")}.`;

  const checking = new Checking(tools.dataset.check, form);
  const keeping = new Keeping(textarea, tools.dataset.who, "unsaved" in tools.dataset);
  const described = [textarea.getAttribute("aria-describedby"), keys.id].filter(Boolean).join(" ");
  const view = new EditorView({
    doc: textarea.value,
    extensions: [
      EditorView.cspNonce.of(tools.nonce),
      EditorView.contentAttributes.of({ "aria-labelledby": label.id, "aria-describedby": described, tabindex: "0" }),
      looks(),
      completing(tools.dataset.complete, form),
      checking.watch(),
      keeping.watch(),
      commands(form),
    ],
  });
  put(view, textarea, keys, checking, keeping);
  label.addEventListener("click", () => view.focus());
  keeping.start(view);
  checking.check(view);
  followAddress(view);
}

function looks() {
  return [
    EditorState.phrases.of(PHRASES),
    EditorState.tabSize.of(2),
    indentUnit.of("  "),
    lineNumbers(),
    lintGutter(),
    codeFolding(),
    foldGutter({ openText: "▾", closedText: "▸" }),
    history(),
    drawSelection(),
    indentOnInput(),
    bracketMatching(),
    highlightActiveLine(),
    highlightActiveLineGutter(),
    highlightSelectionMatches(),
    search({ top: true }),
    EditorView.lineWrapping,
    hangingIndent,
    yaml(),
    syntaxHighlighting(classHighlighter),
  ];
}

function commands(form) {
  const save = { key: "Mod-s", preventDefault: true, run: () => (form.requestSubmit(), true) };
  return keymap.of([
    save,
    ...completionKeymap,
    ...lintKeymap,
    ...searchKeymap,
    ...foldKeymap,
    ...historyKeymap,
    ...defaultKeymap,
    indentWithTab,
  ]);
}

// The textarea stays in the form, out of sight, and is what the form sends.
function put(view, textarea, keys, checking, keeping) {
  const box = element("div", "ts-editor", view.dom);
  textarea.hidden = true;
  textarea.before(keys, box, checking.place, keeping.state);
  for (const list of document.querySelectorAll("[data-problems]")) {
    (list.closest("section") ?? list).hidden = true; // the same list, as it was when the page was made
  }
}

// Links to #L12, on this page and from others, lead to line 12.
function followAddress(view) {
  const go = () => {
    const line = /^#L(\d+)$/.exec(location.hash);
    if (line) jump(view, Number(line[1]));
  };
  window.addEventListener("hashchange", go);
  go();
}
