// What is asked before it is shown, and the mistakes that people make in answering.
(function (kit) {
  "use strict";
  const { label, shape } = kit.shapeNames;
  const { entry } = kit.arrays;
  const KINDS = [
    ["stops", "It stops"],
    ["shape", "It gives another shape"],
    ["wrong", "The right shape, wrong numbers"],
    ["right", "The right numbers"],
  ];
  const RIGHT = "It gives the right numbers.";
  const same = (left, right) => left.join() === right.join();

  // A shape as it is typed: 4 × 2, (4, 2), 4x2, or (2,) for one axis; null if it is none.
  function parseShape(text) {
    const plain = text.trim().replace(/^[([]|[)\]]$/g, "");
    if (!/^\d{1,4}(\s*[x×*,; ]\s*\d{1,4})?\s*,?$/i.test(plain)) return null;
    return plain.match(/\d+/g).map(Number);
  }

  function shapeQuestion({ blocks: [{ target, wanted, tree, ran }], step }) {
    return {
      label: `The shape of ${label(target)} is`,
      right: shape(wanted.shape),
      check: (text) => {
        const typed = parseShape(text);
        if (!typed) return { words: "Write a shape as 4 × 2, or as (2,) for one axis." };
        if (same(typed, wanted.shape))
          return { right: true, words: `Right: ${label(target)} is ${shape(wanted.shape)}.` };
        const named = shapeMistakes(step, tree, ran, wanted).find((made) =>
          same(made.shape, typed),
        );
        return {
          right: false,
          words: named ? named.words : "Not yet. Which sizes meet, and which are left?",
        };
      },
    };
  }

  const TURNED = {
    weights: "This is the transpose: a gradient has the shape of what it belongs to.",
    biases: "The sum takes its axis away: one axis is left.",
  };

  function shapeMistakes({ kind }, tree, ran, { shape: right }) {
    const turned = [...right].reverse();
    const found = [
      {
        shape: turned,
        words: TURNED[kind] || "This is turned over: the examples stand in the rows.",
      },
    ];
    if (tree.sign === "@") {
      const [left, other] = [tree.left, tree.right].map((part) => ran.values.get(part).shape);
      found.push({
        shape: [left[1], other[0]],
        words: "These are the two sizes that meet: they disappear, and the outer ones stay.",
      });
    }
    if (kind === "biases") {
      const [M, n] = ran.values.get(tree.of).shape;
      found.push(
        { shape: [M], words: "This is one number for each example; each unit has a bias." },
        { shape: [1, n], words: "The sum takes its axis away: a bias has one axis, (n,)." },
      );
    }
    for (const [node, value] of ran.values)
      if (node.kind === "name" || node.kind === "T")
        found.push({
          shape: value.shape,
          words: `This is the shape of ${nameIn(node)}, which goes in.`,
        });
    return found.filter((made) => !same(made.shape, right));
  }

  const nameIn = ({ kind, name, of }) => (kind === "T" ? `${label(of.name)}ᵀ` : label(name));

  function entryQuestion({ blocks: [{ target, wanted, tree, ran }], at, lines }) {
    const { row, column } = kit.placeWithin(wanted, { row: at[0], column: at[1] });
    const right = entry(wanted, row, column);
    const mistakes = () => [
      { value: -right, words: "The sign is turned round." },
      ...lines()
        .filter(({ verdict }) => verdict.kind === "wrong")
        .map(({ words, verdict }) => ({ value: entry(verdict.ran.value, row, column), words })),
      ...firstAlone(tree, ran, row, column),
    ];
    const place = kit.shapeNames.place(wanted, row, column);
    return { label: `${label(target)}, ${place}, is`, right, whole: true, mistakes };
  }

  // The first product of a sum, where somebody forgets the others.
  function firstAlone(tree, ran, row, column) {
    if (tree.sign !== "@") return [];
    const [left, right] = [tree.left, tree.right].map((part) => ran.values.get(part));
    return [
      {
        value: entry(left, row, 0) * entry(right, 0, column),
        words: "This is the first product alone; all of them are added.",
      },
    ];
  }

  function runsQuestion({ chosen: { code, verdict } }) {
    const kind = verdict.kind === "lucky" ? "right" : verdict.kind;
    return {
      label: `What does NumPy do with ${code}?`,
      right: kind,
      choices: KINDS,
      check: (said) => ({
        right: said === kind,
        over: true,
        words: `${said === kind ? "Right." : "No."} ${verdict.words || RIGHT}`,
      }),
    };
  }

  const QUESTIONS = { shape: shapeQuestion, entry: entryQuestion, runs: runsQuestion };

  // shapeQuestions({answered}): `draw(picture)` asks what a picture has open.
  kit.shapeQuestions = function ({ answered }) {
    const ask = kit.ask({ answered });

    function draw(picture) {
      const question = kit.shapeQuestion(picture);
      ask.draw({
        open: picture.asking,
        label: question ? question.label : "All is answered here: go on, or point at another entry.",
        question,
        mistakes: question && question.mistakes,
        place: picture.situation,
      });
    }
    return { node: ask.node, draw };
  };

  // The question of a picture; nothing if all is answered.
  kit.shapeQuestion = (picture) => (picture.asked ? QUESTIONS[picture.asked](picture) : null);
})(window.explorables);
