// Networks to begin with. The numbers of the first are those of the package, see explorable.toml.
(function (kit) {
  "use strict";
  const transposed = (M) => M[0].map((_, k) => M.map((row) => row[k]));
  const SIGMOIDS = { hidden: "logistic", output: "logistic", loss: "half_squared_error" };

  // The network of the book, with the pattern of a morning, from 0.
  function heatingPlant({ X, Y, W1, b1, W2, b2 }, morning) {
    return {
      net: { W: [transposed(W1), transposed(W2)], b: [b1, b2], ...SIGMOIDS },
      x: X[morning],
      y: Y[morning],
    };
  }

  const OTHERS = {
    xor: {
      words: "XOR, 2–2–1",
      net: {
        W: [
          [
            [4, -4],
            [-4, 4],
          ],
          [[3, 3]],
        ],
        b: [[-2, -2], [-1.5]],
        ...SIGMOIDS,
      },
      x: [1, 0],
      y: [1],
    },
    saturated: {
      words: "Saturated units, 2–3–1",
      net: {
        W: [
          [
            [6, 5],
            [0.5, -0.4],
            [-7, -4],
          ],
          [[1, -1, 0.5]],
        ],
        b: [[1, 0.2, -1], [0]],
        ...SIGMOIDS,
      },
      x: [1, 0.8],
      y: [1],
    },
    chain: {
      words: "A chain, 1–1–1–1",
      net: { W: [[[1.5]], [[-2]], [[1]]], b: [[0.5], [1], [0]], ...SIGMOIDS },
      x: [0.8],
      y: [1],
    },
    deep: {
      words: "Three layers, 3–4–3–2, ReLU and softmax",
      net: {
        W: [
          [
            [0.5, -1, 0.8],
            [1, 0.4, -0.6],
            [-0.7, 0.9, 0.3],
            [0.2, 0.6, 1.1],
          ],
          [
            [0.9, -0.5, 0.4, 0.7],
            [-0.8, 1.2, 0.6, -0.3],
            [0.5, 0.3, -1, 0.8],
          ],
          [
            [1, -0.6, 0.4],
            [-0.9, 0.7, 0.5],
          ],
        ],
        b: [
          [0.1, -0.2, 0.3, 0],
          [0, 0.2, -0.1],
          [0.1, -0.1],
        ],
        hidden: "relu",
        output: "identity",
        loss: "softmax_cross_entropy",
      },
      x: [1, 0.5, -0.5],
      y: [1, 0],
    },
  };

  // All of them as [name, words], and the one of a name.
  function named(data) {
    const mornings = data.example.X.map((_, k) => [
      `plant${k + 1}`,
      `The heating plant, morning ${k + 1}`,
    ]);
    return [...mornings, ...Object.entries(OTHERS).map(([name, { words }]) => [name, words])];
  }

  function get(name, data) {
    const morning = /^plant(\d)$/.exec(name);
    if (morning) return heatingPlant(data.example, Number(morning[1]) - 1);
    const { net, x, y } = OTHERS[name];
    return { net, x, y };
  }

  // A network of a size, filled with those numbers of another that have a place in it.
  function resized({ net, x, y }, sizes) {
    const old = (list, k, other) => (list && list[k] !== undefined ? list[k] : other);
    const rows = (count, make) => [...Array(count).keys()].map(make);
    const layers = rows(sizes.length - 1, (layer) => layer);
    const start = (layer, i, j) => Math.round(10 * Math.sin(2 + 7 * layer + 3 * i + 5 * j)) / 10;
    return {
      net: {
        ...net,
        W: layers.map((l) =>
          rows(sizes[l + 1], (i) =>
            rows(sizes[l], (j) => old(old(net.W[l], i), j, start(l, i, j))),
          ),
        ),
        b: layers.map((l) => rows(sizes[l + 1], (i) => old(net.b[l], i, 0))),
      },
      x: rows(sizes[0], (k) => old(x, k, 0.5)),
      y: rows(sizes.at(-1), (k) => old(y, k, 0)),
    };
  }

  kit.examples = { named, get, resized };
})(window.explorables);
