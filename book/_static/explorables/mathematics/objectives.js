// Landscapes to race on, with their gradients: those of backprop.objectives, and the cost of a
// small network that learns XOR.
(function (kit) {
  "use strict";
  const { cost, trace, sum } = kit.network;

  // Curvatures along two axes that are turned by an angle, in degrees.
  function quadratic(curvatures, angle = 0) {
    const [c, s] = [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)];
    const [flat, steep] = curvatures;
    const [a, b, d] = [
      flat * c * c + steep * s * s,
      (flat - steep) * c * s,
      flat * s * s + steep * c * c,
    ];
    const gradient = ([x, y]) => [a * x + b * y, b * x + d * y];
    const value = (point) => 0.5 * sum(gradient(point).map((g, k) => g * point[k]));
    return { value, gradient, lowest: 0 };
  }

  const saddle = {
    value: ([x, y]) => 0.5 * x ** 2 - 0.5 * y ** 2 + 0.25 * y ** 4,
    gradient: ([x, y]) => [x, y ** 3 - y],
    lowest: -0.25,
  };

  // A 2–2–1 network of sigmoids; its nine parameters stand in a row: weights into the first hidden
  // unit, into the second, their biases, weights and bias of the output.
  const PATTERNS = [
    [[0, 0], 0],
    [[0, 1], 1],
    [[1, 0], 1],
    [[1, 1], 0],
  ];
  const unfolded = ([a, b, c, d, e, f, g, h, i]) => ({
    W: [
      [
        [a, b],
        [c, d],
      ],
      [[g, h]],
    ],
    b: [[e, f], [i]],
    hidden: "logistic",
    output: "logistic",
    loss: "half_squared_error",
  });
  const mean = (values) => sum(values) / PATTERNS.length;

  const xor = {
    value(params) {
      const net = unfolded(params);
      return mean(PATTERNS.map(([x, y]) => cost(net, x, [y])));
    },
    gradient(params) {
      const net = unfolded(params);
      const rows = PATTERNS.map(([x, y]) => {
        const { W, b } = trace(net, x, [y]).gradients;
        return [...W[0].flat(), ...b[0], ...W[1][0], b[1][0]];
      });
      return params.map((_, k) => mean(rows.map((row) => row[k])));
    },
    answers: (params) =>
      PATTERNS.map(([x]) => kit.network.forward(unfolded(params), x).activations.at(-1)[0]),
    lowest: 0,
  };

  kit.objectives = { quadratic, saddle, xor, PATTERNS };
})(window.explorables);
