// A button that copies the text of another element. It shows itself only where the browser can do that.

export function startCopying() {
  if (!navigator.clipboard) return;
  for (const button of document.querySelectorAll("button[data-copy]")) {
    const text = document.getElementById(button.dataset.copy)?.textContent.trim();
    const status = button.parentElement.querySelector('[role="status"]');
    if (!text) continue;
    button.hidden = false;
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(text);
        status.textContent = "Copied";
      } catch {
        status.textContent = "Your browser would not copy it. Select the address and copy it yourself.";
      }
    });
  }
}
