// The filters of the register: all choices of a long one appear in its place, with a field to find one by typing; and a
// form sends only what says something, so that its address is short.

const MANY = 12;

export function startFacets() {
  for (const link of document.querySelectorAll('.ts-facet a[href*="/register/choices/"]')) link.addEventListener("click", bringAll);
  for (const form of document.querySelectorAll("form[data-search]")) {
    form.addEventListener("submit", () => leaveOutEmpty(form));
    addEventListener("pageshow", () => {
      for (const field of form.elements) field.disabled = false;
    });
  }
  for (const all of document.querySelectorAll("fieldset[data-choices]")) addFinder(all);
}

function leaveOutEmpty(form) {
  const near = form.elements.near?.value.trim();
  const idle = { miles: ["20"], reach: ["either"] };
  for (const field of form.elements) {
    if (!field.name || !("value" in field)) continue;
    field.disabled = !field.value || (field.name in idle && (!near || idle[field.name].includes(field.value)));
  }
}

async function bringAll(event) {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const link = event.currentTarget;
  const here = link.closest("fieldset");
  try {
    const answer = await fetch(link.href);
    if (!answer.ok) throw new Error(answer.status);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const ticked = new Set([...here.querySelectorAll("input:checked")].map((box) => box.value));
    const labels = [...page.querySelectorAll("[data-choices] label")];
    for (const box of labels.map((label) => label.firstElementChild)) box.checked = ticked.has(box.value);
    for (const old of here.querySelectorAll("label")) old.remove();
    link.replaceWith(...labels.map((label) => document.adoptNode(label)));
    addFinder(here)?.focus();
  } catch {
    location.href = link.href; // the page itself has the choices too
  }
}

function addFinder(fieldset) {
  const labels = [...fieldset.querySelectorAll("label")];
  if (labels.length < MANY) return labels[0]?.firstElementChild;
  const finder = document.createElement("input");
  finder.type = "search";
  finder.className = "govuk-input ts-facet__find";
  finder.placeholder = "Type to find";
  finder.setAttribute("aria-label", `Find in ${fieldset.querySelector("legend").textContent.trim()}`);
  const said = document.createElement("span");
  said.className = "govuk-visually-hidden";
  said.setAttribute("role", "status");
  finder.addEventListener("input", () => {
    const typed = plain(finder.value);
    let left = 0;
    for (const label of labels) {
      label.hidden = !plain(label.children[1].textContent).includes(typed);
      left += label.hidden ? 0 : 1;
    }
    said.textContent = `${left} left`;
  });
  finder.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault(); // it finds a choice, and does not send the form yet
  });
  fieldset.querySelector("legend").after(finder, said);
  return finder;
}

function plain(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().trim();
}
