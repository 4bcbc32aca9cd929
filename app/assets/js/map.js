// The map of the register: a row of the list lights up its point.

export function startMap() {
  const list = document.querySelector(".ts-map__list");
  if (!list) return;
  for (const [begin, end] of [["mouseover", "mouseout"], ["focusin", "focusout"]]) {
    list.addEventListener(begin, (event) => light(event, true));
    list.addEventListener(end, (event) => light(event, false));
  }
}

function light(event, on) {
  const row = event.target.closest("[data-of-spot]");
  const spot = row && document.querySelector(`[data-spot="${row.dataset.ofSpot}"]`);
  if (!spot) return;
  spot.classList.toggle("ts-spot--lit", on);
  if (on) spot.parentNode.append(spot); // above its neighbours
}
