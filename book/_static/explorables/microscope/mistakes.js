// The mistakes that people make in a pass, each with the number that it gives here.
(function (kit) {
  "use strict";
  const { ACTIVATIONS, activationOf, sum } = kit.network;

  function mistakes(state, traced, step) {
    const of = {
      forward: forwardMistakes,
      cost: costMistakes,
      backward: deltaMistakes,
      update: updateMistakes,
    }[step.kind];
    const found = of ? of(state, traced, step.column - 1, step.k) : [];
    return found.filter(({ value }) => Number.isFinite(value));
  }

  function forwardMistakes({ net }, traced, layer, i) {
    const a = traced.activations[layer];
    const z = traced.preActivations[layer][i];
    const found = [
      { value: z - net.b[layer][i], words: "This is the sum without the bias." },
      {
        value: traced.activations[layer + 1][i],
        words: "This is the activation a; asked is z, before the function.",
      },
      { value: -z, words: "The sign is turned round." },
    ];
    if (layer) {
      const before = traced.preActivations[layer - 1];
      found.push({
        value: dot(net.W[layer][i], before) + net.b[layer][i],
        words: "This takes the z of the units before; they send their a.",
      });
    }
    if (net.W[layer].length === a.length) {
      const column = net.W[layer].map((row) => row[i]);
      found.push({
        value: dot(column, a) + net.b[layer][i],
        words: "The indices are swapped: w with index ij leads from j to i.",
      });
    }
    return found;
  }

  function costMistakes({ net, y }, traced) {
    const errors = traced.activations.at(-1).map((a, i) => a - y[i]);
    const { cost } = traced;
    if (net.loss !== "half_squared_error")
      return [{ value: -cost, words: "The sign is turned round: a cost is positive." }];
    return [
      { value: 2 * cost, words: "The factor ½ is forgotten." },
      { value: sum(errors), words: "The errors are added without being squared." },
      { value: sum(errors) ** 2 / 2, words: "Square each error first, then add." },
      {
        value: (2 * cost) / y.length,
        words: "This is the mean of the squares; here half of their sum is meant.",
      },
      { value: cost / y.length, words: "This is averaged over the outputs; the sum is meant." },
      { value: -cost, words: "The sign is turned round: a cost is positive." },
    ];
  }

  // The slope as somebody computes it who puts a where z belongs.
  const slopeAt = (net, layer, value) => {
    const name = activationOf(net, layer);
    return name === "softmax" ? NaN : ACTIVATIONS[name].slope(value);
  };

  function deltaMistakes(state, traced, layer, k) {
    const { net } = state;
    const right = traced.deltas[layer][k];
    const a = traced.activations[layer + 1][k];
    const output = layer === net.W.length - 1;
    const cancels = output && net.loss !== "half_squared_error";
    const arriving = output
      ? traced.activations[layer + 1][k] - state.y[k]
      : traced.influences[layer][k];
    const slope = traced.slopes[layer][k];
    const sign = output
      ? "The sign is turned round: it is a − y, not y − a."
      : "The sign is turned round.";
    const found = [{ value: -right, words: sign }];
    if (cancels) {
      found.push({
        value: arriving * a * (1 - a),
        words: "The slope is applied again; with the cross-entropy it has cancelled.",
      });
      return found;
    }
    found.push(
      { value: arriving, words: "The slope f′(z) is forgotten: this is ∂C/∂a." },
      {
        value: arriving * slopeAt(net, layer, a),
        words: "The slope is taken at a; it is asked for at z.",
      },
      {
        value: arriving * traced.preActivations[layer][k] * (1 - traced.preActivations[layer][k]),
        words: "This is z (1 − z); the slope is a (1 − a).",
      },
      { value: slope, words: "This is the slope alone; it multiplies what arrives." },
    );
    return output ? found : [...found, ...hiddenMistakes(state, traced, layer, k)];
  }

  function hiddenMistakes({ net, rate }, traced, layer, j) {
    const W = net.W[layer + 1];
    const deltas = traced.deltas[layer + 1];
    const slope = traced.slopes[layer][j];
    const column = W.map((row) => row[j]);
    const forgotten = column.map((w, i) => ({
      value: (traced.influences[layer][j] - w * deltas[i]) * slope,
      words: `The path through unit ${i + 1} of the next layer is forgotten: all paths add.`,
    }));
    const updated = column.map((w, i) => w - rate * traced.gradients.W[layer + 1][i][j]);
    const found = [
      {
        value: dot(updated, deltas) * slope,
        words: "This takes weights that are already updated; all δ come first.",
      },
      { value: sum(deltas) * slope, words: "The weights on the way back are forgotten." },
      {
        value: sum(column) * slope,
        words: "The δ behind are forgotten: each weight multiplies the δ at its end.",
      },
      {
        value: dot(column, traced.influences[layer + 1]) * slope,
        words:
          "This takes ∂C/∂a of the next layer where its δ are meant: a slope is forgotten there.",
      },
    ];
    if (W.length === column.length && W[j]) {
      found.push({
        value: dot(W[j], deltas) * slope,
        words:
          "The indices are swapped: on the way back the sum runs over the units that this one feeds.",
      });
    }
    return column.length > 1 ? [...forgotten, ...found] : found;
  }

  function updateMistakes({ net, rate }, traced) {
    const which = [net.W.length - 1, 0, 0];
    const old = kit.network.parameter(net, which);
    const gradient = kit.network.gradient(traced, which);
    return [
      {
        value: old + rate * gradient,
        words: "This goes uphill: the change is minus η times the gradient.",
      },
      { value: old - gradient, words: "The learning rate η is forgotten." },
      { value: -rate * gradient, words: "This is the change; asked is the new value." },
      { value: gradient, words: "This is the gradient; asked is the new value." },
      {
        value: old - rate * traced.deltas.at(-1)[0],
        words: "The activation at the start of the weight is forgotten.",
      },
      { value: old, words: "This is the old value." },
    ];
  }

  const dot = (left, right) => sum(left.map((value, k) => value * right[k]));

  kit.mistakes = mistakes;
})(window.explorables);
