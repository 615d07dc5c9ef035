// What happens along each direction, in a formula and in its numbers.
(function (kit) {
  "use strict";
  const { element, number, term, calculation } = kit;

  // directionCard(formula): `draw(picture)`.
  kit.directionCard = function (formula) {
    const rule = element("div", { class: "formulas" });
    const lines = element("div", { class: "lines" });
    const node = element("div", { class: "workings" }, rule, lines);
    let shown = "";

    function draw(picture) {
      const { method, directions } = picture;
      if (method !== shown) rule.replaceChildren(formula(method));
      shown = method;
      lines.replaceChildren(
        ...directions.map((direction) => line(direction, picture)),
        whole(picture),
      );
    }
    return { node, draw };
  };

  // A number, or a question mark as long as it is asked for.
  const open = () => element("span", { class: "number" }, "?");

  function line({ which, lambda, product, motion }, { method, alpha, hidden }) {
    const given = number(`product.${which}`, product, "given");
    const rate = hidden.rate ? open() : number(`rate.${which}`, motion.rate, "backward");
    return calculation(
      element("strong", {}, which === "flat" ? "Flat" : "Steep"),
      ", λ = ",
      number(`lambda.${which}`, lambda, "given"),
      ": ηλ = ",
      given,
      "; ",
      ...(hidden.rate ? ["a step multiplies what is left by "] : how(which, motion, method, product, alpha)),
      rate,
      ". ",
      ...(hidden.rate ? [] : WORDS[outcome(motion)](which, motion)),
    );
  }

  // Where the rate comes from.
  function how(which, motion, method, product, alpha) {
    const given = term(`product.${which}`, product, "given");
    if (method === "descent") return ["|1 − ", given, "| = "];
    if (motion.kind === "swings") {
      const memory = number("alpha", alpha, "given");
      return method === "momentum"
        ? ["|r| = √", memory, " = "]
        : ["|r| = √(", memory, " · (1 − ", given, ")) = "];
    }
    const roots = motion.roots.map((root, k) => number(`root.${which}.${k}`, root));
    return ["r = ", roots[0], " and ", roots[1], ", the one farther from 0 gives "];
  }

  function outcome({ kind, rate }) {
    if (rate > 1 + 1e-12) return "diverges";
    if (rate > 1 - 1e-12) return "stays";
    return rate < 1e-12 ? "atOnce" : kind;
  }

  const WORDS = {
    diverges: () => ["It flies away."],
    stays: () => ["It never comes to rest."],
    atOnce: () => ["It is there at once."],
    creeps: () => ["It creeps, from one side."],
    jumps: () => ["It jumps from side to side."],
    critical: () => ["As fast as it can be without a swing."],
    swings: (which, { swing }) => [
      "It swings, once in ",
      number(`swing.${which}`, swing, "", kit.format(swing, 1)),
      " steps.",
    ],
  };

  // The slower direction decides.
  function whole({ rate, slower, directions, hidden }) {
    if (hidden.rate) return element("p", {}, "The slower of the two decides.");
    const [flat, steep] = directions.map(({ motion }) => motion.rate);
    if (rate > 1 - 1e-12) return element("p", {}, "The lowest point is not reached.");
    const equal = Math.abs(flat - steep) < 1e-12;
    const words = equal
      ? "Both are equally fast: "
      : `The ${slower} direction is the slower one and decides: `;
    return calculation(words, number("rate", rate, "backward"), " a step.");
  }
})(window.explorables);
