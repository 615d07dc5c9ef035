/* What this browser keeps of the whole book: shown, taken away as a file, brought back, removed. */

import { button, download, make } from "./elements.js";
import { bookPrefix } from "./names.js";
import { Store } from "./store.js";

const NAME = /^(\S+) (text|done|question) /;
const FILE = "book-work.json";

/** How much of each page is kept: {text, done, question}, the numbers of names of these kinds. */
function counts(store) {
  const pages = new Map();
  for (const name of store.all().keys()) {
    const [, page, kind] = NAME.exec(name) ?? [];
    if (!page) continue;
    if (!pages.has(page)) pages.set(page, { text: 0, done: 0, question: 0 });
    pages.get(page)[kind] += 1;
  }
  return pages;
}

const some = (number, one, many) => (number ? `${number} ${number === 1 ? one : many}` : "");

/** What is kept of a page, in words. */
const inWords = ({ text, done, question }) => [
  some(question, "question answered", "questions answered"),
  some(done, "exercise passed", "exercises passed"),
  some(text, "cell changed", "cells changed"),
].filter(Boolean).join(", ");

/** The buttons that take away, bring back and remove all that a book keeps; `changed` is told after. */
function tools(store, changed, told) {
  const take = () => download(FILE, `${JSON.stringify(Object.fromEntries(store.all()), null, 1)}\n`,
    "application/json");
  const file = make("input", { type: "file", accept: ".json,application/json", hidden: true,
                               "aria-label": "A file with your work", change: async () => {
    const [chosen] = file.files;
    file.value = "";
    if (!chosen) return;
    told(bringBack(store, await chosen.text()));
    changed();
  } });
  const remove = () => {
    if (!confirm("This removes what you have written and answered on all pages of this book. Go on?")) return;
    store.clear();
    told("Nothing is kept any more.");
    changed();
  };
  return make("div", { class: "live-tools" }, button("Take it away as a file", take),
    button("Bring it back from a file …", () => file.click()), button("Remove it all", remove), file);
}

/** Keep what a file has; what to say of it. */
function bringBack(store, text) {
  let kept;
  try {
    kept = Object.entries(JSON.parse(text));
  } catch {
    kept = [];
  }
  const known = kept.filter(([name, value]) => /^\S+ \S/.test(name) && typeof value === "string");
  if (!known.length) return `This file has no work of this book. Choose ${FILE}, as you have taken it away.`;
  for (const [name, value] of known) store.set(name, value);
  return store.failing || "What the file has is kept here. Pages that are open show it when they are loaded again.";
}

/**
 * A fold with all that is kept, for a page on which something is done.
 *
 * @param {string} prefix - of all that the book keeps
 * @param {() => void} removed - is told when what is kept has changed
 */
export function keptWork(prefix, removed) {
  const store = new Store(prefix), list = make("ul");
  const told = make("p", { role: "status" });
  const show = () => {
    const found = [...counts(store)].sort().map(([page, count]) => make("li", {}, `${page}: ${inWords(count)}`));
    list.replaceChildren(...(found.length ? found : [make("li", {}, "nothing")]));
  };
  const changed = () => { show(); removed(); };
  return make("details", { class: "live-work", toggle: show },
    make("summary", {}, "All that this browser keeps of the book"), list,
    tools(store, changed, (text) => { told.textContent = text; }), told);
}

/** A table of all pages, with what their reader has done: `data-live`, and the pages as JSON inside. */
export function showWork(place) {
  const store = new Store(bookPrefix(place.dataset.live));
  const pages = JSON.parse(place.querySelector("script").textContent);
  const told = make("p", { role: "status" }), body = make("tbody");
  const head = ["Page", "Questions answered", "Exercises passed", "Cells changed"];
  const show = () => {
    const kept = counts(store);
    const of = (number, all) => (all ? `${number} of ${all}` : "–");
    body.replaceChildren(...pages.map(({ name, title, href, questions, exercises }) => {
      const { text, done, question } = kept.get(name) ?? { text: 0, done: 0, question: 0 };
      return make("tr", {}, make("th", { scope: "row" }, make("a", { href }, title)),
        ...[of(question, questions), of(done, exercises), text || "–"].map((cell) => make("td", {}, cell)));
    }));
  };
  place.append(
    make("div", { class: "pst-scrollable-table-container", tabindex: "0", role: "group", "aria-label": "Your work" },
      make("table", { class: "table" },
        make("thead", {}, make("tr", {}, ...head.map((text) => make("th", { scope: "col" }, text)))), body)),
    tools(store, show, (text) => { told.textContent = text; }), told);
  show();
  addEventListener("storage", show);
}
