// Small parts of a page that a script puts there.

export function element(tag, className, text = "") {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

export function button(words, press, className = "govuk-button govuk-button--secondary") {
  const made = element("button", className, words);
  made.type = "button";
  made.addEventListener("click", press);
  return made;
}

export function link(words, url) {
  const made = element("a", "govuk-link", words);
  made.href = url;
  return made;
}

// A box of buttons above a form, that says what happened. `lines` are [tag, class, words].
export function box(className, role, lines, buttons) {
  const made = element("div", className);
  made.tabIndex = -1;
  made.setAttribute("role", role);
  for (const line of lines) made.append(element(...line));
  const actions = element("div", "ts-actions");
  actions.append(...buttons);
  made.append(actions);
  return made;
}
