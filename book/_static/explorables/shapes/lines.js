// The lines that people write for a step: the right one first, then mistakes with what is wrong.
(function (kit) {
  "use strict";
  const { activations } = kit.minibatch;
  const TWICE = "The loss has divided by M already; here it is done again.";
  const SLOPES =
    "The slopes are forgotten: this is the derivative with respect to what the activation gives.";

  const OTHERS = {
    forward: forwardLines,
    loss: lossLines,
    output: outputLines,
    hidden: hiddenLines,
    weights: weightLines,
    biases: biasLines,
  };

  // [{code, words}], where the right line has no words.
  function lines(step) {
    const others = OTHERS[step.kind](step.layer).map(([code, words]) => ({ code, words }));
    return [{ code: step.code, words: "" }, ...others];
  }

  function forwardLines(l) {
    const [A, W, b] = [activations(l - 1), `W${l}`, `b${l}`];
    return [
      [
        `${A} @ ${W}.T + ${b}`,
        "W is turned over: a column of W belongs to a unit, and that is what a row meets.",
      ],
      [
        `${W} @ ${A} + ${b}`,
        "This is the order of the column form, with the tables of the row form.",
      ],
      [
        `${W}.T @ ${A}.T + ${b}`,
        "This gives the examples in columns; the bias is then added to the wrong axis.",
      ],
      [`${A} @ (${W} + ${b})`, "The bias is added to the weights, and multiplied with the inputs."],
      [`${A} @ ${W}`, "The bias is forgotten; the shape does not tell."],
      [`${A} * ${W} + ${b}`, "Entry by entry nothing is summed; a unit sums over what enters it."],
    ];
  }

  function lossLines() {
    return [
      [
        "Y_hat - Y",
        "1/M is forgotten: this belongs to a loss that is summed, and is M times as large.",
      ],
      ["(Y_hat - Y) / M / M", "This divides by M twice."],
      ["(Y - Y_hat) / M", "The sign is turned round: a step would go uphill."],
      [
        "(Y_hat - Y) / n3",
        "This divides by the number of outputs; the mean is taken over examples.",
      ],
      [
        "(Y_hat - Y).mean(axis=0)",
        "The examples are averaged too early: each needs its own row on the way back.",
      ],
    ];
  }

  function outputLines() {
    return [
      ["dY @ slopes3", "A matrix product sums over a letter; the slopes belong to single entries."],
      [
        "dY @ slopes3.T",
        "A matrix product sums over a letter; the slopes belong to single entries.",
      ],
      ["dY", SLOPES],
      ["dY * slopes3 / M", TWICE],
    ];
  }

  function hiddenLines(l) {
    const [d, W, s] = [`delta${l + 1}`, `W${l + 1}`, `slopes${l}`];
    return [
      [
        `(${d} @ ${W}) * ${s}`,
        "W is not turned over: on the way back it leads from its units to what entered them.",
      ],
      [
        `(${W} @ ${d}.T) * ${s}`,
        "This is the order of the column form: it has the examples in columns.",
      ],
      [
        `${d} @ (${W}.T * ${s})`,
        "The bracket is wrong: first the sum over the units behind, then the slopes.",
      ],
      [
        `${d} @ ${W}.T @ ${s}`,
        "The slopes are multiplied as a matrix; they belong to single entries.",
      ],
      [`${d} @ ${W}.T`, SLOPES],
      [`(${d} @ d${W}.T) * ${s}`, "This takes the gradient of W where W itself is meant."],
      [`(${d} @ ${W}.T) * ${s} / M`, TWICE],
    ];
  }

  function weightLines(l) {
    const [A, d] = [activations(l - 1), `delta${l}`];
    const arriving = l === 3 ? "dY" : `(delta${l + 1} @ W${l + 1}.T)`;
    const over = "This sums over the wrong letter: the sum should run over the examples.";
    return [
      [`${A} @ ${d}`, `${over} The transpose is missing.`],
      [`${A} @ ${d}.T`, over],
      [`${d}.T @ ${A}`, "This is the transpose: the gradient of the column form."],
      [`${d} @ ${A}.T`, "This is the order of the column form, with the tables of the row form."],
      [
        `${A}.T @ ${d}.T`,
        "This is the transpose of a wrong product: both factors are turned over.",
      ],
      [`${A} * ${d}`, "Entry by entry nothing is summed; the gradient is a sum over the examples."],
      [
        `(${A}.T @ slopes${l}) * ${arriving}`,
        "The sum over the examples is done before the rows of the loss come in.",
      ],
      [`${A}.T @ ${arriving}`, SLOPES],
      [`${A}.T @ ${d} / M`, TWICE],
    ];
  }

  function biasLines(l) {
    const d = `delta${l}`;
    return [
      [`${d}.sum(axis=1)`, "This adds over the units, and leaves one number for each example."],
      [d, "The sum over the examples is forgotten: there is one row for each of them."],
      [`${d}.sum()`, "This adds over the examples and over the units."],
      [`${d}.mean(axis=0)`, TWICE],
    ];
  }

  kit.shapeLines = lines;
})(window.explorables);
