/* One cell of a page: its text in an editor, what can be done with it, and what came of it. */

import { button, make } from "./elements.js";

const MOST_SHOWN = 60_000;  // characters of output that stay on the page

/** What each kind of output is called to who hears the page; errors are said by the status. */
const STREAMS = { stdout: "live-printed", stderr: "live-warned", result: "live-result", error: "live-error" };

export class CellView {
  /**
   * @param {object} about - key, title, kind, text, given (the text as it was given out), helpId
   * @param {object} page - changed(view), run(view), check(view), hint(view), stop(): what is asked of it
   */
  constructor(about, page) {
    Object.assign(this, about);
    this.page = page;
    this.ran = null;  // the text that ran last
    this.isWords = about.kind === "words";
    this.build();
  }

  build() {
    const id = `live-${this.key}`;
    this.state = make("span", { class: "live-state" });
    this.area = make("textarea", {
      id: `${id}-text`, class: "live-area", spellcheck: this.isWords ? "true" : "false",
      autocapitalize: "off", autocomplete: "off", "aria-describedby": this.helpId,
      "aria-labelledby": `${id}-title`,
    });
    this.area.value = this.text;
    this.area.addEventListener("input", () => this.edited(this.area.value));
    this.area.addEventListener("keydown", (event) => this.keys(event));
    this.frame = make("div", { class: "live-editor" }, this.area);
    // The page has keys of its own, such as "/" for its search: none of them is meant in an editor.
    this.frame.addEventListener("keydown", (event) => event.stopPropagation());
    this.told = make("p", { class: "live-told", role: "status" });
    this.output = make("div", { class: "live-output", hidden: true, tabindex: "0", role: "group",
                                "aria-label": `Output of ${this.title}` });
    this.element = make("div", { class: `live-cell live-${this.kind}`, id, role: "group",
                                 "aria-labelledby": `${id}-title` },
      make("div", { class: "live-head" }, make("span", { id: `${id}-title` }, this.title), this.state),
      this.frame, this.tools(), this.told, this.output);
    this.size();
  }

  tools() {
    const named = { "aria-describedby": `live-${this.key}-title` };
    this.buttons = [];
    if (this.kind === "answer") {
      this.hinting = button("Hint", () => this.page.hint(this), named);
      this.buttons = [
        button("Check", () => this.page.check(this), { ...named, class: "live-button live-main" }),
        button("Run", () => this.page.run(this), named),
        this.hinting,
      ];
    } else if (!this.isWords) {
      this.buttons = [button("Run", () => this.page.run(this), { ...named, class: "live-button live-main" })];
    }
    this.stopping = button("Stop", () => this.page.stop(), { ...named, hidden: true });
    this.resetting = button("Start this cell over", () => this.reset(), named);
    return make("div", { class: "live-tools" }, ...this.buttons, this.stopping, this.resetting);
  }

  /** The lines of the textarea are all in sight. */
  size() {
    this.area.rows = Math.min(Math.max(this.text.split("\n").length + 1, 2), 40);
  }

  keys(event) {
    if (event.key !== "Enter" || this.isWords) return;
    if (event.shiftKey) this.page.run(this);
    else if (event.ctrlKey || event.metaKey) this.checkOrRun();
    else return;
    event.preventDefault();
  }

  checkOrRun() {
    if (this.kind === "answer") this.page.check(this);
    else this.page.run(this);
  }

  edited(text) {
    this.text = text;
    this.page.changed(this);
  }

  /** Put another text into the editor. */
  put(text) {
    this.text = text;
    this.area.value = text;
    if (this.editor) this.editor.text = text;
    this.size();
  }

  /** Take the text as it was given out; the one that was there can be had again. */
  reset() {
    const before = this.text;
    this.clear();
    if (before === this.given) {
      this.say("It is as it was given out.");
      return;
    }
    this.put(this.given);
    this.page.changed(this);
    this.say("It is as it was given out. ", button("Take my text back", () => {
      this.put(before);
      this.page.changed(this);
      this.say("Your text is back.");
    }));
  }

  /** Exchange the textarea for an editor, with the cursor where it was. */
  improve(makeEditor) {
    if (this.editor || this.isWords) return;
    const focused = document.activeElement === this.area;
    this.editor = makeEditor({
      parent: this.frame, text: this.text, labelledby: `live-${this.key}-title`,
      describedby: this.helpId, cursor: this.area.selectionStart,
      changed: (text) => { if (text !== this.text) this.edited(text); },
      run: (check) => (check ? this.checkOrRun() : this.page.run(this)),
    });
    this.area.hidden = true;
    if (focused) this.editor.focus();
  }

  hasFocus() {
    return this.frame.contains(document.activeElement);
  }

  say(...what) {
    this.told.replaceChildren(...what);
  }

  running(is) {
    this.element.classList.toggle("live-runs", is);
    this.element.setAttribute("aria-busy", String(is));
    this.stopping.hidden = !is;
  }

  clear() {
    this.output.replaceChildren();
    this.output.hidden = true;
    this.shown = 0;
  }

  /** Show a piece of output, which may have elements in it: an array of texts and elements. */
  print(stream, text, pieces = [text]) {
    if (!text || this.shown > MOST_SHOWN) return;
    this.shown += text.length;
    this.output.hidden = false;
    const last = this.output.lastElementChild;
    if (last?.className === STREAMS[stream]) last.append(...pieces);
    else this.output.append(make("pre", { class: STREAMS[stream] }, ...pieces));
  }
}
