// A form whose words are kept in this browser until they are sent: <form data-keeps="3" data-keeps-who="7">.
//
// The number changes once the server has them: words kept under another number have been sent, and are forgotten.

import { Draft } from "./drafts.js";

function start(form) {
  const { keeps, keepsWho } = form.dataset;
  const field = form.querySelector("textarea");
  const draft = new Draft(new URL(form.action).pathname, keepsWho);
  const kept = draft.read();
  if (kept && kept.version !== keeps) draft.drop();
  else if (kept && !field.value) field.value = kept.fields[0][1];
  field.addEventListener("input", () => {
    if (field.value.trim()) draft.keep([[field.name, field.value]], keeps);
    else draft.drop();
  });
}

export function startKeeping() {
  for (const form of document.querySelectorAll("form[data-keeps]")) start(form);
}
