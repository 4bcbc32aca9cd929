// Small helpers for building parts of the page.

export function element(tag, className, ...inside) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...inside);
  return made;
}

// Words in which `backticks` mark what stands in the file.
export function marked(words) {
  return words.split("`").map((part, index) => (index % 2 ? element("code", "", part) : part));
}

export function button(words, press) {
  const made = element("button", "govuk-button govuk-button--secondary", words);
  made.type = "button";
  made.addEventListener("click", press);
  return made;
}

export function smallButton(words, press) {
  const made = element("button", "ts-link-button", words);
  made.type = "button";
  made.addEventListener("click", press);
  return made;
}
