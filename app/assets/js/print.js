// <button data-print>: prints the page.

export function startPrinting() {
  for (const press of document.querySelectorAll("[data-print]")) press.addEventListener("click", () => window.print());
}
