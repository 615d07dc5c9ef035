// The search of the book: any word, best first. The index is made from PAGES, which search_index.py
// writes; MiniSearch finds words and what is spelled nearly so, Stemmer takes their endings off. What
// they cannot know is here: symbols and other names, what words are worth, and how results are shown.

// A word, or a symbol; and "hand in my notebook", which is one thing to do and none for hands
const WORD = /(?:hand(?:s|ed|ing)?|turn)(?: it| (?:my|the) \p{L}+)?[- ]in(?!\p{L})|\.T(?!\p{L})|[\p{L}\p{N}\p{M}]+|[∂∇∑√⊙⊤]/giu;
const SIGNS = {
  "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ϵ": "epsilon", "ζ": "zeta",
  "η": "eta", "θ": "theta", "κ": "kappa", "λ": "lambda", "μ": "mu", "ρ": "rho", "σ": "sigma",
  "φ": "phi", "ψ": "psi", "ω": "omega", "∇": "nabla", "∂": "partial", "∑": "sum", "Σ": "sum",
  "⊙": "hadamard", "√": "root", "⊤": "transpose", ".T": "transpose", "ŷ": "hat",
};
const ALIKE = ["backprop backpropagation", "loss cost", "neuron unit node", "minima minimum",
  "sigmoid logistic", "derivative gradient grad", "calculate compute", "surface landscape",
  "textbook book", "big large", "tiny little small", "bug mistake error", "pattern example sample",
  "train learn", "quick fast", "upload submit", "math maths mathematics", "plot picture figure",
  "right correct", "lr rate", "nn network", "mse squared", "autodiff automatic"];
const UNASKED = new Set(`a about an and any are as at be been before but by can cannot could did do does
  doesn don explain explained for from get gets give gives had happen happens has have help how i if in
  into is it its just know like m me mine my need needs no of on or our please really s should so some
  such t tell than that the their then there these they thing things this to too understand use used
  using vs versus want was we were what whats when where which who why will with work works would you
  your`.split(/\s+/));
const ASKING = /\bwhat (?:is|are) the differences?(?: between)?\b|\bdifferences? between\b|\bmeaning of\b|\bstands? for\b/gi;
const MEAN = /\b(do(?:es)?\b.*)\bmean\W*$/i;
const FIELDS = ["asked", "heading", "title", "text", "more"];
// How surely a page is about a word that stands there, and about words that stand there together
const ABOUT = { asked: 0.65, title: 0.75, heading: 0.4, text: 0.2, more: 0.08 };
const TOGETHER = { asked: 1, title: 0.9, heading: 0.5, text: 0.3, more: 0.1 };
// How much less it counts when other words stand there, too
const BESIDE = { asked: 0.6, title: 0.5, heading: 0.3, text: 0, more: 0 };
const SECTION = { heading: 1, text: 0.6, more: 0.3 };
const BEGINS = 0.5;
const NEARLY = 0.6;
const PHRASE = 0.4;
const CLEAR = 1.2;
const NAMED = 0.4;
const LEAST = 0.25;
const PRACTICE = /^(?:exercises|self-test)$/;
// What these pages gain, where nothing but a symbol is asked for
const LOOKED_UP = 0.5;
const EXPLAIN_SIGNS = /(?:glossary|notation)\.html$/;
const SHOWN = 20;
const AROUND = 80;

const stemmer = new Stemmer();
const stems = new Map();

function stem(word) {
  if (!stems.has(word)) stems.set(word, stemmed(word.normalize("NFC")));
  return stems.get(word);
}

function stemmed(word) {
  if (/[ -]/.test(word)) return "submit"; // of several words: something is handed in
  const plain = word.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "");
  return sign(word) ?? stemmer.stemWord(plain);
}

const sign = (word) => SIGNS[word] ?? SIGNS[word.toLowerCase()];
const words = (text) => text?.match(WORD) ?? [];
const telling = (text) => words(text).filter((word) => !UNASKED.has(word.toLowerCase())).map(stem);
const alike = new Map();
for (const names of ALIKE.map((line) => line.split(" ").map(stem))) {
  for (const name of names) alike.set(name, names.filter((other) => other !== name));
}

/** All that can be found: sections, and questions, which lead to the top of their page. */
function entries(pages) {
  return pages.flatMap((page, at) => [
    ...page.entries.map(([anchor, heading, text, more], place) => ({
      page: at, anchor: whole(anchor, heading), heading, text, more, title: place ? "" : page.title,
    })),
    ...page.asked.map((asked) => ({ page: at, asked })),
  ]).map((entry, id) => ({ id, ...entry }));
}

/** An anchor as it is, where the index has a mark for its heading. */
function whole(anchor, heading) {
  const small = heading.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");
  return anchor === "*" ? small : anchor.replace(/\+$/, () => heading.replaceAll(" ", "-"));
}

class BookSearch {
  constructor(pages) {
    this.pages = pages;
    this.entries = entries(pages);
    this.known = new Set();
    const processTerm = (word, field) => {
      if (field === "asked" && UNASKED.has(word)) return null;
      this.known.add(stem(word));
      return stem(word);
    };
    this.index = new MiniSearch({ fields: FIELDS, tokenize: words, processTerm });
    this.index.addAll(this.entries);
  }

  /** The words of a question that say something; all of them, if none does. */
  asked(question) {
    const said = question.replace(ASKING, " ").replace(MEAN, "$1");
    const some = [said, question].map(telling).find((found) => found.length);
    const all = some ?? words(question).map(stem);
    return [...new Set(all.flatMap((word, at) => this.written(word, all[at + 1])))];
  }

  /** A word, and what it is with the next one or in two, if the book writes it so. */
  written(word, next) {
    const joined = next && word.length > 2 ? stem(word + next) : "";
    if (this.known.has(joined)) return [word, joined];
    if (this.known.has(word) || alike.has(word)) return [word];
    for (let at = 3; at < word.length - 2; at++) {
      const parts = [word.slice(0, at), word.slice(at)].map(stem);
      if (parts.every((part) => this.known.has(part))) return parts;
    }
    return [word];
  }

  /** Where a word stands, by entry: how surely in each field, and in which spellings. */
  places(word) {
    const places = new Map();
    for (const [way, sure] of [[word, 1], ...(alike.get(word) ?? []).map((other) => [other, NEARLY])]) {
      for (const hit of this.spelled(way)) {
        const place = places.get(hit.id) ?? { fields: {}, terms: new Set() };
        places.set(hit.id, place);
        for (const [term, fields] of Object.entries(hit.match)) {
          const surely = sure * (term === way ? 1 : this.known.has(way) ? BEGINS : NEARLY);
          for (const field of fields) place.fields[field] = Math.max(place.fields[field] ?? 0, surely);
          place.terms.add(term);
        }
      }
    }
    return places;
  }

  /** A word of the book is taken as it is typed, or as the beginning of another; only what the book
      does not know may be a slip of the finger. */
  spelled(word) {
    return this.index.search(word, {
      tokenize: (text) => [text],
      processTerm: (term) => term,
      fuzzy: word.length > 4 && !this.known.has(word) ? (word.length > 7 ? 0.25 : 0.2) : false,
      prefix: word.length > 3,
    });
  }

  /** Pages, best first, each with the section that fits best. */
  find(question) {
    const asked = this.asked(question);
    const places = asked.map((word) => this.places(word));
    const rare = places.map((found) => this.rarity(found));
    const all = rare.reduce((sum, one) => sum + one, 0);
    const signs = new Set(words(question).filter(sign).map(stem));
    const alone = asked.every((word) => signs.has(word));
    const found = [...this.byPage(places)].map(([page, hits]) => {
      const looked = signs.size && EXPLAIN_SIGNS.test(this.pages[page].page);
      const worth = looked ? 1 : this.pages[page].worth;
      return { page, asked, hits, rare: rare.map((one) => one / all), worth, more: looked && alone ? LOOKED_UP : 0 };
    });
    for (const one of found) one.score = one.worth * this.score(one) + one.more;
    found.sort((a, b) => b.score - a.score);
    return found.map((one) => ({ ...one, ...this.section(one) }));
  }

  /** What a word tells: the more, the fewer pages have it. */
  rarity(places) {
    const pages = new Set([...places.keys()].map((id) => this.entries[id].page));
    return pages.size && Math.log(1 + this.pages.length / pages.size);
  }

  byPage(places) {
    const pages = new Map();
    places.forEach((found, at) => {
      for (const [id, place] of found) {
        const hits = pages.get(this.entries[id].page) ?? new Map();
        pages.set(this.entries[id].page, hits);
        if (!hits.has(id)) hits.set(id, []);
        hits.get(id)[at] = place;
      }
    });
    return pages;
  }

  /** Each word counts by its surest places on the page, and words that stand together once more. */
  score({ page, asked, hits, rare }) {
    const not = rare.map(() => 1);
    const askings = rare.map(() => 0);
    let together = 0;
    for (const [id, places] of hits) {
      for (const field of FIELDS) {
        const sure = rare.map((_, at) => places[at]?.fields[field] ?? 0);
        sure.forEach((one, at) => {
          if (field === "asked") askings[at] = Math.max(askings[at], one);
          else not[at] *= 1 - ABOUT[field] * one;
        });
        together = Math.max(together, this.together(this.entries[id], field, sure, rare));
      }
    }
    const apart = rare.reduce((sum, one, at) => sum + one * (1 - not[at] * (1 - ABOUT.asked * askings[at])), 0);
    return apart + together + PHRASE * this.phrases(page, asked, rare);
  }

  together(entry, field, sure, rare) {
    const share = rare.reduce((sum, one, at) => sum + one * sure[at], 0);
    if (!share || !BESIDE[field]) return TOGETHER[field] * share ** 1.3;
    const meant = sure.reduce((sum, one) => sum + one, 0) / new Set(telling(entry[field])).size;
    return TOGETHER[field] * share ** 1.3 * (1 - BESIDE[field] * (1 - Math.min(1, meant)));
  }

  /** How much of a question stands in the names of a page, word behind word. */
  phrases(at, asked, rare) {
    const page = this.pages[at];
    page.names ??= [page.title, ...page.asked, ...page.entries.map((entry) => entry[1])]
      .map((name) => ` ${telling(name).join(" ")} `).join("|");
    const pairs = asked.slice(1).map((word, i) => [` ${asked[i]} ${word} `, rare[i] + rare[i + 1]]);
    const said = pairs.filter(([pair]) => page.names.includes(pair));
    const weight = (some) => some.reduce((sum, [, one]) => sum + one, 0);
    return weight(said) / (weight(pairs) || 1);
  }

  /** The section that fits best; the top of the page, if none clearly does. What is shown is the
      text of the section, or of another one, if only that has the words. */
  section({ page, hits, rare }) {
    const title = new Set(telling(this.pages[page].title));
    const all = [...hits.values()];
    const told = rare.map((one, at) => (all.some((places) => meets(places[at]?.terms, title)) ? 0 : one));
    const [best, next] = [...hits].filter(([id]) => !this.entries[id].asked)
      .map(([id, places]) => inSection(this.entries[id], places, told, rare)).sort((a, b) => b.fit - a.fit);
    const top = this.entries.find((entry) => entry.page === page);
    const clear = best?.fit > LEAST && (best.named > NAMED || best.fit > CLEAR * (next?.fit ?? 0));
    const entry = clear ? best.entry : top;
    const terms = new Set(all.flat().flatMap((place) => [...place.terms]));
    const said = [entry, best?.entry].find((one) => one && meets(words(one.text).map(stem), terms)) ?? entry;
    return { entry, said, terms };
  }
}

/** How well a section fits by words that the title lacks, and how much of it its heading names. */
function inSection(entry, places, told, rare) {
  const sum = (worth, sure) => places.reduce((all, { fields }, at) => all + worth[at] * sure(fields), 0);
  const surest = (fields) => Math.max(0, ...Object.keys(SECTION).map((one) => SECTION[one] * (fields[one] ?? 0)));
  const meant = sum(rare.map(() => 1), (fields) => fields.heading ?? 0);
  const named = sum(rare, (fields) => fields.heading ?? 0) * Math.min(1, meant / telling(entry.heading).length || 0);
  const fit = PRACTICE.test(entry.anchor) ? 0 : sum(told, surest) + named;
  return { entry, fit, named };
}

const meets = (some, others) => [...some ?? []].some((one) => others.has(one));

/** The part of a text where most of the found words stand, cut at blanks. */
function excerpt({ text, more }, terms) {
  const places = [...text.matchAll(WORD)].filter((word) => terms.has(stem(word[0]))).map((word) => word.index);
  const near = (place) => places.filter((other) => other >= place && other < place + 2 * AROUND).length;
  const first = places.reduce((best, place) => (near(place) > near(best) ? place : best), places[0] ?? 0);
  let start = Math.max(0, first - AROUND);
  if (start) start = text.indexOf(" ", start) + 1;
  let end = Math.min(text.length, start + 3 * AROUND);
  if (end < text.length) end = Math.max(text.lastIndexOf(" ", end), start + AROUND);
  const behind = places.length ? [] : words(more).filter((word) => terms.has(stem(word)));
  const ends = [end < text.length ? "…" : "", behind.join(", "), behind.length ? "…" : ""];
  return (start ? "… " : "") + [text.slice(start, end), ...ends.filter(Boolean)].join(" ");
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
  const { entry, said, terms } = found;
  const link = document.createElement("a");
  link.href = page.page + (entry.anchor ? `#${entry.anchor}` : "");
  link.textContent = entry.heading ? `${page.title}: ${entry.heading}` : page.title;
  const item = document.createElement("li");
  item.append(link, marked(excerpt(said, terms), terms));
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
