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

  function contents(picture) {
    const { kind, column } = picture.now;
    if (kind === "forward") return forward(picture);
    if (kind === "cost") return cost(picture);
    if (kind === "update") return update(picture);
    if (kind === "input") return input(picture);
    return column === picture.net.W.length ? outputDelta(picture) : hiddenDelta(picture);
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

  function cost(picture) {
    const { net, traced, y } = picture;
    const last = net.W.length;
    const a = (i) => number(`a.${last}.${i}`, traced.activations[last][i], "forward");
    const target = (i) => term(`y.${i}`, y[i], "loss", kit.short(y[i]));
    const terms = {
      half_squared_error: (i) => ["½ (", a(i), " − ", target(i), ")²"],
      binary_cross_entropy: (i) => [
        target(i),
        " ln ",
        a(i),
        ` + ${kit.short(1 - y[i])} ln(1 − `,
        a(i),
        ")",
      ],
      softmax_cross_entropy: (i) => [target(i), " ln ", a(i)],
    };
    const cross = net.loss !== "half_squared_error";
    const sum = joined(
      y.map((_, i) => terms[net.loss](i)),
      "+",
    );
    return {
      names: [`cost-${net.loss}`],
      rows: [
        calculation(
          "C = ",
          ...(cross ? ["−(", ...sum, ")"] : sum),
          " = ",
          result(picture, "cost", traced.cost, "loss"),
        ),
      ],
    };
  }

  function outputDelta(picture) {
    const { net, traced, y, now } = picture;
    const [layer, i] = [now.column - 1, now.k];
    const f = kit.network.activationOf(net, layer);
    const error = [
      "(",
      number(`a.${layer + 1}.${i}`, traced.activations[layer + 1][i], "forward"),
      " − ",
      term(`y.${i}`, y[i], "loss", kit.short(y[i])),
      ")",
    ];
    const delta = result(picture, `delta.${layer}.${i}`, traced.deltas[layer][i], "backward");
    const slope = term(`slope.${layer}.${i}`, traced.slopes[layer][i]);
    const rows = {
      half_squared_error: () => [
        calculation(`δ${sub(i)} = `, ...error, " · ", slope, " = ", delta),
      ],
      binary_cross_entropy: () => [
        calculation(
          `δ${sub(i)} = ∂C/∂a · σ′(z) = `,
          number(`influence.${layer}.${i}`, traced.influences[layer][i], "loss"),
          " · ",
          slope,
        ),
        calculation("The slope cancels, however small it is: ", ...error, " = ", delta),
      ],
      softmax_cross_entropy: () => [
        calculation("The Jacobian of the softmax cancels: ", ...error, " = ", delta),
      ],
    };
    const names = [`delta-${net.loss}`];
    if (net.loss === "half_squared_error") names.push(`slope-${f}`);
    return { names, rows: [...rows[net.loss](), ...remark(picture, layer, i)] };
  }

  function hiddenDelta(picture) {
    const { net, traced, now } = picture;
    const [layer, j] = [now.column - 1, now.k];
    const terms = net.W[layer + 1].map((row, i) =>
      product(
        term(`w.${layer + 1}.${i}.${j}`, row[j], "weight"),
        term(`delta.${layer + 1}.${i}`, traced.deltas[layer + 1][i], "backward"),
      ),
    );
    return {
      names: ["delta-hidden", `slope-${kit.network.activationOf(net, layer)}`],
      rows: [
        calculation(
          `δ${sub(j)} = (`,
          ...joined(terms, "+"),
          ") · ",
          number(`slope.${layer}.${j}`, traced.slopes[layer][j]),
          " = ",
          result(picture, `delta.${layer}.${j}`, traced.deltas[layer][j], "backward"),
        ),
        ...remark(picture, layer, j),
      ],
    };
  }

  // What is to be said of a unit that lets nothing through.
  function remark({ net, traced }, layer, k) {
    const cancels = layer === net.W.length - 1 && net.loss !== "half_squared_error";
    if (!kit.saturated(net, traced, layer + 1, k)) return [];
    const slope = kit.short(traced.slopes[layer][k]);
    const rest = cancels
      ? "With the cross-entropy that does not matter."
      : "Next to nothing of what arrives gets through.";
    return [sentence(`This unit is saturated: its slope is ${slope}. ${rest}`)];
  }

  function update({ net }) {
    const { paths, edges } = kit.network.counts(net);
    const [inputs, first] = kit.network.sizes(net);
    const behind = edges - inputs * first;
    const ways = `There are ${paths} paths from the inputs to the outputs, over ${edges} connections`;
    const once = behind ? `: the δ use the ${behind} behind the first layer, each once.` : ".";
    return {
      names: ["update"],
      rows: [sentence(`Below, “One training step” has all changes. ${ways}${once}`)],
    };
  }

  kit.cardText = contents;
})(window.explorables);
