// The search of the book: any word, best first. The index is made from PAGES, which search_index.py
// writes; MiniSearch finds and weighs words, Stemmer takes their endings off. What MiniSearch cannot
// know is here: symbols and the names of letters, what a page is worth, and how results are shown.

const WORD = /[\p{L}\p{N}\p{M}]+|[∂∇∑√⊙⊤]/gu;
const SIGNS = {
  "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ϵ": "epsilon", "η": "eta",
  "θ": "theta", "κ": "kappa", "λ": "lambda", "μ": "mu", "ρ": "rho", "σ": "sigma", "φ": "phi",
  "ψ": "psi", "ω": "omega", "∇": "nabla", "∂": "partial", "∑": "sum", "⊙": "hadamard",
  "√": "root", "⊤": "transpose",
};
const UNASKED = new Set(`a about an and any are as at be been before but by can did do does for from get gets
  give gives had has have how i if in into is it its me my of on or our should so some such than that
  the their then there these they this to too use used using was we were what when where which who
  why will with would you your`.split(/\s+/));
const WEIGHTS = { asked: 6, heading: 3, title: 3, text: 1, more: 0.5 };
const OTHERS = 0.05; // what further sections of a page add to its best one
const SHOWN = 20;
const AROUND = 80;

const stemmer = new Stemmer();
const stems = new Map();

function stem(word) {
  if (!stems.has(word)) {
    const plain = word.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "");
    stems.set(word, SIGNS[plain] ?? stemmer.stemWord(plain));
  }
  return stems.get(word);
}

const words = (text) => text.match(WORD) ?? [];

/** All that can be found: sections, and questions, which lead to the top of their page. */
function entries(pages) {
  return pages.flatMap((page, at) => [
    ...page.entries.map(([anchor, heading, text, more]) => ({ page: at, anchor, heading, text, more, title: page.title })),
    ...page.asked.map((asked) => ({ page: at, anchor: "", heading: "", text: "", asked })),
  ]).map((entry, id) => ({ id, ...entry }));
}

class BookSearch {
  constructor(pages) {
    this.pages = pages;
    this.entries = entries(pages);
    const processTerm = (word, field) => (field === "asked" && UNASKED.has(word) ? null : stem(word));
    this.index = new MiniSearch({ fields: Object.keys(WEIGHTS), tokenize: words, processTerm });
    this.index.addAll(this.entries);
  }

  /** The words of a question that say something; all of them, if none does. */
  telling(question) {
    const all = words(question);
    const some = all.filter((word) => !UNASKED.has(word.toLowerCase()));
    return [...new Set((some.length ? some : all).map(stem))];
  }

  /** Pages, best first, each with the section that fits best. */
  find(question) {
    const asked = this.telling(question);
    if (!asked.length) return [];
    const best = new Map();
    const options = {
      boost: WEIGHTS,
      tokenize: (text) => text.split(" "),
      processTerm: (term) => term,
      fuzzy: (term) => (term.length > 4 ? 0.2 : false),
      prefix: (term) => term.length > 3,
    };
    for (const hit of this.index.search(asked.join(" "), options)) {
      const entry = this.entries[hit.id];
      const share = new Set(hit.queryTerms).size / asked.length;
      const score = hit.score * share ** 2 * this.pages[entry.page].worth;
      const found = best.get(entry.page) ?? { page: entry.page, score: 0, shown: 0, terms: new Set() };
      found.score = Math.max(found.score, score) + OTHERS * Math.min(found.score, score);
      if (!entry.asked && hit.score * share > found.shown) {
        found.shown = hit.score * share;
        found.entry = entry;
        found.terms = new Set(hit.terms);
      }
      best.set(entry.page, found);
    }
    return [...best.values()].sort((a, b) => b.score - a.score);
  }
}

/** The part of a text where most of the found words stand, cut at blanks. */
function excerpt(text, terms) {
  const places = [...text.matchAll(WORD)].filter((word) => terms.has(stem(word[0]))).map((word) => word.index);
  const near = (place) => places.filter((other) => other >= place && other < place + 2 * AROUND).length;
  const first = places.reduce((best, place) => (near(place) > near(best) ? place : best), places[0] ?? 0);
  let start = Math.max(0, first - AROUND);
  if (start) start = text.indexOf(" ", start) + 1;
  let end = Math.min(text.length, start + 3 * AROUND);
  if (end < text.length) end = Math.max(text.lastIndexOf(" ", end), start + AROUND);
  return (start ? "… " : "") + text.slice(start, end) + (end < text.length ? " …" : "");
}

/** A text with the found words marked. */
function marked(text, terms) {
  const line = document.createElement("p");
  let done = 0;
  for (const word of text.matchAll(WORD)) {
    if (!terms.has(stem(word[0]))) continue;
    line.append(text.slice(done, word.index));
    line.append(Object.assign(document.createElement("mark"), { textContent: word[0] }));
    done = word.index + word[0].length;
  }
  line.append(text.slice(done));
  return line;
}

function shown(search, found) {
  const page = search.pages[found.page];
  const entry = found.entry ?? search.entries.find((one) => one.page === found.page);
  const link = document.createElement("a");
  link.href = page.page + (entry.anchor ? `#${entry.anchor}` : "");
  link.textContent = entry.heading ? `${page.title}: ${entry.heading}` : page.title;
  const item = document.createElement("li");
  item.append(link, marked(excerpt(entry.text, found.terms), found.terms));
  return item;
}

function show(search, question, place) {
  const found = search.find(question);
  const said = document.createElement("p");
  said.className = "search-summary";
  said.textContent = !found.length
    ? `Nothing in the book has any of these words: ${question}`
    : found.length > SHOWN ? `The ${SHOWN} pages that fit best, of ${found.length}`
    : found.length === 1 ? "One page" : `${found.length} pages, those that fit best first`;
  const list = document.createElement("ol");
  list.className = "search-found";
  list.append(...found.slice(0, SHOWN).map((one) => shown(search, one)));
  place.replaceChildren(said, list);
}

if (typeof document !== "undefined") {
  addEventListener("DOMContentLoaded", () => {
    const question = new URLSearchParams(location.search).get("q")?.trim();
    for (const field of document.querySelectorAll("input[name=q]")) field.value = question ?? "";
    if (question) show(new BookSearch(PAGES), question, document.querySelector("#search-results"));
  });
}
