/* The page's side of Python: starts the worker, hands it cells, ends it if it does not come back. */

const GRACE = 5;  // seconds beyond a limit, for what stops by itself

/** A run that was ended from outside: Python begins anew, and its names are gone. */
export class Ended extends Error {}

export class Python {
  /**
   * @param {object} about - base: the folder of Pyodide; files, archives as the worker takes them
   * @param {(text: string) => void} told - is told how far the start is
   */
  constructor(about, told) {
    this.about = { files: [], archives: [], ...about };
    this.told = told;
    this.worker = null;
    this.waiting = Promise.resolve();
    this.runs = 0;
    this.starts = 0;
  }

  /** Start, if it does not run: {python, numpy}, the versions. */
  start() {
    this.started ??= new Promise((good, bad) => {
      this.starts += 1;
      this.worker = new Worker(new URL("worker.js", import.meta.url), { type: "module" });
      this.fail = bad;
      this.worker.onmessage = ({ data }) => {
        if (data.kind === "progress") this.told(data.text);
        else if (data.kind === "ready") good(data);
        else if (data.kind === "broken") this.end(new Ended(inWords(data.text)));
        else this.hear?.(data);
      };
      this.worker.onerror = (event) => {
        event.preventDefault();
        this.end(new Ended(inWords(event.message || "the worker cannot be loaded")));
      };
      const runnerUrl = new URL("runner.py", import.meta.url).href;
      this.worker.postMessage({ kind: "start", ...this.about, runnerUrl });
    });
    return this.started;
  }

  /**
   * Run cells one after the other, when what runs before is done.
   *
   * @param {object} wish - cells, saved, seconds as the worker takes them; on(message) hears it
   * @returns {Promise<Map<string, object|null>>} what stopped each cell, by its name
   */
  run(wish) {
    const turn = this.waiting.then(() => this.runNow(wish));
    this.waiting = turn.catch(() => {});
    return turn;
  }

  async runNow({ cells, saved = null, seconds, on = () => {} }) {
    await this.start();
    const number = ++this.runs, errors = new Map();
    return new Promise((good, bad) => {
      let clock;
      const over = (finish, what) => { clearTimeout(clock); this.hear = this.cut = null; finish(what); };
      const late = () => this.end(new Ended(
        `It did not come back in ${seconds} seconds, so Python was ended and begins anew. `
        + "A call that takes this long cannot be stopped in another way."));
      this.cut = (error) => over(bad, error);
      this.hear = (message) => {
        if (message.number !== number) return;
        if (message.kind === "began") {
          clearTimeout(clock);
          clock = setTimeout(late, 1000 * (seconds + GRACE));
        }
        if (message.kind === "ended") errors.set(message.name, message.error);
        on(message);
        if (message.kind === "done") over(good, errors);
      };
      this.worker.postMessage({ kind: "run", number, cells, saved, seconds });
    });
  }

  /** End the worker; the next run starts another. */
  end(error = new Ended("You stopped it. Python begins anew, so the cells above run again first.")) {
    this.worker?.terminate();
    this.worker = this.started = null;
    this.fail?.(error);  // who waits for the start
    this.cut?.(error);
  }
}

/** What to say when Python itself has stopped. */
function inWords(text) {
  if (/stack size|recursion/i.test(text)) {
    return "Python stopped for good: something calls itself without an end. It begins anew.";
  }
  if (/out of memory|memory access|allocation/i.test(text)) {
    return "Python stopped for good: the page has no more memory for it. It begins anew.";
  }
  if (/WebAssembly/.test(text)) {
    return "Python cannot run here: this browser, or the policy of the server, forbids WebAssembly. "
      + "Whoever publishes the page allows it by 'wasm-unsafe-eval' in script-src.";
  }
  return `Python cannot run here: ${text}. Load the page again; if that does not help, use another `
    + "browser, or work in Jupyter with the files of your course.";
}
