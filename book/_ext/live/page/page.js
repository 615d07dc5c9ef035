/* A problem set in its page: write, run, check, and take the notebook away to hand it in. */

import { CellView } from "./cell.js";
import { button, download, make } from "./elements.js";
import { LivePage } from "./live_page.js";
import { keyed, readNotebook, textOf, writeNotebook } from "./notebook.js";
import { guardSolutions } from "./solutions.js";
import { inPage } from "./words.js";
import { keptWork } from "./work.js";

const HELP = "live-keys";
const CALLED = /^check\((\w+)\)/m;

/** Work on the problem set that an element offers: `data-set`, `data-live`, `data-python`. */
export async function begin(offer) {
  if (offer.dataset.begun) return;
  offer.dataset.begun = "true";
  const page = new ProblemSetPage(offer);
  try {
    await page.open();
  } catch (error) {
    delete offer.dataset.begun;
    offer.append(make("p", { role: "alert" }, `It cannot begin here: ${error.message}. Load the page again.`));
  }
}

class ProblemSetPage extends LivePage {
  constructor(offer) {
    const { set, live, python } = offer.dataset;
    const folder = new URL(`${live}${set}/`, location.href).href;
    const files = ["checks.py", `${set}_cases.npz`].map((path) => ({ url: folder + path, path }));
    super({ live, python, name: set, files });
    Object.assign(this, { offer, set, folder });
  }

  async open() {
    const [release, sections] = await Promise.all(
      [this.loaded("notebook.json", "notebook"), this.loaded("sections.json", "list of sections")]);
    Object.assign(this, { release, sections });
    this.given = new Map(keyed(this.release).map(({ key, cell }) => [key, textOf(cell)]));
    this.checks = new Map(keyed(this.release)
      .filter(({ kind }) => kind === "check").map(({ key, cell }) => [key, textOf(cell)]));
    this.notebook = this.storedNotebook();
    this.offer.replaceChildren(...this.bar());
    this.show();
    this.guard();
    this.store.set("opened", "yes");
    addEventListener("beforeunload", (event) => this.leaving(event));
    this.wakeUp();
  }

  async loaded(file, what) {
    const answer = await fetch(this.folder + file);
    if (!answer.ok) throw new Error(`the ${what} of ${this.set} cannot be loaded (${answer.status})`);
    return answer.json();
  }

  /** The notebook that is worked on: the release, or one that was begun elsewhere. */
  storedNotebook() {
    const kept = this.store.get("notebook");
    try {
      return kept ? readNotebook(kept, this.release, this.set) : this.release;
    } catch {
      return this.release;
    }
  }

  // ---- what is seen

  bar() {
    this.state = make("p", { class: "live-told", role: "status" });
    this.progress = make("progress", { max: "1", value: "0", "aria-labelledby": "live-done" });
    this.done = make("span", { id: "live-done" });
    this.kept = make("p", { class: "live-kept" });
    this.doneBelow = make("span", {});
    this.below = make("div", { class: "live-tools live-below" }, this.doneBelow, this.downloading());
    this.file = make("input", { type: "file", accept: ".ipynb,application/json", hidden: true,
                                "aria-label": "A notebook that you have begun", change: () => this.openFile() });
    return [
      make("p", { class: "live-title" }, make("strong", {}, "You work on this problem set here.")),
      make("p", {}, this.done, " ", this.progress),
      make("div", { class: "live-tools" },
        this.downloading(),
        button("Open a notebook …", () => this.file.click()),
        button("Check all", () => this.checkAll()),
        button("Start the set over", () => this.startOver()),
        this.file),
      this.kept,
      make("p", { id: HELP, class: "live-help" },
        "In an editor: Shift+Enter runs the cell, Ctrl+Enter (on a Mac ⌘+Enter) checks it. "
        + "Tab indents; press Escape, then Tab, to leave the editor."),
      this.state,
      keptWork(this.book, () => this.beginAnew()),
    ];
  }

  downloading() {
    return button(`Download ${this.set}.ipynb`, () => this.download(), { class: "live-button live-main" });
  }

  /** Put a view in the place of each cell, and behind it what the notebook has beyond the release. */
  show() {
    for (const view of this.views.values()) view.element.remove();
    this.views.clear();
    let before = this.offer;
    for (const { key, cell, kind } of keyed(this.notebook)) {
      if (kind === "" || kind === "check") continue;
      const view = this.viewOf(key, kind, cell);
      const place = document.getElementById(key), anchor = place?.closest("p") ?? place;
      if (anchor) {
        anchor.hidden = kind !== "words";
        anchor.after(view.element);
      } else {
        before.after(view.element);
      }
      before = view.element;
      this.views.set(key, view);
    }
    before.after(this.below);
  }

  viewOf(key, kind, cell) {
    const given = this.given.get(key) ?? textOf(cell);
    const name = this.functionOf(key);
    const title = kind === "words" ? "Your answer, in Markdown"
      : kind === "answer" ? `Your code${name ? `: ${name}` : ""}`
      : this.given.has(key) ? "Code" : "A cell of your own";
    const view = new CellView(
      { key, kind, title, given, text: this.store.get(`text ${key}`) ?? textOf(cell), helpId: HELP },
      this);
    if (this.makeEditor) view.improve(this.makeEditor);
    return view;
  }

  functionOf(key) {
    return CALLED.exec(this.checks.get(`${key}-check`) ?? "")?.[1] ?? "";
  }

  get answers() {
    return [...this.views.values()].filter((view) => this.functionOf(view.key));
  }

  isComplete(view) {
    return this.store.get(`done ${view.key}`) === view.text;
  }

  worded({ key }, text) {
    const ways = this.sections[key] ?? {};
    return inPage(text, (title) =>
      Object.hasOwn(ways, title) ? new URL(ways[title], this.folder).href : "");
  }

  sayState(text) {
    this.state.textContent = text;
  }

  sayVersions(_, { python, numpy }) {
    this.sayState(`Python ${python}, NumPy ${numpy}`);
  }

  refresh() {
    for (const view of this.answers) {
      view.state.textContent = this.isComplete(view) ? "✓ complete"
        : view.failed === view.text ? "does not pass yet"
        : this.store.get(`done ${view.key}`) !== null ? "changed since it passed"
        : view.text === view.given ? "not begun" : "begun";
      view.element.classList.toggle("live-complete", this.isComplete(view));
    }
    const complete = this.answers.filter((view) => this.isComplete(view)).length;
    this.done.textContent = `${complete} of ${this.answers.length} exercises are complete.`;
    this.doneBelow.textContent = this.done.textContent;
    this.progress.max = this.answers.length;
    this.progress.value = complete;
    this.kept.textContent = this.whereItIsKept();
  }

  whereItIsKept() {
    const name = `${this.set}.ipynb`;
    if (this.store.failing) {
      return `${this.store.failing}: your work is lost when this page is closed. Download ${name} before you leave.`;
    }
    const saved = this.store.get("downloaded");
    const since = saved === null ? "You have not downloaded it yet."
      : this.texts() === saved ? "You have downloaded it as it is now."
      : "You have changed it since you last downloaded it.";
    return "Your work is kept in this browser, on this machine, and nowhere else; some browsers remove "
      + `what was not visited for a week. To keep it, and to hand it in, download ${name}. ${since}`;
  }

  // ---- what is kept

  texts() {
    return JSON.stringify([...this.views.values()].map(({ key, text }) => [key, text]));
  }

  changed(view) {
    if (view.text === view.given && !this.store.get("notebook")) this.store.remove(`text ${view.key}`);
    else this.store.set(`text ${view.key}`, view.text);
    view.level = 0;
    view.heardAll = false;
    if (view.hinting) view.hinting.textContent = "Hint";
    this.refresh();
  }

  changedElsewhere(name, text) {
    if (name === "notebook") {
      this.notebook = this.storedNotebook();
      this.show();
    }
    super.changedElsewhere(name, text);
  }

  leaving(event) {
    if (this.store.failing && this.texts() !== this.store.get("downloaded")) event.preventDefault();
  }

  /** The notebook with what is written here. */
  written() {
    return writeNotebook(this.notebook, (key) => this.views.get(key)?.text ?? null);
  }

  savedFile() {
    return { path: `${this.set}.ipynb`, text: this.written() };
  }

  download() {
    download(`${this.set}.ipynb`, this.written(), "application/x-ipynb+json");
    this.store.set("downloaded", this.texts());
    this.sayState(`${this.set}.ipynb lies where your browser puts downloads. That file is what you hand in.`);
    this.refresh();
  }

  async openFile() {
    const [file] = this.file.files;
    this.file.value = "";
    if (!file) return;
    try {
      const found = readNotebook(await file.text(), this.release, this.set);
      const begun = this.texts() !== (this.store.get("downloaded") ?? this.untouched());
      if (begun && !confirm("This replaces what you have here, which you have not downloaded. Go on?")) return;
      this.forgetTexts();
      this.store.set("notebook", JSON.stringify(found));
      this.notebook = found;
      this.show();
      this.guard();
      this.sayState(`${file.name} is open. "Check all" says what of it is complete.`);
    } catch (error) {
      this.sayState(error.message);
    }
    this.refresh();
  }

  untouched() {
    return JSON.stringify([...this.views.values()].map(({ key, given }) => [key, given]));
  }

  forgetTexts() {
    for (const name of this.store.all().keys()) {
      if (/^(text|done) /.test(name) || name === "notebook") this.store.remove(name);
    }
  }

  startOver() {
    if (!confirm("This removes all that you have written on this page. Go on?")) return;
    this.store.clear();
    this.beginAnew();
  }

  beginAnew() {
    this.notebook = this.release;
    this.python.end();
    this.show();
    this.refresh();
    this.sayState("The problem set is as it was given out.");
  }

  // ---- what runs

  async checkAll() {
    for (const view of this.answers) {
      if (view.text === view.given || this.isComplete(view)) continue;
      await this.check(view);
    }
    this.sayState(this.done.textContent);
  }

  guard() {
    guardSolutions(this.answers.map(({ key }) => key), this.store);
  }
}
