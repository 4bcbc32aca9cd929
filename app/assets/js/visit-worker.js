// Serves one visit sheet where there is no connection. It is registered for that page's address alone, and only when the
// person asked to keep the page on this device (visit-sheet.js). Nothing else of the site passes through it but what the
// page itself is drawn with.

const HERE = new URL(self.registration.scope).pathname;
const CACHE = `touchstone-visit:${HERE}`;
const PATIENCE_MS = 6000;
const KEPT_MS = 14 * 24 * 3600 * 1000;
const SERVER_AWAY = new Set([502, 503, 504]);

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    if (url.pathname === HERE) event.respondWith(page(request));
  } else if (url.pathname.startsWith("/static/")) {
    event.respondWith(asset(request));
  }
});

// From the server, or as it was kept where the server cannot be reached or takes too long.
async function page(request) {
  const kept = await keptPage();
  try {
    const answer = await soon(fetch(request), kept);
    if (answer === kept || SERVER_AWAY.has(answer.status)) return kept ?? answer;
    if (answer.ok) await (await caches.open(CACHE)).put(HERE, answer.clone());
    else if (answer.status === 403 || answer.status === 404) await caches.delete(CACHE); // it is closed to this person
    return answer;
  } catch {
    return kept ?? Response.error();
  }
}

function soon(answer, kept) {
  if (!kept) return answer;
  const late = new Promise((resolve) => setTimeout(() => resolve(kept), PATIENCE_MS));
  return Promise.race([answer, late]);
}

async function keptPage() {
  const kept = await caches.match(HERE, { cacheName: CACHE });
  if (!kept) return undefined;
  const age = Date.now() - Date.parse(kept.headers.get("Date") ?? "");
  if (!(age > KEPT_MS)) return kept;
  await caches.delete(CACHE);
  return undefined;
}

// Its address changes with its content, so that what is kept is never old.
async function asset(request) {
  return (await caches.match(request, { cacheName: CACHE })) ?? fetch(request);
}
