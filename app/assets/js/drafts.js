// What a person typed and the server does not have yet, kept in this browser: one draft per address and person.

const PREFIX = "touchstone.draft:";
const KEPT_DAYS = 30;
const DAY_MS = 24 * 3600 * 1000;

export class Draft {
  constructor(url, who) {
    this.key = `${PREFIX}${who}:${url}`;
  }

  // A full or forbidden store must not stop the person from working.
  keep(fields, version) {
    try {
      localStorage.setItem(this.key, JSON.stringify({ fields, version, at: Date.now() }));
      return true;
    } catch {
      return false;
    }
  }

  read() {
    try {
      return JSON.parse(localStorage.getItem(this.key));
    } catch {
      return null;
    }
  }

  drop() {
    try {
      localStorage.removeItem(this.key);
    } catch {
      // Nothing was kept.
    }
  }
}

function forget(old) {
  try {
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith(PREFIX) && old(key)) localStorage.removeItem(key);
    }
  } catch {
    // Nothing was kept.
  }
}

export function forgetAll() {
  forget(() => true);
}

export function forgetOld(now = Date.now()) {
  forget((key) => {
    try {
      return now - JSON.parse(localStorage.getItem(key)).at > KEPT_DAYS * DAY_MS;
    } catch {
      return true;
    }
  });
}
