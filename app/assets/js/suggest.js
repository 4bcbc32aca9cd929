// Suggestions while typing: a text field with `data-suggest` becomes a combobox with a list (ARIA 1.2). The field stays an
// ordinary one: whoever types on and presses Enter searches for what was typed.

const WAIT = 150; // milliseconds after the last key
const SHORTEST = 2;
const KINDS = { service: "service", group: "who it is for", name: "provider" };

export function startSuggesting() {
  for (const field of document.querySelectorAll("[data-suggest]")) new Suggester(field);
}

class Suggester {
  constructor(field) {
    this.field = field;
    this.typed = field.value;
    this.current = -1;
    this.asked = 0;
    this.list = document.createElement("ul");
    this.list.id = `${field.id}-suggestions`;
    this.list.className = "ts-suggestions";
    this.list.hidden = true;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", "Suggestions");
    this.said = document.createElement("span");
    this.said.className = "govuk-visually-hidden";
    this.said.setAttribute("role", "status");
    field.after(this.list, this.said);
    for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"],
      ["aria-controls", this.list.id]]) field.setAttribute(name, value);
    field.addEventListener("input", () => this.changed());
    field.addEventListener("keydown", (event) => this.key(event));
    field.addEventListener("blur", () => this.close());
    // A press must not take the focus away from the field before the click arrives.
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.choose(option);
    });
  }

  changed() {
    this.typed = this.field.value;
    clearTimeout(this.timer);
    if (this.typed.trim().length < SHORTEST) this.close();
    else this.timer = setTimeout(() => this.ask(), WAIT);
  }

  async ask() {
    const number = ++this.asked;
    const parameters = new URLSearchParams({ [this.field.name]: this.typed });
    try {
      const answer = await fetch(`${this.field.dataset.suggest}?${parameters}`);
      // An answer that was overtaken by another key, or by the choice, says nothing any more.
      if (!answer.ok || number !== this.asked || document.activeElement !== this.field) return;
      this.show(await answer.json());
    } catch {
      this.close(); // without a connection the field is an ordinary one
    }
  }

  show(found) {
    this.list.replaceChildren(...found.map((each, index) => this.option(each, index)));
    this.current = -1;
    this.field.removeAttribute("aria-activedescendant");
    this.list.hidden = !found.length;
    this.field.setAttribute("aria-expanded", String(found.length > 0));
    this.said.textContent = found.length ? `${found.length} suggestion${found.length > 1 ? "s" : ""}.` : "";
  }

  option(each, index) {
    const option = document.createElement("li");
    option.id = `${this.list.id}-${index}`;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    option.dataset.words = each.words;
    option.append(each.words);
    const more = [KINDS[each.kind], each.count > 1 ? each.count.toLocaleString("en-GB") : ""].filter(Boolean).join(", ");
    if (more) {
      const small = document.createElement("small");
      small.textContent = more;
      option.append(" ", small);
    }
    return option;
  }

  key(event) {
    const open = !this.list.hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (open) this.move(event.key === "ArrowDown" ? 1 : -1);
      else if (this.typed.trim().length >= SHORTEST) this.ask();
    } else if (event.key === "Escape" && open) {
      event.preventDefault(); // the first Escape shuts the list, and does not empty the field
      this.field.value = this.typed;
      this.close();
    } else if (event.key === "Enter" && open && this.current >= 0) {
      event.preventDefault();
      this.choose(this.list.children[this.current]);
    }
  }

  move(step) {
    const options = [...this.list.children];
    // One place more than there are options: the text as it was typed.
    this.current = ((this.current + 1 + step + options.length + 1) % (options.length + 1)) - 1;
    options.forEach((option, index) => option.setAttribute("aria-selected", String(index === this.current)));
    const option = options[this.current];
    if (option) {
      this.field.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else this.field.removeAttribute("aria-activedescendant");
    this.field.value = option ? option.dataset.words : this.typed;
  }

  choose(option) {
    this.field.value = this.typed = option.dataset.words;
    this.close();
    if ("submits" in this.field.dataset) this.field.form.requestSubmit();
  }

  close() {
    clearTimeout(this.timer);
    this.asked++;
    this.current = -1;
    this.list.hidden = true;
    this.said.textContent = "";
    this.field.setAttribute("aria-expanded", "false");
    this.field.removeAttribute("aria-activedescendant");
  }
}
