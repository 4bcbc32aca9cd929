// Menu and facets stand open on a wide screen. Browsers that cannot do that by style alone get it here.

const WIDE = "(min-width: 640px)";

export function startDetails() {
  if (CSS.supports("selector(::details-content)") || !matchMedia(WIDE).matches) return;
  for (const details of document.querySelectorAll(".ts-bar__menu, .ts-facets")) details.open = true;
}
