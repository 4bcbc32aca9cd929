// What a visit sheet keeps on this device: words as they are typed, and, where the person asked for it, the page itself.
//
// Words stand in IndexedDB, one row for each criterion, by person and assessment. The page and what it is drawn with
// stand in a cache of its own, which only the sheet's service worker reads.

const DATABASE = "touchstone-visits";
const ROWS = "rows";
const CACHE = "touchstone-visit:";
const SHEET = /\/assessments\/\d+\/visit-sheet$/;
const FLAG = "touchstone.visits";

function open() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(DATABASE, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(ROWS, { keyPath: "key" });
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

async function within(mode, work) {
  const database = await open();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(ROWS, mode);
      const asked = work(transaction.objectStore(ROWS));
      transaction.oncomplete = () => resolve(asked?.result);
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    database.close();
  }
}

export const cacheOf = (path) => `${CACHE}${path}`;

// The rows of one person's sheet.
export class Kept {
  constructor(who, sheet) {
    this.start = `${who}:${sheet}:`;
  }

  async all() {
    return (await within("readonly", (rows) => rows.getAll())).filter(({ key }) => key.startsWith(this.start));
  }

  async put(row) {
    flag();
    await within("readwrite", (rows) => rows.put({ ...row, key: `${this.start}${row.code}` }));
  }

  async drop(codes) {
    await within("readwrite", (rows) => codes.map((code) => rows.delete(`${this.start}${code}`))[0]);
  }
}

// So that other pages know without opening anything that a sheet left something here.
function flag() {
  try {
    localStorage.setItem(FLAG, "1");
  } catch {
    // Then nothing is cleared by itself but what the browser clears.
  }
}

function flagged() {
  try {
    return localStorage.getItem(FLAG) !== null;
  } catch {
    return false;
  }
}

export const isUnsent = (row) => Object.keys(row.fields).some((name) => row.fields[name] !== row.base[name]);

async function everything() {
  return within("readonly", (rows) => rows.getAll());
}

// The page and its service worker go; words that were not sent stay where `path` names one sheet alone.
export async function forgetPage(path) {
  await caches.delete(cacheOf(path));
  for (const each of (await navigator.serviceWorker?.getRegistrations?.()) ?? []) {
    if (new URL(each.scope).pathname === path) await each.unregister();
  }
}

async function forgetEverything() {
  for (const name of await caches.keys()) if (name.startsWith(CACHE)) await caches.delete(name);
  for (const each of (await navigator.serviceWorker?.getRegistrations?.()) ?? []) {
    if (SHEET.test(new URL(each.scope).pathname)) await each.unregister();
  }
  await new Promise((resolve) => {
    const asked = indexedDB.deleteDatabase(DATABASE);
    asked.onsuccess = asked.onerror = asked.onblocked = resolve;
  });
  localStorage.removeItem(FLAG);
}

// Signing out clears the device. What was not sent would be lost, so that the person is asked first.
function clearOnSignOut(form) {
  let cleared = false;
  form.addEventListener("submit", async (event) => {
    if (cleared || !flagged()) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const unsent = (await everything().catch(() => [])).filter(isUnsent);
    if (unsent.length && form.dataset.confirmed === undefined) {
      askFirst(form, unsent);
      return;
    }
    await forgetEverything().catch(() => {});
    cleared = true;
    form.requestSubmit();
  });
}

function askFirst(form, unsent) {
  const sheet = unsent[0].key.split(":")[1];
  const said = document.createElement("div");
  said.className = "ts-done ts-done--warning";
  said.tabIndex = -1;
  said.setAttribute("role", "alert");
  const words = document.createElement("p");
  words.className = "govuk-body";
  words.textContent = `What you wrote on a visit sheet about ${unsent.map(({ code }) => code).join(", ")} has not been sent. `;
  const way = document.createElement("a");
  way.className = "govuk-link";
  way.href = `/assessments/${sheet}/visit-sheet`;
  way.textContent = "Open the sheet and send it";
  const lose = document.createElement("button");
  lose.type = "button";
  lose.className = "govuk-button govuk-button--warning";
  lose.textContent = "Sign out and lose it";
  lose.addEventListener("click", () => {
    form.dataset.confirmed = "";
    form.requestSubmit();
  });
  words.append(way);
  said.append(words, lose);
  document.querySelector("main")?.prepend(said);
  said.focus();
}

// A case that was handed in, on its own page: <div data-handed-in="3" data-handed-in-who="7">.
async function clearHandedIn({ dataset }) {
  const { handedIn, handedInWho } = dataset;
  await forgetPage(`/assessments/${handedIn}/visit-sheet`);
  const kept = new Kept(handedInWho, handedIn);
  const sent = (await kept.all()).filter((row) => !isUnsent(row));
  if (sent.length) await kept.drop(sent.map(({ code }) => code));
}

// Before a case is handed in: <form data-hands-in="3" data-hands-in-who="7">.
function holdBack(form) {
  let free = false;
  form.addEventListener("submit", async (event) => {
    if (free || !flagged()) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const { handsIn, handsInWho } = form.dataset;
    const unsent = (await new Kept(handsInWho, handsIn).all().catch(() => [])).filter(isUnsent);
    if (unsent.length) {
      const said = form.querySelector("[data-unsent-sheet]");
      said.hidden = false;
      said.focus();
      return;
    }
    free = true;
    form.requestSubmit(event.submitter);
  });
}

export function startVisits() {
  for (const form of document.querySelectorAll("form[data-clears-drafts]")) clearOnSignOut(form);
  for (const form of document.querySelectorAll("form[data-hands-in]")) holdBack(form);
  if (!flagged()) return;
  for (const place of document.querySelectorAll("[data-handed-in]")) clearHandedIn(place).catch(() => {});
}
