// What stands in a form's fields: read, compared and put back.

// The fields that a person fills in: all but files, passwords and hidden ones.
export function typed(form) {
  const unkept = form.querySelectorAll("input[type=hidden], input[type=password]");
  const names = new Set([...unkept].map((input) => input.name));
  return [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !names.has(name));
}

// The server trims what it stores, so that spaces at the ends are no difference.
export function same(fields, others) {
  const trimmed = (list) => JSON.stringify(list.map(([name, value]) => [name, value.trim()]));
  return trimmed(fields) === trimmed(others);
}

// Whether nothing that was typed is missing from the page: words taken from elsewhere stand below those that were typed.
export function holds(page, fields) {
  const stands = (words, value) => words === value || /^\s*\n\s*\n/.test(words.startsWith(value) ? words.slice(value.length) : "");
  return fields.every(([name, value]) => page.some(([other, words]) => other === name && stands(words.trim(), value.trim())));
}

export function fill(form, fields) {
  const values = new Map();
  for (const [name, value] of fields) values.set(name, [...(values.get(name) ?? []), value]);
  for (const control of form.elements) {
    if (!control.name || ["hidden", "submit", "file"].includes(control.type)) continue;
    const wanted = values.get(control.name) ?? [];
    if (["checkbox", "radio"].includes(control.type)) control.checked = wanted.includes(control.value);
    else control.value = wanted.shift() ?? "";
  }
}
