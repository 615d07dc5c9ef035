// Landscapes to race on, with their gradients: those of backprop.objectives, and the cost of a
// small network that learns XOR.
(function (kit) {
  "use strict";

  // Curvatures along two axes that are turned by an angle, in degrees.
  function quadratic([flat, steep], angle = 0) {
    const [c, s] = [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)];
    const [a, b, d] = [
      flat * c * c + steep * s * s,
      (flat - steep) * c * s,
      flat * s * s + steep * c * c,
    ];
    const gradient = ([x, y]) => [a * x + b * y, b * x + d * y];
    const value = ([x, y]) => 0.5 * (x * (a * x + b * y) + y * (b * x + d * y));
    return { value, gradient, lowest: 0 };
  }

  const saddle = {
    value: ([x, y]) => 0.5 * x ** 2 - 0.5 * y ** 2 + 0.25 * y ** 4,
    gradient: ([x, y]) => [x, y ** 3 - y],
    lowest: -0.25,
  };

  const PATTERNS = [
    [0, 0, 0],
    [0, 1, 1],
    [1, 0, 1],
    [1, 1, 0],
  ]; // x₁, x₂ and the target
  const logistic = (z) => {
    const small = Math.exp(-Math.abs(z));
    return (z < 0 ? small : 1) / (1 + small);
  };

  // A 2–2–1 network of sigmoids. Its nine parameters are the weights into the first hidden unit,
  // those into the second, the two biases, the weights of the output and its bias.
  function forward([a, b, c, d, e, f, g, h, i], x1, x2) {
    const [first, second] = [logistic(a * x1 + b * x2 + e), logistic(c * x1 + d * x2 + f)];
    return [first, second, logistic(g * first + h * second + i)];
  }

  const answers = (params) => PATTERNS.map(([x1, x2]) => forward(params, x1, x2)[2]);

  const xor = {
    value(params) {
      const outputs = answers(params);
      return PATTERNS.reduce((all, [, , y], k) => all + (outputs[k] - y) ** 2 / 8, 0);
    },
    gradient(params) {
      const [g, h] = [params[6], params[7]];
      const total = params.map(() => 0);
      for (const [x1, x2, y] of PATTERNS) {
        const [first, second, output] = forward(params, x1, x2);
        const delta = ((output - y) * output * (1 - output)) / 4;
        const one = g * delta * first * (1 - first);
        const two = h * delta * second * (1 - second);
        const row = [one * x1, one * x2, two * x1, two * x2, one, two];
        row.push(delta * first, delta * second, delta);
        row.forEach((value, k) => {
          total[k] += value;
        });
      }
      return total;
    },
    answers,
    lowest: 0,
  };

  kit.objectives = { quadratic, saddle, xor, PATTERNS };
})(window.explorables);
