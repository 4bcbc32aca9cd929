// A page that waits for work elsewhere: it shows how far that is, and is loaded again when it is done.

const EVERY = 1500;
const WORDS = { reading: "rows read so far", undoing: "awards taken back so far" };

export function startProgress() {
  const box = document.querySelector("[data-progress]");
  if (box) setTimeout(look, EVERY, box);
}

async function look(box) {
  try {
    const answer = await fetch(box.dataset.progress, { headers: { Accept: "application/json" }, redirect: "error" });
    const { state, done, total } = await answer.json();
    if (state !== box.dataset.progressState) {
      location.reload();
      return;
    }
    show(box, done, total);
  } catch {
    // The connection is away for a moment: look again.
  }
  setTimeout(look, EVERY, box);
}

function show(box, done, total) {
  const bar = box.querySelector("progress");
  if (!done) return;
  const words = `${done.toLocaleString("en-GB")} ${WORDS[box.dataset.progressState] || "rows done"}.`;
  bar.max = total || done;
  bar.value = done;
  bar.setAttribute("aria-label", words);
  bar.previousElementSibling.textContent = words;
}
