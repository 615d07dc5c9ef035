// The step in formulas, and in the numbers that go into them.
(function (kit) {
  "use strict";
  const { element, number, term, calculation } = kit;
  const { sub, FUNCTIONS } = kit.names;

  // card(formula): `draw(picture)` shows the step of a picture.
  kit.card = function (formula) {
    const formulas = element("div", { class: "formulas" });
    const lines = element("div", { class: "lines" });
    const node = element("div", { class: "workings" }, formulas, lines);
    let shown = "";

    function draw(picture) {
      const { names, rows } = contents(picture);
      // A formula stays as it is while only the numbers below it change, once it is there.
      const empty = [...formulas.children].some((node) => !node.firstChild);
      if (empty || names.join() !== shown)
        formulas.replaceChildren(...names.map((name) => formula(name)));
      shown = names.join();
      lines.replaceChildren(...rows);
    }
    return { node, draw };
  };

  // What comes after the forward pass has come later, as its formulas have.
  const LATER = () => ({ names: [], rows: [] });

  function contents(picture) {
    return (kit.cardKinds[picture.now.kind] || LATER)(picture);
  }

  const sentence = (text) => element("p", {}, text);
  const joined = (terms, sign) => terms.flatMap((term, k) => (k ? [` ${sign} `, ...term] : term));
  const product = (...factors) => factors.flatMap((factor, k) => (k ? [" · ", factor] : [factor]));

  // A result, which is not shown as long as it is asked for.
  const result = (picture, of, value, role) =>
    picture.hidden ? element("span", { class: "number" }, "?") : number(of, value, role);

  function input({ x }) {
    const terms = x.map((value, k) => [`x${sub(k)} = `, number(`a.0.${k}`, value, "given")]);
    return {
      names: [],
      rows: [
        calculation(...joined(terms, "  ")),
        sentence("Go on to the next step, or click a weight."),
      ],
    };
  }

  function forward(picture) {
    const { net, traced, now } = picture;
    const [layer, i] = [now.column - 1, now.k];
    const f = kit.network.activationOf(net, layer);
    const a = traced.activations[layer];
    const terms = net.W[layer][i].map((w, j) =>
      product(
        term(`w.${layer}.${i}.${j}`, w, "weight"),
        term(`a.${layer}.${j}`, a[j], layer ? "forward" : "given"),
      ),
    );
    const z = traced.preActivations[layer][i];
    const bias = [term(`b.${layer}.${i}`, net.b[layer][i], "weight")];
    const rest =
      f === "softmax"
        ? softmax(picture)
        : [
            calculation(
              `a${sub(i)} = ${FUNCTIONS[f]}(`,
              result(picture, `z.${layer}.${i}`, z),
              ") = ",
              result(picture, `a.${layer + 1}.${i}`, traced.activations[layer + 1][i], "forward"),
            ),
          ];
    return {
      names: [layer ? "forward" : "forward-first", `value-${f}`],
      rows: [
        calculation(
          `z${sub(i)} = `,
          ...joined([...terms, bias], "+"),
          " = ",
          result(picture, `z.${layer}.${i}`, z, "forward"),
        ),
        ...rest,
      ],
    };
  }

  // The activations of a softmax, which are known together.
  function softmax(picture) {
    const a = picture.traced.activations.at(-1);
    const last = picture.net.W.length;
    if (!picture.known.activation(last, 0))
      return [sentence("The softmax waits until every z of this layer is there.")];
    const terms = a.map((value, i) => [
      `a${sub(i)} = `,
      result(picture, `a.${last}.${i}`, value, "forward"),
    ]);
    return [calculation(...joined(terms, "  "))];
  }

  kit.cardKinds = { input, forward };
  kit.cardParts = { sentence, joined, product, result };
})(window.explorables);
