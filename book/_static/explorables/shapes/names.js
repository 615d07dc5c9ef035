// What the arrays of a pass are called in a drawing and in words, and what colour they have.
(function (kit) {
  "use strict";
  const DIGITS = "₀₁₂₃";
  const lowered = (text) => text.replace(/\d/g, (digit) => DIGITS[digit]);
  const LABELS = [
    [/^X$/, () => "X = A₀"],
    [/^Y_hat$/, () => "Ŷ = A₃"],
    [/^dY$/, () => "∂C/∂Ŷ"],
    [/^slopes(\d)$/, (_, l) => lowered(`f${l}′(Z${l})`)],
    [/^delta(\d)$/, (_, l) => lowered(`δ${l}`)],
  ];
  const ROLES = [
    [/^(d?[Wb]\d)$/, "weight"],
    [/^(dY|Y)$/, "loss"],
    [/^(delta|slopes)/, "backward"],
    [/./, "forward"],
  ];
  // What has gone through the loss carries the mean with it.
  const WITH_MEAN = /^(dY|delta\d|d[Wb]\d)$/;
  const COUNTED = {
    M: (count) => `${count} ${count === 1 ? "example" : "examples"}`,
    n0: (count) => `${count} ${count === 1 ? "input" : "inputs"}`,
  };

  function label(name) {
    const found = LABELS.find(([pattern]) => pattern.test(name));
    return found ? name.replace(...found) : lowered(name);
  }

  const role = (name) => ROLES.find(([pattern]) => pattern.test(name))[1];
  const carriesMean = (name) => WITH_MEAN.test(name);
  // Letters of sizes, also within a sentence.
  const letter = (text) => text.replace(/\bn\d/g, lowered);
  const counted = (name, count) =>
    COUNTED[name]
      ? COUNTED[name](count)
      : `${count} ${count === 1 ? "unit" : "units"} of layer ${name[1]}`;
  const shape = (sizes) =>
    sizes.length === 2 ? sizes.join(" × ") : sizes.length ? `(${sizes[0]},)` : "a number";
  // A number's name: whose it is, and where it stands there.
  const entryName = (name, { shape: sizes }, r, c) =>
    [name, ...[r, c].slice(2 - sizes.length)].join(".");
  const place = ({ shape: sizes }, r, c) =>
    [`row ${r + 1}, column ${c + 1}`, `entry ${c + 1}`, "the number"][2 - sizes.length];

  const TITLES = {
    forward: (l) => `Forward: layer ${l}`,
    loss: () => "Backward: the loss, where 1/M enters",
    output: (l) => `Backward: δ of layer ${l}`,
    hidden: (l) => `Backward: δ of layer ${l}`,
    weights: (l) => `Backward: the gradient of W${lowered(`${l}`)}`,
    biases: (l) => `Backward: the gradient of b${lowered(`${l}`)}`,
  };
  const title = ({ kind, layer }) => TITLES[kind](layer);

  kit.shapeNames = {
    lowered,
    label,
    role,
    carriesMean,
    letter,
    counted,
    shape,
    entryName,
    place,
    title,
  };
})(window.explorables);
