// What is asked for, and the mistakes that people make there, each with the number that it gives.
(function (kit) {
  "use strict";
  const { sum } = kit.network;
  const { rate } = kit.nudgeNames;

  function valueOf({ rates }, of) {
    const [kind, k] = of.split(".");
    return (
      { slope: rates.slopes, partial: rates.partials, path: rates.paths }[kind]?.[k] ?? rates.total
    );
  }

  // The question of a picture, as {symbol, right}; nothing where nothing is asked for.
  function question(picture) {
    const { asked, letters } = picture;
    return asked ? { symbol: rate(letters, asked), right: valueOf(picture, asked) } : null;
  }

  function mistakes(picture) {
    const [kind, k] = picture.asked.split(".");
    const of = { slope: ofSlope, partial: ofPartial, path: ofPath, total: ofTotal };
    const found = of[kind](picture, Number(k));
    const right = valueOf(picture, picture.asked);
    return [...found, { value: -right, words: "The sign is turned round." }];
  }

  function ofSlope({ rates, letters: { x, inner } }, k) {
    return [
      {
        value: rates.values[k],
        words: `This is ${inner[k]} itself; asked is how fast it moves with ${x}.`,
      },
      { value: rates.slopes[k] / 2, words: "The factor 2 that a square brings is forgotten." },
      { value: rates.partials[k], words: `This is how fast the result moves with ${inner[k]}.` },
    ];
  }

  function ofPartial({ nudge, rates, x, letters }, k) {
    const { inner, result } = letters;
    const found = [
      { value: rates.result, words: `This is ${result} itself; asked is how fast it moves.` },
      {
        value: nudge.outer.partials(inner.map(() => x))[k],
        words: `The slope is taken at ${letters.x}; it is asked for where ${inner.join(" and ")} stand.`,
      },
      {
        value: rates.values[k],
        words: `This is ${inner[k]} itself, or the slope at another place.`,
      },
    ];
    if (inner.length === 1) return found;
    const meanwhile = rates.total / rates.slopes[k];
    return [
      {
        value: meanwhile,
        words: `That is with ${inner[1 - k]} moving, too; ∂ holds it still.`,
      },
      { value: rates.partials[1 - k], words: `This is the rate with ${inner[1 - k]}.` },
      ...found,
    ].filter(({ value }) => Number.isFinite(value));
  }

  function ofPath({ rates, letters: { inner } }, k) {
    return [
      { value: rates.slopes[k], words: `This is the way to ${inner[k]}; another factor follows.` },
      { value: rates.partials[k], words: `This is the way from ${inner[k]} on; one comes before.` },
      {
        value: rates.slopes[k] + rates.partials[k],
        words: "Along a path rates multiply; paths add.",
      },
      { value: rates.total, words: "These are both paths together." },
      { value: rates.paths[1 - k], words: `This is the path through ${inner[1 - k]}.` },
    ];
  }

  function ofTotal(picture) {
    return picture.letters.inner.length > 1 ? ofTwo(picture) : ofOne(picture);
  }

  function ofTwo({ rates: { slopes, partials, paths, total }, letters: { inner } }) {
    const only = inner.map((letter, k) => ({
      value: paths[k],
      words: `This is the path through ${letter} alone.`,
    }));
    return [
      ...only,
      {
        value: 2 * total,
        words: `Cancelling d${inner[0]} and d${inner[1]} gives twice the answer: ∂ holds the other still.`,
      },
      { value: paths[0] * paths[1], words: "Over paths rates add; they multiply along a path." },
      { value: paths[0] - paths[1], words: "The paths are added, each with its own sign." },
      { value: sum([...slopes, ...partials]), words: "Along a path rates multiply." },
    ];
  }

  function ofOne({ nudge, x, rates: { slopes, partials }, letters }) {
    return [
      {
        value: slopes[0] + partials[0],
        words: "The factors are added; rates in a row multiply.",
      },
      {
        value: slopes[0] * nudge.outer.partials([x])[0],
        words: `The outer slope is taken at ${letters.x}; it belongs to ${letters.inner[0]}.`,
      },
      { value: partials[0], words: "The inner slope is left out." },
      { value: slopes[0], words: "The outer slope is left out." },
    ];
  }

  kit.nudgeQuestions = { question, mistakes };
})(window.explorables);
