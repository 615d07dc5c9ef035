// What units, weights and numbers are called, in letters and in words.
(function (kit) {
  "use strict";
  const DIGITS = "₀₁₂₃₄₅₆₇₈₉";
  const sub = (...numbers) => numbers.map((k) => DIGITS[k + 1]).join("");

  // Columns are counted from the inputs, which are column 0.
  function unit(net, column, k) {
    const layers = net.W.length;
    if (column === 0) return `input ${k + 1}`;
    if (column === layers) return `output unit ${k + 1}`;
    return layers === 2 ? `hidden unit ${k + 1}` : `unit ${k + 1} of hidden layer ${column}`;
  }

  // The layer that a parameter leads into.
  function layer(net, l) {
    if (l === net.W.length - 1) return "output";
    return net.W.length === 2 ? "hidden" : `hidden ${l + 1}`;
  }

  const activation = (column, k) => (column ? "a" : "x") + sub(k);
  const parameter = ([, i, j]) => (j < 0 ? `b${sub(i)}` : `w${sub(i, j)}`);

  function parameterInWords(net, [layer, i, j]) {
    if (j < 0) return `bias ${parameter([layer, i, j])} of ${unit(net, layer + 1, i)}`;
    return `weight ${parameter([layer, i, j])} from ${unit(net, layer, j)} to ${unit(net, layer + 1, i)}`;
  }

  const FUNCTIONS = {
    identity: "identity",
    logistic: "sigmoid",
    tanh: "tanh",
    relu: "ReLU",
    softmax: "softmax",
  };
  const LOSSES = {
    half_squared_error: "half the squared error",
    binary_cross_entropy: "cross-entropy of sigmoids",
    softmax_cross_entropy: "cross-entropy of a softmax",
  };
  const sentence = (words) => words[0].toUpperCase() + words.slice(1);

  kit.names = {
    sub,
    unit,
    layer,
    activation,
    parameter,
    parameterInWords,
    FUNCTIONS,
    LOSSES,
    sentence,
  };
})(window.explorables);
