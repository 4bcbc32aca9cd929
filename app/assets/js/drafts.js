// What a person typed and the server does not have yet, kept in this browser: one draft per address and person.

const PREFIX = "touchstone.draft:";
const KEPT_DAYS = 30;
const DAY_MS = 24 * 3600 * 1000;

export class Draft {
  constructor(url, who) {
    this.key = `${PREFIX}${who}:${url}`;
  }

  // A full or forbidden store must not stop the person from working.
  // `was` is what the server had in the fields, as far as the form knows.
  keep(fields, version, was = []) {
    return this.write({ fields, version, was, at: Date.now() });
  }

  // To be forgotten as soon as the server is past this version.
  settle(version) {
    const draft = this.read();
    if (draft) this.write({ ...draft, settled: version });
  }

  write(draft) {
    try {
      localStorage.setItem(this.key, JSON.stringify(draft));
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

// The drafts of one person under addresses that begin so, as {url, draft}, the oldest first.
export function draftsOf(who, start) {
  const prefix = `${PREFIX}${who}:`;
  try {
    return Object.keys(localStorage)
      .filter((key) => key.startsWith(prefix + start))
      .map((key) => ({ url: key.slice(prefix.length), draft: new Draft(key.slice(prefix.length), who) }))
      .filter(({ draft }) => draft.read())
      .sort((one, other) => one.draft.read().at - other.draft.read().at);
  } catch {
    return [];
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
