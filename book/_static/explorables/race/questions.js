// The first step of one optimizer, found before it is shown.
(function (kit) {
  "use strict";

  // Of the forms of an optimizer that begin alike only the first is named.
  const RULES = kit.fields.EVERYBODY.filter(
    ({ kind, reason }, k, all) =>
      all.findIndex((other) => other.kind === kind && other.reason === reason) === k,
  );

  // raceQuestions({answered}): `draw(picture)`.
  kit.raceQuestions = function ({ answered }) {
    const ask = kit.ask({ answered });

    function draw(picture) {
      const { asking, asked, lanes } = picture;
      const question = kit.raceQuestion(picture);
      const lane = lanes.find(({ id }) => id === asked);
      const idle = "Choose another optimizer below, and predict again.";
      ask.draw({
        open: asking,
        label: question ? labelOf(picture, lane) : idle,
        question,
        mistakes: question && question.mistakes,
        place: [picture.field, picture.chosen, picture.land, picture.from, picture.eta].join(),
      });
    }
    return { node: ask.node, draw };
  };

  // What is asked of a picture; nothing where no step is there to be asked for.
  kit.raceQuestion = function (picture) {
    const lane = picture.lanes.find(({ id }) => id === picture.asked);
    if (!lane || !lane.first) return null;
    return { right: lane.first[0], mistakes: () => mistakesOf(picture, lane) };
  };

  function labelOf({ land, objective, from, window }, { name }) {
    const slope = kit.short(objective.gradient(from)[0]);
    const along = window ? "along θ₁" : "of the first weight";
    return `${name}: the first step ${along}, in η. The gradient there is ${slope}; the step is`;
  }

  // What other rules, and slips, would give in its place.
  function mistakesOf({ objective, from }, lane) {
    const gradient = objective.gradient(from);
    const [right, other] = lane.first;
    const found = [
      { value: -right, words: "The sign: a step goes against the gradient." },
      { value: gradient[0], words: "This is the gradient itself; a step goes against it." },
      {
        value: right * lane.rate,
        words: "This is the step itself; in units of η it is asked for.",
      },
      { value: other, words: "This is the other direction." },
    ];
    for (const { kind, variant, name, reason } of RULES) {
      const how = { kind, variant, learning_rate: lane.rate };
      const [changes] = kit.optimizers.changesOf([gradient], how);
      found.push({
        value: changes[0] / lane.rate,
        words: `That is the step of ${name}: ${reason}.`,
      });
    }
    return found.filter(({ value }) => Number.isFinite(value));
  }
})(window.explorables);
