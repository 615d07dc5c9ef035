// What the functions, the matrices and their numbers are called, in letters and in words.
(function (kit) {
  "use strict";
  const DIGITS = "₁₂";

  const FUNCTIONS = {
    curved: "x₁² − x₂ and x₁x₂",
    polar: "from polar coordinates",
    affine: "the running layer, z",
    logistic: "logistic, entry by entry",
    layer: "the running layer, a",
    softmax: "softmax, two of three",
    relu: "ReLU, entry by entry",
  };

  // The letter of the output.
  const OUTPUTS = {
    curved: "f",
    polar: "f",
    affine: "z",
    logistic: "f",
    layer: "a",
    softmax: "s",
    relu: "f",
  };

  const MATRICES = {
    right: "J",
    transposed: "J transposed",
    diagonal: "only the diagonal of J",
    slip: "J with a slip",
    own: "my own numbers",
  };

  // What is wrong with each of the slips; the first of them can be drawn.
  const SLIPS = {
    curved: ["the factor 2 of 2x₁ is forgotten"],
    polar: ["the radius x₁, a factor of the second column, is forgotten"],
    affine: ["a slope σ′ is multiplied in, though no σ follows z"],
    logistic: ["the slope is taken at σ(x), not at x"],
    layer: [
      "the slope is taken at a, not at z",
      "the slope σ′(z) is forgotten",
      "the weight is forgotten: x acts through z",
    ],
    softmax: [
      "all but the diagonal is forgotten: each output has every input below its line",
      "only what stands above the line was differentiated",
    ],
    relu: ["the slope is 1 also where the input is negative"],
  };

  // What is to be said of a function beside its formula.
  const REMARKS = {
    affine: "Inputs 3 and 4 of the running example are held still.",
    layer: "Inputs 3 and 4 of the running example are held still.",
    softmax: "The third input is held at ln 5; the third output is not drawn.",
    relu: "At 0 there is a kink: no matrix is right for a square that holds one.",
  };

  const symbol = (of) => {
    const [name, i, j] = of.split(".");
    if (name === "J") return `J${DIGITS[i]}${DIGITS[j]}`;
    return `${name === "Jv" ? "(Jv)" : "(uᵀJ)"}${DIGITS[i]}`;
  };
  const pair = (values) => `(${values.map(kit.short).join(", ")})`;

  // An entry of the matrix that is drawn, in the colour of its column.
  const entry = (J, i, j) =>
    kit.term(`M.${i}.${j}`, J[i][j], j ? "weight" : "backward", kit.short(J[i][j]));

  kit.zoomNames = { DIGITS, FUNCTIONS, OUTPUTS, MATRICES, SLIPS, REMARKS, symbol, pair, entry };
})(window.explorables);
