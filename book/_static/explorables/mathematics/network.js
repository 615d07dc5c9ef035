// A network unit by unit: its forward and its backward pass, and the ways through it.
// Pure functions of plain arrays; W[i][j] is the weight from unit j to unit i, as in
// backprop.units.
(function (kit) {
  "use strict";

  // Each branch has an exponent that is not positive, so nothing overflows.
  const small = (z) => Math.exp(-Math.abs(z));
  const ACTIVATIONS = {
    identity: { value: (z) => z, slope: () => 1 },
    logistic: {
      value: (z) => (z < 0 ? small(z) : 1) / (1 + small(z)),
      slope: (z) => small(z) / (1 + small(z)) ** 2,
    },
    tanh: { value: Math.tanh, slope: (z) => ((2 * small(z)) / (1 + small(z) ** 2)) ** 2 },
    relu: { value: (z) => Math.max(z, 0), slope: (z) => (z > 0 ? 1 : 0) },
  };

  const sum = (values) => values.reduce((total, value) => total + value, 0);
  const zip = (left, right, combine) => left.map((value, k) => combine(value, right[k]));

  function softmax(z) {
    const most = Math.max(...z);
    const exps = z.map((value) => Math.exp(value - most));
    const total = sum(exps);
    return exps.map((value) => value / total);
  }

  function logSoftmax(z) {
    const most = Math.max(...z);
    const total = Math.log(sum(z.map((value) => Math.exp(value - most))));
    return z.map((value) => value - most - total);
  }

  // The cross-entropies take z: the function that makes probabilities of it is part of them.
  const LOSSES = {
    half_squared_error: (a, y) => sum(zip(a, y, (ai, yi) => (ai - yi) ** 2 / 2)),
    binary_cross_entropy: (a, y, z) =>
      sum(zip(z, y, (zi, yi) => Math.max(zi, 0) - yi * zi + Math.log1p(small(zi)))),
    softmax_cross_entropy: (a, y, z) => -sum(zip(logSoftmax(z), y, (log, yi) => yi * log)),
  };

  // What the last layer's units compute; a cross-entropy leaves no choice.
  const OUTPUTS = { binary_cross_entropy: "logistic", softmax_cross_entropy: "softmax" };
  const outputOf = (net) => OUTPUTS[net.loss] || net.output;
  const activationOf = (net, layer) => (layer === net.W.length - 1 ? outputOf(net) : net.hidden);
  const sizes = (net) => [net.W[0][0].length, ...net.b.map((b) => b.length)];

  const affine = (W, a, b) => W.map((row, i) => sum(zip(row, a, (w, aj) => w * aj)) + b[i]);
  const activate = (name, z) => (name === "softmax" ? softmax(z) : z.map(ACTIVATIONS[name].value));

  function forward(net, x) {
    const activations = [x];
    const preActivations = [];
    net.W.forEach((W, layer) => {
      const z = affine(W, activations[layer], net.b[layer]);
      preActivations.push(z);
      activations.push(activate(activationOf(net, layer), z));
    });
    return { preActivations, activations };
  }

  function cost(net, x, y) {
    const { preActivations, activations } = forward(net, x);
    return LOSSES[net.loss](activations.at(-1), y, preActivations.at(-1));
  }

  // Slopes are f′(z) of each unit; a softmax has none of its own, since each output depends on every
  // z.
  function slopesOf(net, preActivations) {
    return preActivations.map((z, layer) => {
      const name = activationOf(net, layer);
      return name === "softmax" ? z.map(() => NaN) : z.map(ACTIVATIONS[name].slope);
    });
  }

  // ∂C/∂a of the output units; the slope of a sigmoid is a (1 − a), with all its digits.
  const OUTPUT_INFLUENCES = {
    half_squared_error: (a, y) => a - y,
    binary_cross_entropy: (a, y, slope) => (a - y) / slope,
    softmax_cross_entropy: (a, y) => -y / a,
  };

  function trace(net, x, y) {
    const { preActivations, activations } = forward(net, x);
    const slopes = slopesOf(net, preActivations);
    const last = net.W.length - 1;
    const errors = zip(activations.at(-1), y, (a, yi) => a - yi);
    const influences = [
      activations.at(-1).map((a, i) => OUTPUT_INFLUENCES[net.loss](a, y[i], slopes[last][i])),
    ];
    // With a cross-entropy the slope cancels, and the error itself is left.
    const deltas = [
      net.loss === "half_squared_error" ? zip(errors, slopes[last], (e, s) => e * s) : errors,
    ];
    for (let layer = last - 1; layer >= 0; layer -= 1) {
      const arriving = activations[layer + 1].map((_, j) =>
        sum(zip(net.W[layer + 1], deltas[0], (row, d) => row[j] * d)),
      );
      influences.unshift(arriving);
      deltas.unshift(zip(arriving, slopes[layer], (influence, slope) => influence * slope));
    }
    const gradients = {
      W: deltas.map((delta, l) => delta.map((d) => activations[l].map((a) => d * a))),
      b: deltas,
    };
    return {
      preActivations,
      activations,
      slopes,
      influences,
      deltas,
      gradients,
      cost: LOSSES[net.loss](activations.at(-1), y, preActivations.at(-1)),
    };
  }

  // A parameter is [layer, i, j]: the weight from unit j to unit i, or the bias of unit i where j
  // is -1.
  const parameter = (net, [layer, i, j]) => (j < 0 ? net.b[layer][i] : net.W[layer][i][j]);
  const gradient = (traced, [layer, i, j]) =>
    j < 0 ? traced.gradients.b[layer][i] : traced.gradients.W[layer][i][j];
  const replaced = (list, k, value) => list.map((old, at) => (at === k ? value : old));

  function withParameter(net, [layer, i, j], value) {
    if (j < 0) return { ...net, b: replaced(net.b, layer, replaced(net.b[layer], i, value)) };
    const row = replaced(net.W[layer][i], j, value);
    return { ...net, W: replaced(net.W, layer, replaced(net.W[layer], i, row)) };
  }

  function parameters(net) {
    return net.W.flatMap((W, layer) => [
      ...W.flatMap((row, i) => row.map((_, j) => [layer, i, j])),
      ...net.b[layer].map((_, i) => [layer, i, -1]),
    ]);
  }

  // Each way from unit i of a layer of weights to an output unit, as the units that it goes
  // through.
  function ways(net, layer, i) {
    if (layer === net.W.length - 1) return [[i]];
    return net.b[layer + 1].flatMap((_, next) =>
      ways(net, layer + 1, next).map((way) => [i, ...way]),
    );
  }

  // Paths from all inputs to all outputs, against the connections that they share.
  function counts(net) {
    const n = sizes(net);
    const pairs = n.slice(1).map((size, k) => size * n[k]);
    return { paths: n.reduce((product, size) => product * size, 1), edges: sum(pairs) };
  }

  kit.network = {
    ACTIVATIONS,
    sizes,
    activationOf,
    outputOf,
    forward,
    cost,
    trace,
    parameter,
    withParameter,
    parameters,
    gradient,
    ways,
    counts,
    softmax,
    sum,
    replaced,
    zip,
  };
})(window.explorables);
