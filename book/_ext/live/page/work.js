/* What this browser keeps of the whole book: shown, taken away as a file, removed. */

import { button, download, make } from "./elements.js";
import { Store } from "./store.js";

const NAME = /^(\S+) (\S+)/;

/**
 * @param {string} prefix - of all that the book keeps
 * @param {() => void} removed - is told when all is gone
 */
export function keptWork(prefix, removed) {
  const store = new Store(prefix), list = make("ul");
  const show = () => {
    const found = [...counts(store)].map(([set, count]) => make("li", {}, `${set}: ${count}`));
    list.replaceChildren(...(found.length ? found : [make("li", {}, "nothing")]));
  };
  const remove = () => {
    if (!confirm("This removes what you have written on all pages of this book. Go on?")) return;
    store.clear();
    show();
    removed();
  };
  const take = () => download("book-work.json", `${JSON.stringify(Object.fromEntries(store.all()), null, 1)}\n`,
    "application/json");
  return make("details", { class: "live-work", toggle: show },
    make("summary", {}, "All that this browser keeps of the book"), list,
    make("div", { class: "live-tools" }, button("Take it away as a file", take), button("Remove it all", remove)));
}

/** How many exercises of each set are written in, and how many of them have passed. */
function counts(store) {
  const sets = new Map();
  for (const name of store.all().keys()) {
    const [, set, kind] = NAME.exec(name) ?? [];
    if (!set) continue;
    const count = sets.get(set) ?? { text: 0, done: 0 };
    if (kind in count) count[kind] += 1;
    sets.set(set, count);
  }
  return new Map([...sets].sort().map(([set, { text, done }]) =>
    [set, `${text} cells written in, ${done} exercises passed`]));
}
