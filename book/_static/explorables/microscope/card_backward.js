// The cost, the way back and the change, in formulas and in the numbers that go into them.
(function (kit) {
  "use strict";
  const { number, term, calculation } = kit;
  const { sub } = kit.names;
  const { sentence, joined, product, result } = kit.cardParts;

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

  const backward = (picture) =>
    (picture.now.column === picture.net.W.length ? outputDelta : hiddenDelta)(picture);

  Object.assign(kit.cardKinds, { cost, backward, update });
})(window.explorables);
