/* Runs the cells of a page: what stands above first, then a cell, its check, or a hint. */

const CELL_SECONDS = 60, CHECK_SECONDS = 180;
const CHECK_FAILED = "CheckFailed";
const MORE = "More: hint(";  // how a hint ends that is not the last
/** The page breaks lines by itself, as wide as it is. */
const UNBROKEN = { name: "(lines)", source: '__import__("checks").WIDTH = 10 ** 6' };

export class Running {
  /** @param {object} page - a LivePage; where something is checked it has checks and functionOf(key), too */
  constructor(page) {
    this.page = page;
    this.ranAt = 0;  // the start of Python in which the cells last ran
  }

  /** The views above one whose text has not run since Python started. */
  waitingAbove(view) {
    if (this.page.python.starts !== this.ranAt || !this.page.python.started) {
      for (const each of this.page.views.values()) each.ran = null;
    }
    const all = [...this.page.views.values()];
    return all.slice(0, all.indexOf(view))
      .filter((each) => !each.isWords && each.ran !== each.text);
  }

  async runViews(views, asked) {
    for (const each of views) if (each !== asked) each.clear();
    const texts = new Map(views.map((each) => [each.key, each.text]));
    const errors = await this.page.python.run({
      cells: views.map(({ key, text }) => ({ name: key, source: text })),
      saved: this.page.savedFile(),
      seconds: CELL_SECONDS,
      on: (message) => this.heard(this.page.views.get(message.name), message),
    });
    this.ranAt = this.page.python.starts;
    for (const each of views) {
      each.ran = each === asked && errors.get(each.key) ? null : texts.get(each.key);
    }
    return errors;
  }

  heard(view, { kind, stream, text, error }) {
    if (kind === "output") view?.print(stream, text, this.page.worded(view, text));
    if (kind === "ended" && error) view?.print("error", error.text, this.page.worded(view, error.text));
  }

  /** Run a cell, after those above it that have not run; what stopped it, or null. */
  async runCell(view) {
    this.page.sayVersions(view, await this.page.python.start());
    view.say("It runs …");
    const above = this.waitingAbove(view);
    const errors = await this.runViews([...above, view], view);
    const failed = above.filter((each) => errors.get(each.key));
    const error = errors.get(view.key);
    const first = above.length ? `First ran what stands above: ${count(above.length, "cell")}. ` : "";
    const names = failed.map((each) => each.title).join("; ");
    const stopped = names ? `Of these, stopped by an error: ${names}. ` : "";
    const line = error?.line ? ` in line ${error.line}` : "";
    view.say(first + stopped + (error ? `Stopped by ${error.kind}${line}.` : "It ran."));
    return error;
  }

  /** Run what must run before a call of `check` or `hint`; whether it did. */
  async prepared(view) {
    const above = this.waitingAbove(view);
    if (view.ran === view.text && !above.length) return true;
    return !(await this.runCell(view));
  }

  /** Run a call of `check` or `hint`: what stopped it, and what it said. */
  async call(view, suffix, source) {
    const name = `${view.key}${suffix}`;
    let said = "";
    const errors = await this.page.python.run({
      cells: [UNBROKEN, { name, source }], seconds: CHECK_SECONDS,
      saved: this.page.savedFile(),
      on: (message) => {
        said += message.text ?? "";
        this.heard(view, message);
      },
    });
    return { error: errors.get(name), said };
  }

  async check(view) {
    const text = view.text;
    if (!(await this.prepared(view))) return this.tried(view);
    view.say("It is checked …");
    const { error } = await this.call(view, "-check", this.page.checks.get(`${view.key}-check`));
    if (!error) this.page.store.set(`done ${view.key}`, text);
    view.failed = error ? text : null;
    view.say(!error ? "The check passes."
      : error.kind === CHECK_FAILED ? "Not yet: read what the check says below."
      : "The check was stopped; see below.");
    return this.tried(view);
  }

  async hint(view) {
    if (!(await this.prepared(view))) return;
    view.level = (view.level ?? 0) + 1;
    view.say("It is looked at …");
    if (!view.output.hidden) view.print("stdout", "\n");
    const source = `hint(${this.page.functionOf(view.key)}, ${view.level})`;
    const { said } = await this.call(view, "-hint", source);
    view.heardAll = !said.includes(MORE);
    if (view.heardAll) view.level = 0;
    view.hinting.textContent = view.heardAll ? "First hint again" : "Next hint";
    view.say("A hint stands below.");
  }

  tried(view) {
    this.page.store.set(`tried ${view.key}`, "yes");
  }
}

const count = (number, what) => `${number} ${what}${number === 1 ? "" : "s"}`;
