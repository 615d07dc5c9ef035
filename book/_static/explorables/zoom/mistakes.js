// What is asked for, and the mistakes that people make there, each with the number that it gives.
(function (kit) {
  "use strict";
  const { SLIPS, symbol } = kit.zoomNames;
  const { times, transposed } = kit.planeMaps;
  const sentence = (words) => `${words[0].toUpperCase()}${words.slice(1)}.`;

  // The question of a picture, as {symbol, right}; nothing where nothing is asked for.
  function question({ asked, right, Jv, uJ }) {
    if (!asked) return null;
    const [kind, i, j] = asked.split(".");
    if (kind === "ratio") return { symbol: "", right: 4 };
    const value = { J: () => right[i][j], Jv: () => Jv[i], uJ: () => uJ[i] }[kind]();
    return { symbol: symbol(asked), right: value };
  }

  function mistakes(picture) {
    const [kind, i, j] = picture.asked.split(".");
    const of = { J: entryMistakes, Jv: forwardMistakes, uJ: backwardMistakes, ratio: () => RATIO };
    return of[kind](picture, Number(i), Number(j));
  }

  const RATIO = [
    { value: 2, words: "So falls the step itself, and what a wrong matrix leaves over." },
    { value: 0.25, words: "A quarter stays; asked is by what it is divided." },
    {
      value: 0.5,
      words: "Half of the step stays; of what is left over less, the bend is a square.",
    },
    { value: 8, words: "That would be the third power of the step; the bend is the second." },
  ];

  function entryMistakes({ name, map, x, y, right, half }, i, j) {
    const value = right[i][j];
    const slips = map.slips.map((slip, k) => ({
      value: slip(x)[i][j],
      words: sentence(SLIPS[name][k]),
    }));
    const exchanged =
      `Rows and columns are exchanged: in ${symbol(`J.${i}.${j}`)} output ${i + 1} moves, ` +
      `by input ${j + 1}.`;
    const found = [
      ...slips,
      { value: -value, words: "The sign is turned round." },
      { value: half * value, words: "This is an edge of the parallelogram; J is for a step of 1." },
      { value: y[i], words: "This is the output itself; asked is how fast it changes." },
    ];
    return i === j ? found : [{ value: right[j][i], words: exchanged }, ...found];
  }

  function forwardMistakes({ right: J, v, u }, i) {
    const other = 1 - i;
    return [
      ...alone(J[i], v, (k) => `Input ${k + 1} moves, too: its column is forgotten.`),
      {
        value: times(transposed(J), v)[i],
        words: "This is Jᵀv: a row of J belongs to an output, not to an input.",
      },
      { value: times(transposed(J), u)[i], words: "This is uᵀJ; asked is where v leads." },
      { value: times(J, v)[other], words: `This is output ${other + 1}.` },
      { value: -times(J, v)[i], words: "The sign is turned round." },
    ];
  }

  function backwardMistakes({ right: J, v, u }, j) {
    const other = 1 - j;
    const column = J.map((row) => row[j]);
    return [
      ...alone(column, u, (k) => `The cost hears of output ${k + 1}, too: paths add.`),
      {
        value: times(J, u)[j],
        words: `This is Ju; backward, u meets a column of J: all that input ${j + 1} does.`,
      },
      { value: times(J, v)[j], words: "This is Jv; asked is what the rates u say of the inputs." },
      { value: times(transposed(J), u)[other], words: `This is input ${other + 1}.` },
      { value: -times(transposed(J), u)[j], words: "The sign is turned round." },
    ];
  }

  // Each product alone, where the other one is forgotten.
  function alone(factors, by, words) {
    return factors.map((factor, k) => ({ value: factor * by[k], words: words(1 - k) }));
  }

  kit.zoomQuestions = { question, mistakes };
})(window.explorables);
