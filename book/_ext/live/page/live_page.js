/* What every page has on which Python runs: its cells, what is kept of them, and what they ask for. */

import { button, make } from "./elements.js";
import { bookPrefix } from "./names.js";
import { Ended, Python } from "./python.js";
import { Running } from "./running.js";
import { Store } from "./store.js";

export class LivePage {
  /**
   * @param {object} about - live, python: folders of the live files and of Python among them;
   *   name: of the page, in what is kept; files, archives: what Python gets, as the worker takes it
   */
  constructor({ live, python, name, files = [], archives = [] }) {
    this.book = bookPrefix(live);
    this.base = new URL(python, location.href).href;
    this.store = new Store(`${this.book}${name} `);
    this.python = new Python({ base: this.base, files, archives }, (text) => this.sayLoading(text));
    this.views = new Map();
    this.running = new Running(this);
  }

  /** What begins on every page, when its cells are there. */
  wakeUp() {
    document.head.append(make("link", { rel: "stylesheet", href: new URL("live.css", import.meta.url).href }));
    this.store.listen((name, text) => this.changedElsewhere(name, text));
    this.noteInterruption();
    this.refresh();
    this.loadEditor();
  }

  run(view) {
    return this.attempt(view, () => this.running.runCell(view));
  }

  check(view) {
    return this.attempt(view, () => this.running.check(view));
  }

  hint(view) {
    return this.attempt(view, () => this.running.hint(view), !view.heardAll);
  }

  stop() {
    this.python.end();
  }

  /** A piece of a cell's output as this page says it: texts and elements. */
  worded(view, text) {
    return [text];
  }

  /** What concerns the whole page. */
  sayState() {}

  /** Show anew what follows from what is kept. */
  refresh() {}

  /** The file that student code may look into: {path, text}; null where there is none. */
  savedFile() {
    return null;
  }

  /** How far the start of Python is: above, and where it was asked for. */
  sayLoading(text) {
    this.sayState(text);
    for (const view of this.views.values()) if (view.busy) view.say(text);
  }

  changedElsewhere(name, text) {
    const view = name.startsWith("text ") && this.views.get(name.slice("text ".length));
    if (view && (text ?? view.given) !== view.text) {
      const theirs = text ?? view.given, mine = view.text;
      const take = (wanted) => () => { view.put(wanted); this.changed(view); view.say("Taken."); };
      if (view.hasFocus()) {
        view.say("This cell was changed in another tab, too. ", button("Take that text", take(theirs)));
      } else {
        view.put(theirs);
        view.say("This cell was changed in another tab. ", button("Take my text back", take(mine)));
      }
    }
    this.refresh();
  }

  /** Say so if the page went away while a cell ran; nothing of the text is lost by that. */
  noteInterruption() {
    const view = this.views.get(this.store.get("runs") ?? "");
    view?.say("The page was left while this cell ran. Your text is here; run it again.");
    this.store.remove("runs");
  }

  async loadEditor() {
    if (this.makeEditor) return;
    try {
      ({ makeEditor: this.makeEditor } = await import(`${this.base}editor.js`));
      for (const view of this.views.values()) view.improve(this.makeEditor);
    } catch { /* the textareas stay */ }
  }

  /** Do what a button asks for, and say what keeps it from being done; `follows` what stands there. */
  async attempt(view, act, follows = false) {
    if (view.busy) return;
    view.busy = true;
    view.say("");
    if (!follows || view.shownFor !== view.text) view.clear();
    view.shownFor = view.text;
    view.running(true);
    this.store.set("runs", view.key);
    try {
      await act();
    } catch (error) {
      if (!(error instanceof Ended)) throw error;
      view.say(error.message);
    } finally {
      view.busy = false;
      view.running(false);
      this.store.remove("runs");
      this.refresh();
    }
  }
}
