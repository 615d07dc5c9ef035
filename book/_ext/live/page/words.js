/* What check, hint and summary say, as a page has it: with its buttons, and with links into the book. */

import { make } from "./elements.js";

/** Sentences that are about a notebook in Jupyter, and what is true of a page in their place. */
const IN_A_PAGE = [
  [/For more, call hint\(\w+\)\./g, "For more, press Hint."],
  [/\n+More: hint\(\w+, \d+\)\.\n?/g, "\n"],
  [/To see the same here, restart it and run all cells; then save it\./,
   "To see the same here, load this page again and run this cell; then download the notebook."],
  [/, as it was saved at \d\d:\d\d\./, ", as it stands on this page."],
];
const SECTION = /(The book has it under )"([^"]+)"/g;

/**
 * @param {string} text
 * @param {(title: string) => string} addressOf - where a section of the book is; "" if that is not known
 * @returns {(string|HTMLElement)[]} the pieces in their order
 */
export function inPage(text, addressOf) {
  for (const [said, meant] of IN_A_PAGE) text = text.replace(said, meant);
  const pieces = [];
  let end = 0;
  for (const { index, 0: whole, 1: before, 2: title } of text.matchAll(SECTION)) {
    const href = addressOf(title);
    if (!href) continue;
    pieces.push(text.slice(end, index) + before, make("a", { href }, title));
    end = index + whole.length;
  }
  return [...pieces, text.slice(end)];
}
