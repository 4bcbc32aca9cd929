// The editor of a framework's text: <textarea data-editor> with [data-editor-tools] somewhere on the page. The form still
// sends the textarea; without script the textarea is the editor.

import { enhance } from "./editor/enhance.js";

const tools = document.querySelector("[data-editor-tools]");
const textarea = document.querySelector("textarea[data-editor]");
if (tools && textarea?.form) enhance(textarea, tools);
