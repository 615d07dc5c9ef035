/* Solutions open after an attempt, or when the reader says that there was one. */

import { button, make } from "./elements.js";

const WHY = "The solution opens when you have checked an answer of yours. ";

/**
 * @param {string[]} keys - of the exercises
 * @param {import("./store.js").Store} store - knows which were tried
 */
export function guardSolutions(keys, store) {
  for (const key of keys) {
    const solution = document.getElementById(`solution-of-${key}`);
    if (solution && !solution.dataset.guarded) guard(solution, `tried ${key}`, store);
  }
}

function guard(solution, name, store) {
  const isTried = () => store.get(name) !== null;
  const said = make("p", { class: "live-guard", hidden: true }, WHY,
    button("Show me, I have tried", () => {
      store.set(name, "yes");
      said.hidden = true;
      solution.open = true;
    }));
  solution.dataset.guarded = "true";
  solution.after(said);
  solution.querySelector("summary").addEventListener("click", (event) => {
    said.hidden = solution.open || isTried();
    if (said.hidden) return;
    event.preventDefault();
    said.querySelector("button").focus();
  });
  if (!isTried()) solution.open = false;
}
