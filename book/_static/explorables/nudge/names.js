// What the numbers of the examples are called.
(function (kit) {
  "use strict";
  const EXAMPLES = {
    hand: "hand, mouse, cursor",
    square: "y = 3x + 1, F = y²",
    paths: "u = x² + 1, v = 5 − x, F = uv",
    wave: "the same u and v, another F",
    twice: "x · x, used twice",
    direct: "x · x², one path direct",
  };
  const PATHS = { x: "x", inner: ["u", "v"], result: "F" };
  const LETTERS = {
    hand: { x: "hand", inner: ["mouse"], result: "cursor" },
    square: { x: "x", inner: ["y"], result: "F" },
    paths: PATHS,
    wave: PATHS,
    twice: PATHS,
    direct: PATHS,
  };
  const ROLES = ["backward", "weight"]; // the colour of each path

  // A rate, as it is written on the page of its example: with d where several paths add.
  function rate(letters, of) {
    const { x, inner, result } = letters;
    const [kind, k] = of.split(".");
    const d = inner.length > 1 ? "d" : "∂";
    if (kind === "slope") return `${d}${inner[k]}/${d}${x}`;
    if (kind === "partial") return `∂${result}/∂${inner[k]}`;
    if (kind === "path") return `through ${inner[k]} alone, the rate of ${result} with ${x}`;
    return `${d}${result}/${d}${x}`;
  }

  kit.nudgeNames = { EXAMPLES, LETTERS, ROLES, rate };
})(window.explorables);
