// Who runs against whom: all optimizers in the form of this book, or all forms of one of them.
(function (kit) {
  "use strict";
  const NAMES = {
    GradientDescent: "Gradient descent",
    Momentum: "Momentum",
    Nesterov: "Nesterov",
    Adagrad: "Adagrad",
    RMSprop: "RMSprop",
    Adam: "Adam",
    Nadam: "Nadam",
  };

  // The forms by the names of the package, and what the first step of each does to a gradient.
  const FORMS = {
    Momentum: {
      classical: ["η in the memory", "it takes the gradient as it is"],
      framework: ["η outside, as PyTorch", "it takes the gradient as it is"],
      average: ["as an average", "it takes 1 − α of the gradient"],
    },
    Nesterov: {
      sutskever: ["looks ahead", "it takes the gradient as it is, as there is no memory yet"],
      lookahead_iterate: ["carried ahead, as Keras", "it takes 1 + α times the gradient"],
      pytorch: ["carried ahead, as PyTorch", "it takes 1 + α times the gradient"],
    },
    Adagrad: {
      eps_outside: ["ε outside the root", "the sum holds this one square, so the sign is left"],
      eps_inside: ["ε inside, as Keras", "the sum holds this one square, so the sign is left"],
    },
    RMSprop: {
      eps_outside: ["ε outside the root", "its average begins at 0: 1/√(1 − ρ) times the sign"],
      eps_inside: ["ε inside, as Keras", "its average begins at 0: 1/√(1 − ρ) times the sign"],
    },
    Adam: {
      algorithm1: [
        "Algorithm 1",
        "both averages are corrected, so each part is divided by its own size, and the sign is left",
      ],
      eps_hat: [
        "ε before the correction, as Keras",
        "both averages are corrected, so the sign is left",
      ],
      no_bias_correction: [
        "not corrected",
        "without correction it is (1 − β₁)/√(1 − β₂) times the sign",
      ],
    },
    Nadam: {
      constant: ["constant μ", "it adds the momentum of the next step to Adam’s"],
      dozat: ["Dozat", "its μ is small at first"],
      pytorch: ["as PyTorch", "its μ is small at first, and m is Adam’s"],
      keras: ["as Keras", "its μ is small at first, and m is Adam’s"],
      ruder: ["Ruder", "it corrects both terms alike"],
    },
  };
  const PLAIN = ["", "it takes the gradient as it is"];

  function lane(kind, variant, name) {
    const [form, reason] = (FORMS[kind] && FORMS[kind][variant]) || PLAIN;
    return { kind, variant, id: variant ? `${kind}.${variant}` : kind, name: name || form, reason };
  }

  const firstForm = (kind) => kit.optimizers.KINDS[kind].variants[0];
  const forms = (kind) => kit.optimizers.KINDS[kind].variants.map((variant) => lane(kind, variant));
  const FIELDS = {
    rules: Object.entries(NAMES).map(([kind, name]) => lane(kind, firstForm(kind), name)),
    ...Object.fromEntries(Object.keys(FORMS).map((kind) => [kind, forms(kind)])),
  };

  // Each optimizer in each form, once.
  const EVERYBODY = [lane("GradientDescent", "", NAMES.GradientDescent)].concat(
    ...Object.keys(FORMS).map((kind) =>
      FIELDS[kind].map((one, k) => ({ ...one, name: NAMES[kind] + (k ? `, ${one.name}` : "") })),
    ),
  );
  const OPTIONS = [
    ["rules", "All seven, in our form"],
    ...Object.keys(FORMS).map((kind) => [kind, `${NAMES[kind]}, in all forms`]),
  ];

  kit.fields = { FIELDS, OPTIONS, EVERYBODY };
})(window.explorables);
