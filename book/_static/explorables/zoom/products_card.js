// Both products in formulas and in numbers, each beside what is measured without J.
(function (kit) {
  "use strict";
  const { element, number, term, calculation } = kit;
  const { dot } = kit.planeMaps;
  const { entry } = kit.zoomNames;
  const ALIKE = 1e-6;

  // productsCard(formula): `draw(picture)`.
  kit.productsCard = function (formula) {
    const formulas = element("div", { class: "formulas" });
    const lines = element("div", { class: "lines" });
    const node = element("div", { class: "workings" }, formulas, lines);

    function draw(picture) {
      if (!formulas.firstChild) formulas.append(formula("forward"), formula("backward"));
      lines.replaceChildren(...forward(picture), ...backward(picture), ...both(picture));
    }
    return { node, draw };
  };

  const product = (left, right) => [left, " · ", right];
  const given = (of, value) => term(of, value, "given");
  const result = ({ known }, of, value, role) =>
    known(of) ? number(of, value, role) : element("span", { class: "number" }, "?");
  const pair = (parts) => ["(", ...parts[0], ", ", ...parts[1], ")"];

  function forward(picture) {
    const { J, v, Jv } = picture;
    const sums = [0, 1].map((i) => [
      ...product(entry(J, i, 0), given("v.0", v[0])),
      " + ",
      ...product(entry(J, i, 1), given("v.1", v[1])),
    ]);
    const results = Jv.map((value, i) => [result(picture, `Jv.${i}`, value, "forward")]);
    return [
      calculation("Jv = ", ...pair(sums), " = ", ...pair(results)),
      ...measured(picture, "Jv", "move x a little along v, both ways"),
    ];
  }

  function backward(picture) {
    const { J, u, uJ } = picture;
    const sums = [0, 1].map((j) => [
      ...product(given("u.0", u[0]), entry(J, 0, j)),
      " + ",
      ...product(given("u.1", u[1]), entry(J, 1, j)),
    ]);
    const results = uJ.map((value, j) => [result(picture, `uJ.${j}`, value, "loss")]);
    return [
      calculation("uᵀJ = ", ...pair(sums), " = ", ...pair(results)),
      ...measured(picture, "uJ", "move each input a little, and see what u · f does"),
    ];
  }

  // What a difference says, once the product is known.
  function measured(picture, of, how) {
    if (!picture.known(`${of}.1`)) return [];
    const values = picture.measured[of]();
    const scale = ALIKE * Math.max(1, ...values.map(Math.abs));
    const agree = values.every((value, k) => Math.abs(value - picture[of][k]) < scale);
    const numbers = values.map((value, k) => [number(`measured.${of}.${k}`, value, "numeric")]);
    const words = agree ? "✓ Both agree." : "They differ: this is not J.";
    return [
      element(
        "p",
        { class: "calculation measured" },
        `Without J, ${how}: `,
        ...pair(numbers),
        element("span", { class: agree ? "agreement weight" : "agreement backward" }, ` ${words}`),
      ),
    ];
  }

  // u · (Jv) and (uᵀJ) · v, which are one number.
  function both({ u, v, Jv, uJ, known }) {
    if (!known("uJ.1")) return [];
    return [
      calculation(
        "u · (Jv) = ",
        number("uJv", dot(u, Jv), "forward"),
        " and (uᵀJ) · v = ",
        number("uJv", dot(uJ, v), "loss"),
        ": v crosses as many level lines as Jv does.",
      ),
    ];
  }
})(window.explorables);
