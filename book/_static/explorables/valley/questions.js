// What the reader finds before it is shown: the bound of the learning rate, and the rate.
(function (kit) {
  "use strict";
  const { quadratic } = kit;
  const QUESTIONS = {
    limit: "It converges for every η below",
    rate: "In the long run a step leaves of the distance the share",
  };

  // valleyQuestions({answered}): `draw(picture)` asks what a picture has open.
  kit.valleyQuestions = function ({ answered }) {
    const ask = kit.ask({ answered });

    function draw(picture) {
      const { asked, asking, method, kappa, eta, alpha } = picture;
      const question = kit.valleyQuestion(picture);
      ask.draw({
        open: asking,
        label: asked ? QUESTIONS[asked] : "Both are found. Change a setting, and predict again.",
        question,
        mistakes: question && question.mistakes,
        place: [method, kappa, eta, alpha].join(),
      });
    }
    return { node: ask.node, draw };
  };

  // What is asked of a picture: the right number, and those of the mistakes that people make here.
  kit.valleyQuestion = function (picture) {
    const { asked, rate } = picture;
    if (!asked) return null;
    const mistakes = () =>
      (asked === "limit" ? limitMistakes(picture) : rateMistakes(picture)).filter(({ value }) =>
        Number.isFinite(value),
      );
    return { right: asked === "limit" ? quadratic.limit(picture) : rate, mistakes };
  };

  const BOUND_OF = {
    descent: "This is the bound of gradient descent without momentum.",
    momentum: "This is the bound of momentum.",
    nesterov: "This is the bound of Nesterov’s method.",
  };

  function limitMistakes(picture) {
    const { method, kappa, alpha } = picture;
    const right = quadratic.limit(picture);
    const others = quadratic.METHODS.filter((name) => name !== method).map((name) => ({
      value: quadratic.limit({ ...picture, method: name }),
      words: `${BOUND_OF[name]} ${beside(name, method)}`,
    }));
    return [
      {
        value: right / 2,
        words:
          "At half the bound it does not even jump. It may overshoot, as long as it comes closer: " +
          "the bound is twice this.",
      },
      {
        value: right * kappa,
        words: "This is the bound of the flat direction; the steep one breaks first.",
      },
      {
        value: quadratic.best(picture).eta,
        words: "This is the best learning rate; larger ones still converge.",
      },
      {
        value: (right * kappa) / (1 + kappa),
        words: "This divides by the sum of the curvatures; the largest one alone decides.",
      },
      { value: 1, words: "No number fits all valleys: the largest curvature decides." },
      ...(method === "momentum"
        ? [{ value: (2 * (1 - alpha)) / kappa, words: "Momentum makes the bound larger: 1 + α." }]
        : []),
      ...(method === "nesterov"
        ? [{ value: 1 / right, words: "The fraction is turned over." }]
        : []),
      ...others,
    ];
  }

  function beside(name, method) {
    if (method === "momentum")
      return name === "descent"
        ? "With momentum larger steps are stable."
        : "It brakes earlier, and allows less.";
    if (method === "nesterov") return "The look-ahead makes the range smaller.";
    return "Without memory the bound is another one.";
  }

  function rateMistakes(picture) {
    const { method, alpha, directions, slower } = picture;
    const [flat, steep] = directions;
    const other = slower === "flat" ? steep : flat;
    const slow = slower === "flat" ? flat : steep;
    const plain = Math.abs(1 - slow.product);
    const found = [
      {
        value: other.motion.rate,
        words: `This is the ${other.which} direction, the faster one; the slower one decides.`,
      },
      {
        value: flat.motion.rate * steep.motion.rate,
        words: "The two directions go on side by side: their factors are not multiplied.",
      },
      { value: slow.product, words: "This is ηλ itself; the factor of a step is asked for." },
      { value: -picture.rate, words: "A rate has no sign: it says how much is left." },
      {
        value: 1 - picture.rate,
        words: "This is what a step takes away; asked is what it leaves.",
      },
    ];
    if (method !== "descent") {
      found.push(
        { value: plain, words: "This is the factor without momentum, 1 − ηλ." },
        { value: alpha, words: "This is α. Both roots have the product α, so each is its root." },
        { value: 1 - alpha, words: "This is the friction 1 − α." },
      );
    }
    if (method === "nesterov") {
      found.push({
        value: Math.sqrt(alpha),
        words: "This is the factor of momentum, √α; the look-ahead makes it √(α(1 − ηλ)).",
      });
    }
    return found;
  }
})(window.explorables);
