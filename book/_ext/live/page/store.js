/* What is kept on the reader's machine: texts by name, in the browser's storage for this site.
 *
 * Where the browser keeps nothing, or has no room, the texts stay in this page, and `failing` says
 * so: then they are lost when it is closed.
 */

export class Store {
  /** @param {string} prefix - of all names, so that two books on one server stay apart */
  constructor(prefix) {
    this.prefix = prefix;
    this.here = new Map();
    this.failing = "";
  }

  get(name) {
    if (this.here.has(name)) return this.here.get(name);
    try {
      return localStorage.getItem(this.prefix + name);
    } catch {
      this.failing ||= "This browser keeps nothing for this site";
      return null;
    }
  }

  set(name, text) {
    try {
      localStorage.setItem(this.prefix + name, text);
      this.here.delete(name);
      if (!this.here.size) this.failing = "";
    } catch (error) {
      this.here.set(name, text);
      this.failing = error.name === "QuotaExceededError"
        ? "This browser has no more room for this site" : "This browser keeps nothing for this site";
    }
  }

  remove(name) {
    this.here.delete(name);
    try {
      localStorage.removeItem(this.prefix + name);
    } catch { /* then nothing is there */ }
  }

  /** All names that are kept, with their texts. */
  all() {
    const found = new Map(this.here);
    try {
      for (const key of Object.keys(localStorage)) {
        if (key.startsWith(this.prefix)) {
          const name = key.slice(this.prefix.length);
          if (!found.has(name)) found.set(name, localStorage.getItem(key));
        }
      }
    } catch { /* then only this page has any */ }
    return found;
  }

  clear() {
    for (const name of this.all().keys()) this.remove(name);
  }

  /** Hear what another tab keeps: `told(name, text)`, where null is what was removed. */
  listen(told) {
    addEventListener("storage", ({ key, newValue }) => {
      if (key?.startsWith(this.prefix)) told(key.slice(this.prefix.length), newValue);
    });
  }
}
