// All that is shown of a state of the lab.
(function (kit) {
  "use strict";
  const { STEPS, pass } = kit.minibatch;
  const { read } = kit.shapes;
  const { label, shape } = kit.shapeNames;
  let last = { key: "", named: null };
  let seen = { asked: [], picture: null };

  function passOf(sizes, numbers) {
    const key = `${sizes} ${numbers}`;
    if (key !== last.key) last = { key, named: pass(sizes, numbers) };
    return last.named;
  }

  // A state is never changed, so its picture is made once; the rest of the scripts changes it.
  function pictureOf(state, width) {
    const asked = [state, width, kit.shapeVerdict];
    if (!asked.every((one, k) => one === seen.asked[k]))
      seen = { asked, picture: made(state, width) };
    return seen.picture;
  }

  function made(state, width) {
    const { sizes, numbers, asking, answers, at } = state;
    const step = STEPS[state.step];
    const named = passOf(sizes, numbers);
    const chosen = judged(lineOf(state, step), step, named);
    const asked = asking ? askedOf(chosen, state) : null;
    const block = blockOf(chosen, step, named, asked);
    const { hidden } = block;
    const blocks = blocksOf(state, block, named);
    const drawn = [sizes, numbers, state.step, chosen.code, blocks.length, asked, width];
    const open = (code) =>
      !asking || code === step.code || answers.includes(placeOf("runs", { ...state, line: code }));
    return {
      ...state,
      ...{ step, chosen, asked, hidden, open, blocks },
      lines: () => kit.shapeLines(step).map((line) => judged(line, step, named)),
      place: placeOf(asked, state),
      situation: JSON.stringify([sizes, numbers, state.step, state.line, at]),
      ...{ width: Math.max(280, Math.min(width || 680, 760)), narrow: width > 0 && width < 480 },
      key: JSON.stringify(drawn),
      spoken: spokenOf(chosen, block),
    };
  }

  // The line that is looked at; until the rest has come, the right one stands there.
  function lineOf({ line }, step) {
    if (!line || !kit.shapeVerdict) return { code: step.code, words: "" };
    return kit.shapeLines(step).find(({ code }) => code === line) || { code: line, words: "" };
  }

  // A line with what becomes of it.
  function judged({ code, words }, { code: right, target }, named) {
    const tree = read(code);
    if (code === right && !kit.shapeVerdict)
      return { code, words, tree, verdict: { kind: "right", ran: kit.arrays.run(tree, named) } };
    return { code, words, tree, verdict: kit.shapeVerdict(tree, code, target, named) };
  }

  // What is drawn of a line: its arrays, its result, and what is wanted.
  function blockOf({ tree, verdict: { kind, ran } }, { target }, named, asked) {
    return {
      ...{ target, tree, ran, kind, result: ran.value, wanted: named.get(target) },
      off: kind === "wrong" || kind === "shape",
      hidden: asked === "shape" || asked === "runs",
      blank: asked === "entry",
    };
  }

  function blocksOf({ view }, block, named) {
    if (view === "rows" || !kit.inColumns) return [block];
    return [{ ...block, title: "Examples in rows" }, kit.inColumns(block, named)];
  }

  // What is asked about: of the right line its shape, then an entry; of another whether it runs.
  function askedOf({ code }, state) {
    const open = (asked) => !state.answers.includes(placeOf(asked, state));
    if (code !== STEPS[state.step].code) return open("runs") ? "runs" : null;
    return ["shape", "entry"].find(open) || null;
  }

  const placeOf = (asked, { step, line, at }) =>
    [asked, step, line, ...(asked === "entry" ? at : [])].join();

  function spokenOf({ code, verdict: { ran, words } }, { target, hidden, result }) {
    const sizes = [...ran.values]
      .filter(([{ kind }]) => kind === "name")
      .map(([{ name }, value]) => `${label(name)} is ${shape(value.shape)}`);
    const end = result ? `${label(target)} is ${shape(result.shape)}` : words;
    const told = [...sizes, ...(hidden ? [] : [end])].join(", ");
    return `${target} = ${code}: ${told}. Arrow keys go through the entries of the result.`;
  }

  kit.shapePicture = pictureOf;
})(window.explorables);
