// A second press of a submit button within a double click sends nothing. Coming back to the page makes it work again.

export function startOnce() {
  const sent = new WeakSet();
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!event.submitter?.hasAttribute("data-once")) return;
    if (sent.has(form)) {
      event.preventDefault();
      return;
    }
    sent.add(form);
    // Disabled only after the form's data was gathered: the button's own name and value belong to it.
    setTimeout(() => event.submitter.setAttribute("aria-disabled", "true"));
  });
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    for (const form of document.forms) sent.delete(form);
    for (const button of document.querySelectorAll("[data-once][aria-disabled]")) button.removeAttribute("aria-disabled");
  });
}
