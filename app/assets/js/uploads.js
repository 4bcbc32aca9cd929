// Many files, each sent by itself: <form data-upload data-upload-limit="26214400" data-upload-then="URL">.
//
// Each file is one POST of the form's fields with `X-Requested-With: autosave`. Answers, as JSON:
//   201 or 200 {title, url, edit}   it is in the library
//   409 {title, url, problem}       it was there already
//   503 {problem}                   not now: may be tried again
//   anything else {problem|title}   not taken, and why
// A connection that is lost leaves nothing half there: the file waits, and is sent again when the connection is back.
// Two thousand files are a list of names and a few rows: only those that are sent, that failed, and the last that arrived
// stand on the page.

const AT_ONCE = 3;
const RETRY_MS = [1000, 4000, 15000];
const MOST_ARRIVED = 20;
const MOST_FAILED = 200;
const LOST = "The connection was lost. It is sent again as soon as the connection is back.";
const SIGNED_OUT = "You are signed out. Sign in again in another tab, then press “Try again”.";

function element(tag, className, text = "") {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.textContent = text;
  return made;
}

function button(words, about, press) {
  const made = element("button", "ts-link-button", words);
  made.type = "button";
  if (about) made.append(element("span", "govuk-visually-hidden", ` ${about}`));
  made.addEventListener("click", press);
  return made;
}

function link(words, address, about = "") {
  const made = element("a", "govuk-link", words);
  made.href = address;
  if (about) made.append(element("span", "govuk-visually-hidden", ` ${about}`));
  return made;
}

// One file on its way, and its row while it has one.
class Upload {
  constructor(file, fields) {
    this.file = file;
    this.fields = fields;
    this.state = "waiting";
    this.tries = 0;
    this.row = null;
  }

  get name() {
    return this.file.name;
  }
}

class Uploads {
  constructor(form) {
    this.form = form;
    this.input = form.querySelector("input[type=file]");
    this.place = form.querySelector("[data-upload-list]");
    this.drop = form.querySelector("[data-upload-drop]");
    this.limit = Number(form.dataset.uploadLimit);
    this.waiting = [];
    this.sending = new Set();
    this.lost = new Set();
    this.failed = new Set();
    this.arrived = [];
    this.total = 0;
    this.done = 0;
    this.refused = 0;
  }

  start() {
    this.form.querySelector("[data-upload-button]").hidden = true;
    this.drop.append(element("p", "ts-drop__words", "Or drop files here"));
    this.makeList();
    this.input.addEventListener("change", () => this.chosen());
    this.form.addEventListener("submit", (event) => event.preventDefault());
    for (const kind of ["dragenter", "dragover"]) this.drop.addEventListener(kind, (event) => this.hover(event, true));
    for (const kind of ["dragleave", "drop"]) this.drop.addEventListener(kind, (event) => this.hover(event, false));
    this.drop.addEventListener("drop", (event) => this.add(event.dataTransfer.files));
    window.addEventListener("online", () => this.resume());
    window.addEventListener("beforeunload", (event) => this.open && event.preventDefault());
  }

  get open() {
    return this.waiting.length + this.sending.size + this.lost.size;
  }

  makeList() {
    this.words = element("p", "govuk-body ts-upload__words");
    this.words.setAttribute("role", "status");
    this.bar = element("progress", "ts-progress");
    this.bar.setAttribute("aria-label", "All files");
    this.actions = element("div", "ts-actions");
    this.list = element("ul", "ts-evidence ts-upload__list");
    this.place.append(this.words, this.bar, this.actions, this.list);
    this.place.hidden = true;
  }

  hover(event, over) {
    event.preventDefault();
    this.drop.classList.toggle("ts-drop--over", over);
  }

  chosen() {
    this.add(this.input.files);
    this.input.value = "";
  }

  add(files) {
    const fields = [...new FormData(this.form)].filter(([, value]) => typeof value === "string");
    for (const file of files) {
      this.total += 1;
      const upload = new Upload(file, fields);
      if (file.size > this.limit) this.fail(upload, `This is larger than ${this.limit / 1048576} MB. Make it smaller, or split it.`);
      else this.waiting.push(upload);
    }
    this.place.hidden = this.total === 0;
    this.next();
  }

  next() {
    while (this.waiting.length && this.sending.size < AT_ONCE) this.send(this.waiting.shift());
    this.show();
  }

  send(upload) {
    upload.state = "sending";
    this.sending.add(upload);
    this.drawSending(upload);
    const body = new FormData();
    for (const [name, value] of upload.fields) body.append(name, value);
    body.append(this.input.name, upload.file, upload.name);
    const request = new XMLHttpRequest();
    upload.request = request;
    request.open("POST", this.form.action);
    request.setRequestHeader("X-Requested-With", "autosave");
    request.setRequestHeader("Accept", "application/json");
    request.upload.addEventListener("progress", (event) => this.progress(upload, event));
    request.addEventListener("load", () => this.hear(upload));
    for (const kind of ["error", "timeout"]) request.addEventListener(kind, () => this.lose(upload));
    request.send(body);
  }

  progress(upload, event) {
    if (!event.lengthComputable || !upload.bar) return;
    upload.bar.max = event.total;
    upload.bar.value = event.loaded;
    if (event.loaded === event.total) upload.bar.removeAttribute("value"); // all is sent, the answer is not there yet
  }

  hear(upload) {
    this.sending.delete(upload);
    const { status, responseURL, responseText } = upload.request;
    if (new URL(responseURL || location.href).pathname.startsWith("/sign-in")) this.fail(upload, SIGNED_OUT, true);
    else this.judge(upload, status, this.read(responseText));
    this.next();
  }

  judge(upload, status, news) {
    const there = status === 409 && news.url;
    if (status === 200 || status === 201 || (there && upload.tries)) this.arrive(upload, news);
    else if (there) this.fail(upload, news.problem, false, news);
    else this.fail(upload, news.problem || news.title || "This file was not taken. Try again.", status >= 500 || status === 429);
  }

  read(text) {
    try {
      return JSON.parse(text);
    } catch {
      return {};
    }
  }

  // Nothing came back. The file may have arrived all the same: then the next try says that it is there already.
  lose(upload) {
    this.sending.delete(upload);
    this.lost.add(upload);
    const pause = RETRY_MS[upload.tries];
    upload.tries += 1;
    this.drawProblem(upload, LOST, true);
    if (pause) setTimeout(() => this.again(upload), pause);
    this.next();
  }

  resume() {
    for (const upload of [...this.lost]) this.again(upload);
  }

  again(upload) {
    const known = this.lost.delete(upload) || this.failed.delete(upload);
    if (!known) return;
    if (upload.state === "failed") this.refused -= 1;
    upload.state = "waiting";
    upload.row?.remove();
    upload.row = null;
    this.waiting.unshift(upload);
    this.next();
  }

  stop(upload) {
    upload.request?.abort();
    for (const set of [this.sending, this.lost]) set.delete(upload);
    this.fail(upload, "Stopped. It was not sent.", true);
    this.next();
  }

  stopAll() {
    const rest = this.waiting;
    this.waiting = [];
    for (const upload of [...this.sending, ...this.lost, ...rest]) {
      upload.request?.abort();
      for (const set of [this.sending, this.lost]) set.delete(upload);
      this.fail(upload, "Stopped. It was not sent.", true);
    }
    this.show();
  }

  arrive(upload, news) {
    upload.state = "done";
    this.done += 1;
    this.undraw(upload);
    const row = element("li");
    row.append(link(news.title || upload.name, news.url), element("span", "ts-evidence__about", "In your library. "));
    row.lastChild.append(link("Edit title, kind and dates", news.edit, `of ${news.title || upload.name}`));
    this.list.append(row);
    this.arrived.push(row);
    if (this.arrived.length > MOST_ARRIVED) this.arrived.shift().remove();
    upload.file = { name: upload.name }; // lets go of what was sent
  }

  fail(upload, words, retry = false, there = null) {
    upload.state = "failed";
    this.refused += 1;
    this.failed.add(upload);
    if (this.failed.size <= MOST_FAILED) this.drawProblem(upload, words, retry, there);
    else this.undraw(upload);
  }

  undraw(upload) {
    upload.row?.remove();
    upload.row = null;
  }

  drawSending(upload) {
    this.undraw(upload);
    upload.row = element("li", "", upload.name);
    upload.bar = element("progress", "ts-progress");
    upload.bar.max = 1;
    upload.bar.value = 0;
    upload.bar.setAttribute("aria-label", upload.name);
    upload.row.append(upload.bar, button("Stop", upload.name, () => this.stop(upload)));
    this.list.prepend(upload.row);
  }

  drawProblem(upload, words, retry, there = null) {
    this.undraw(upload);
    upload.row = element("li");
    upload.row.append(there ? link(there.title, there.url) : upload.name);
    upload.row.append(element("span", "ts-trouble", words));
    if (retry) upload.row.append(button("Try again", upload.name, () => this.again(upload)));
    this.list.prepend(upload.row);
  }

  show() {
    this.bar.max = this.total || 1;
    this.bar.value = this.done + this.refused;
    const parts = [`${this.done.toLocaleString("en-GB")} of ${this.total.toLocaleString("en-GB")} ${this.total === 1 ? "file is" : "files are"} in your library`];
    if (this.refused) parts.push(`${this.refused.toLocaleString("en-GB")} not taken`);
    if (this.lost.size) parts.push(`${this.lost.size} waiting for the connection`);
    if (this.waiting.length) parts.push(`${this.waiting.length.toLocaleString("en-GB")} to go`);
    const words = `${parts.join(", ")}.`;
    if (this.open && Date.now() - (this.said ?? 0) < 1000) {
      clearTimeout(this.later);
      this.later = setTimeout(() => this.show(), 1000); // said once a second, so that it can be listened to
      return;
    }
    this.said = Date.now();
    if (this.words.textContent !== words) this.words.textContent = words;
    this.drawActions();
  }

  drawActions() {
    const wanted = this.open ? "stop" : this.done ? "then" : "";
    if (this.actions.dataset.wanted === wanted) return;
    this.actions.dataset.wanted = wanted;
    this.actions.textContent = "";
    if (wanted === "stop") this.actions.append(button("Stop all", "", () => this.stopAll()));
    if (wanted === "then") this.actions.append(button(this.form.dataset.uploadThenWords, "", () => this.leave()));
  }

  // On a page with an answer that is being written, its own button saves it and shows the page again.
  leave() {
    const save = document.querySelector("form[data-autosave] button[name=then][value=stay]");
    if (save) {
      save.form.requestSubmit(save);
      return;
    }
    const address = new URL(this.form.dataset.uploadThen, location.href);
    const here = address.pathname === location.pathname;
    location.href = address;
    if (here) location.reload();
  }
}

export function startUploads() {
  for (const form of document.querySelectorAll("form[data-upload]")) new Uploads(form).start();
}
