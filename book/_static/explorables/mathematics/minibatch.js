// A pass of three layers over a minibatch in rows, as lines of NumPy, on small whole numbers.
// The lines are those of backprop.layers and of the page; the activation is the ReLU.
(function (kit) {
  "use strict";
  const { array, entry, parse, run } = kit.arrays;
  const LAYERS = [1, 2, 3];
  const SIZES = ["M", "n0", "n1", "n2", "n3"];
  const activations = (layer) => ["X", "A1", "A2", "Y_hat"][layer];
  const NAMES = [
    ...["X", "Y", "Y_hat", "A1", "A2", "dY", ...SIZES],
    ...LAYERS.flatMap((l) => ["W", "b", "Z", "slopes", "delta", "dW", "db"].map((of) => of + l)),
  ];

  // What a pass computes, in its order: {kind, layer, target, code}.
  const STEPS = [
    ...LAYERS.map((l) => ({
      kind: "forward",
      layer: l,
      target: `Z${l}`,
      code: `${activations(l - 1)} @ W${l} + b${l}`,
    })),
    { kind: "loss", layer: 3, target: "dY", code: "(Y_hat - Y) / M" },
    ...[...LAYERS].reverse().flatMap((l) => [
      {
        kind: l === 3 ? "output" : "hidden",
        layer: l,
        target: `delta${l}`,
        code: l === 3 ? "dY * slopes3" : `(delta${l + 1} @ W${l + 1}.T) * slopes${l}`,
      },
      { kind: "weights", layer: l, target: `dW${l}`, code: `${activations(l - 1)}.T @ delta${l}` },
      { kind: "biases", layer: l, target: `db${l}`, code: `delta${l}.sum(axis=0)` },
    ]),
  ];

  // A whole number from `least` on, always the same for a place in a table.
  function whole(key, least, count) {
    let mixed = 0;
    for (const number of key) {
      mixed = Math.imul(mixed ^ (number + 0x9e3779b9), 0x85ebca6b);
      mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
      mixed ^= mixed >>> 16;
    }
    return least + ((mixed >>> 0) % count);
  }

  // Never 0, which would hide what it multiplies.
  const signed = (key, most) => {
    const value = whole(key, -most, 2 * most);
    return value < 0 ? value : value + 1;
  };

  // All arrays of a pass by their names, for sizes [M, n0, n1, n2, n3] and a number that chooses
  // the entries.
  function pass(sizes, numbers) {
    const [M] = sizes;
    const named = new Map(SIZES.map((name, k) => [name, array([], [], () => sizes[k])]));
    const table = (name, letters, value) =>
      named.set(
        name,
        array(
          letters.map((of) => sizes[SIZES.indexOf(of)]),
          letters,
          value,
        ),
      );
    const compute = (target) => {
      const { code } = STEPS.find((step) => step.target === target);
      named.set(target, run(parse(code, NAMES), named).value);
      return named.get(target);
    };

    table("X", ["M", "n0"], (r, c) => signed([numbers, 1, r, c], 3));
    for (const l of LAYERS) {
      table(`W${l}`, [`n${l - 1}`, `n${l}`], (r, c) => signed([numbers, 2, l, r, c], 2));
      table(`b${l}`, [`n${l}`], (_, c) => bias(named, numbers, l, c));
      const Z = compute(`Z${l}`);
      table(activations(l), ["M", `n${l}`], (r, c) => Math.max(entry(Z, r, c), 0));
      table(`slopes${l}`, ["M", `n${l}`], (r, c) => (entry(Z, r, c) > 0 ? 1 : 0));
    }
    // The errors are multiples of M, so that 1/M leaves whole numbers.
    const output = named.get("Y_hat");
    table("Y", ["M", "n3"], (r, c) => entry(output, r, c) - M * signed([numbers, 3, r, c], 2));
    STEPS.slice(LAYERS.length).forEach(({ target }) => compute(target));
    return named;
  }

  // A small bias, or one with which the unit is on for the first example: no layer is dead.
  function bias(named, numbers, l, c) {
    const first = named.get(activations(l - 1));
    const W = named.get(`W${l}`);
    const start = signed([numbers, 4, l, c], 2);
    let z = start;
    for (let k = 0; k < W.shape[0]; k += 1) z += entry(first, 0, k) * entry(W, k, c);
    return z > 0 ? start : start + 1 - z;
  }

  kit.minibatch = { SIZES, NAMES, STEPS, activations, pass };
})(window.explorables);
