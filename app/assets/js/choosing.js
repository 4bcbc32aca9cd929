// The shortlist of somebody without an account: kept in this browser, and nowhere else.
//
// Addresses carry it to the server (/shortlist?p=one&p=two), which draws it; the notes never leave the browser unless they are
// sent with a form. A box <input form="choosing" data-choose="Name" value="slug"> (or without a name, beside a heading) puts a provider on the list, [data-tray] counts it.

const KEY = "touchstone.shortlist";
const MOST = 50;
const MOST_COMPARED = 6;

// A full, forbidden or broken store is an empty list.
export function read() {
  try {
    const items = JSON.parse(localStorage.getItem(KEY))?.items;
    return Array.isArray(items) ? items.filter((item) => typeof item?.slug === "string") : [];
  } catch {
    return [];
  }
}

function write(items) {
  try {
    if (items.length) localStorage.setItem(KEY, JSON.stringify({ items }));
    else localStorage.removeItem(KEY);
    return true;
  } catch {
    return false;
  }
}

function add(slug, name) {
  const items = read();
  if (items.some((item) => item.slug === slug)) return "";
  if (items.length >= MOST) return `A shortlist in this browser holds ${MOST}. Sign in to keep longer ones.`;
  if (!write([...items, { slug, name, note: "" }])) return "This browser does not let us keep a list. Use the buttons below.";
  return "";
}

function remove(slug) {
  write(read().filter((item) => item.slug !== slug));
}

function address(base, items) {
  const url = new URL(base, location.href);
  url.search = new URLSearchParams(items.map((item) => ["p", item.slug]));
  return url;
}

// A box of a result says nothing twice: the heading beside it is the name.
function nameOf(box) {
  return box.dataset.choose || box.closest("li").querySelector("h3").textContent;
}

function startBoxes(boxes, tray) {
  const words = tray?.querySelector("[data-tray-words]");
  const plain = words?.textContent;

  function show(said = "") {
    const items = read();
    for (const box of boxes) box.checked = items.some((item) => item.slug === box.value);
    tray?.classList.toggle("ts-tray--stays", items.length > 0);
    if (!words) return;
    const count = items.length === 1 ? "1 provider is on your shortlist." : `${items.length} providers are on your shortlist.`;
    words.textContent = said || (items.length ? count : plain);
  }

  for (const box of boxes) {
    box.addEventListener("change", () => {
      let said = "";
      if (box.checked) said = add(box.value, nameOf(box));
      else remove(box.value);
      show(said);
    });
  }
  tray?.addEventListener("submit", (event) => {
    const items = read();
    if (!items.length) return;
    event.preventDefault();
    const base = event.submitter?.getAttribute("formaction") ?? tray.action;
    const comparing = base.includes("/compare");
    location.assign(address(base, comparing ? items.slice(0, MOST_COMPARED) : items));
  });
  window.addEventListener("storage", (event) => event.key === KEY && show());
  window.addEventListener("pageshow", () => show());
}

// The page of the shortlist: notes beside each provider, and what takes one away or brings it back.
function startPage(page) {
  const mine = read();
  if (page.dataset.shortlist === "empty" && mine.length) {
    location.replace(address(location.pathname, mine));
    return;
  }
  for (const field of page.querySelectorAll("[data-note]")) startNote(field);
  for (const link of page.querySelectorAll("a[data-remove]")) {
    link.addEventListener("click", () => remove(link.dataset.remove));
  }
  for (const link of page.querySelectorAll("a[data-restore]")) {
    link.addEventListener("click", () => add(link.dataset.restore, link.dataset.name));
  }
}

function startNote(field) {
  const slug = field.dataset.note;
  const kept = read().find((item) => item.slug === slug);
  if (kept?.note && !field.value) field.value = kept.note;
  field.addEventListener("input", () => {
    const items = read();
    const item = items.find((each) => each.slug === slug);
    if (item) item.note = field.value;
    else if (items.length < MOST) items.push({ slug, name: field.dataset.name, note: field.value });
    write(items);
  });
}

export function startChoosing() {
  const boxes = [...document.querySelectorAll('input[form="choosing"]')];
  const tray = document.querySelector("[data-tray]");
  if (boxes.length || tray) startBoxes(boxes, tray);
  const page = document.querySelector("[data-shortlist]");
  if (page) startPage(page);
  const moved = document.querySelector("[data-moved]");
  if (moved) for (const slug of moved.dataset.moved.split(" ")) remove(slug);
}
