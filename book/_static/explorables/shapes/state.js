// The state of the lab, and how a link says it.
(function (kit) {
  "use strict";
  const { numbers, oneOf } = kit.url;
  const { NAMES, STEPS } = kit.minibatch;
  // M, n0, …, n3 of the three-layer example.
  const EXAMPLE = [5, 4, 2, 3, 6];
  // Of each size: what is larger shows nothing that these do not.
  const MOST = 6;
  const VIEWS = ["rows", "both"];
  const FIRST = STEPS.findIndex(({ target }) => target === "dW3");
  // Numbers of which none is large, and no gradient is 0.
  const QUIET = 23;
  // How many tables of numbers there are to choose from.
  const CHOICES = 1000;

  const start = () => ({
    sizes: EXAMPLE,
    numbers: QUIET,
    step: FIRST,
    view: "rows",
    line: null,
    at: [0, 0],
    asking: false,
    answers: [],
  });

  // The tree of a line, in the names of a pass.
  const read = (line) => kit.arrays.parse(line, NAMES);
  const compact = (line) => line.replace(/\s+/g, "");

  function encode({ sizes, numbers: chosen, step, view, line, at, asking }) {
    const said = [
      ["n", sizes.join("-"), sizes.join() !== EXAMPLE.join()],
      ["numbers", `${chosen}`, chosen !== QUIET],
      ["step", `${step + 1}`, step !== FIRST],
      ["view", view, view !== "rows"],
      ["line", line && compact(line), line !== null],
      ["at", at.map((k) => k + 1).join("-"), at.join() !== "0,0"],
      ["ask", "1", asking],
    ];
    return Object.fromEntries(
      said.filter(([, , differs]) => differs).map(([key, text]) => [key, text]),
    );
  }

  const KEYS = ["n", "numbers", "step", "view", "line", "at", "ask"];

  function decode(texts) {
    Object.keys(texts).forEach((key) => oneOf(key, KEYS));
    const state = start();
    if ("n" in texts) state.sizes = whole(texts.n, 5, 1, MOST);
    if ("numbers" in texts) [state.numbers] = whole(texts.numbers, 1, 0, CHOICES - 1);
    if ("step" in texts) state.step = whole(texts.step, 1, 1, STEPS.length)[0] - 1;
    if ("view" in texts) state.view = oneOf(texts.view, VIEWS);
    if ("line" in texts) state.line = kit.arrays.code(read(texts.line));
    if ("at" in texts) state.at = whole(texts.at, 2, 1, MOST).map((k) => k - 1);
    if ("ask" in texts) state.asking = oneOf(texts.ask, ["1"]) === "1";
    return state;
  }

  function whole(text, count, least, most) {
    const values = numbers(text.replace(/-/g, ","), count, least, most);
    if (!values.every(Number.isInteger)) throw new Error(`${text}: not whole`);
    return values;
  }

  kit.shapes = { start, encode, decode, read, EXAMPLE, MOST, VIEWS, CHOICES };
})(window.explorables);
