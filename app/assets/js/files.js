// Says in words which files were chosen, and how large they are, before they are sent.

function size(bytes) {
  return bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

export function startFileNames() {
  for (const list of document.querySelectorAll("[data-files-of]")) {
    const input = document.getElementById(list.dataset.filesOf);
    input?.addEventListener("change", () => {
      const names = [...input.files].map((file) => `${file.name}, ${size(file.size)}`);
      list.textContent = names.length ? `Chosen: ${names.join("; ")}` : "";
    });
  }
}
