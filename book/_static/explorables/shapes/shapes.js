// The shape lab: every product of a minibatch's pass, drawn to its shapes, and what goes wrong.
(function (kit) {
  "use strict";
  const { element } = kit;
  const { SIZES, STEPS, NAMES, pass } = kit.minibatch;
  const { EXAMPLE, MOST, CHOICES } = kit.shapes;
  const { verdict, read } = kit.shapeVerdict;
  const { label, letter, shape, title: titleOf, carriesMean } = kit.shapeNames;
  const VIEWS = [
    ["rows", "Rows"],
    ["both", "Rows and columns"],
  ];
  const COUNTED = ["examples", "inputs", "units", "units", "outputs"];
  const ENTRYWISE = ["loss", "output"]; // steps that look the same in rows, columns and entries
  const EQUAL = 3; // of all sizes, where no shape tells anything

  function build(frame) {
    const { change, formula } = frame;
    const views = kit.choice({
      label: "View",
      options: VIEWS,
      value: frame.state.view,
      change: (view) => change({ view }, view === "rows" ? "Rows alone" : "Rows and columns"),
    });
    const ask = kit.button("Predict first", toggleAsking, { "aria-pressed": "false" });
    const sliders = SIZES.map((name, k) =>
      kit.slider({
        label: letter(name),
        value: frame.state.sizes[k],
        least: 1,
        most: MOST,
        step: 1,
        whole: true,
        change: (size) =>
          resize(
            frame.state.sizes.map((old, at) => (at === k ? size : old)),
            `${COUNTED[k]}: ${size}`,
          ),
      }),
    );
    const stepper = kit.stepper({ label: "Steps of the pass", change: go });
    const title = element("p", { class: "step-title" });
    const formulas = element("div", { class: "formulas" });
    const equation = kit.shapeEquation({ point });
    const told = element("p", { class: "told" });
    const question = element("div", {});
    const workings = kit.shapeWorkings();
    const list = kit.lineList({ choose });
    const parts = [equation, workings, list];
    let shownFormulas = "";
    frame.stage.append(
      element("div", { class: "bar top" }, views.node, ask),
      stepper.node,
      title,
      formulas,
      element("div", { class: "sizes" }, ...sliders.map(({ node }) => node)),
      element(
        "div",
        { class: "bar presets" },
        kit.button("All different", () => resize(EXAMPLE, "All sizes differ")),
        kit.button("All equal", () => resize(Array(5).fill(EQUAL), `All sizes are ${EQUAL}`)),
        kit.button("Other numbers", () =>
          change({ numbers: (frame.state.numbers + 1) % CHOICES, answers: [] }, "Other numbers"),
        ),
      ),
      element("div", { class: "canvas" }, equation.svg),
      told,
      question,
      workings.node,
      list.node,
    );

    function complete() {
      const predict = kit.shapePredict({ answered });
      const own = kit.ownLine({ choose });
      question.append(predict.node);
      list.own.append(own.node);
      parts.push(predict, own);
    }

    function toggleAsking() {
      const { asking } = frame.state;
      const words = asking ? "All is shown" : "What comes out is asked for before it is shown";
      frame.touched().then(() => change({ asking: !asking, answers: [] }, words));
    }

    function go(step) {
      const words = `Step ${step + 1} of ${STEPS.length}. ${titleOf(STEPS[step])}`;
      change({ step, line: null, at: [0, 0] }, words);
    }

    // Other sizes or numbers: what was answered before says nothing of them.
    function resize(sizes, words) {
      change({ sizes, answers: [] }, words);
      const { asked, chosen, target, wanted } = pictureOf(frame.state, 0);
      if (!asked)
        frame.say(
          `${words}. ${chosen.verdict.words || `${label(target)} is ${shape(wanted.shape)}`}`,
        );
    }

    function choose(code) {
      const line = code === STEPS[frame.state.step].code ? null : code;
      change({ line });
      const { asked, chosen } = pictureOf(frame.state, 0);
      frame.say(asked ? `${chosen.code}: what comes out?` : `${chosen.code}. ${toldOf(chosen)}`);
    }

    function point(row, column, aloud) {
      const { result } = pictureOf(frame.state, 0).blocks[0];
      const words = kit.shapeNames.place(result, row, column);
      change({ at: [row, column] }, aloud ? words : "");
    }

    function answered() {
      change({ answers: [...frame.state.answers, pictureOf(frame.state, 0).place] });
    }

    function draw(state) {
      const picture = pictureOf(state, frame.stage.clientWidth);
      const words = titleOf(picture.step);
      views.set(state.view);
      kit.put(ask, { "aria-pressed": `${state.asking}` });
      sliders.forEach((slider, k) => slider.set(state.sizes[k]));
      stepper.set(state.step, STEPS.length, `${state.step + 1} of ${STEPS.length}: ${words}`);
      kit.write(title, words);
      drawFormulas(picture);
      kit.write(told, picture.hidden ? "" : toldOf(picture.chosen) || meanOf(picture));
      kit.put(told, { class: `told ${picture.hidden ? "" : picture.chosen.verdict.kind}` });
      parts.forEach((part) => part.draw(picture));
    }

    // A formula stays as it is while only the numbers below it change.
    function drawFormulas({ step: { kind, layer }, view }) {
      const key = `${kind} ${layer} ${view}`;
      if (key === shownFormulas) return;
      shownFormulas = key;
      const second = view === "both" ? `${kind}-columns` : `${kind}-entry`;
      const names = ENTRYWISE.includes(kind) ? [kind] : [kind, second];
      const values = { l: `${layer}`, before: `${layer - 1}`, after: `${layer + 1}` };
      formulas.replaceChildren(...names.map((name) => kit.fill(formula(name), values)));
    }

    return { draw, complete, drawing: () => equation.svg, turn: stepper.go };
  }

  // What is said of a line: what becomes of it, and what is wrong.
  const toldOf = ({ verdict: { words }, mistake }) => [words, mistake].filter(Boolean).join(" ");

  function meanOf({ step: { target }, sizes: [M] }) {
    if (target === "dY") return "Here 1/M enters, and nowhere else.";
    if (carriesMean(target)) return `The factor 1/${M} is inside already: it came with ∂C/∂Ŷ.`;
    return "";
  }

  let last = { key: "", named: null };

  function passOf(sizes, numbers) {
    const key = `${sizes} ${numbers}`;
    if (key !== last.key) last = { key, named: pass(sizes, numbers) };
    return last.named;
  }

  // All that is shown of a state.
  function pictureOf(state, width) {
    const { sizes, numbers, view, asking, answers } = state;
    const step = STEPS[state.step];
    const named = passOf(sizes, numbers);
    const { target } = step;
    const lines = kit.shapeLines(step).map(({ code, words }) => {
      const tree = read(code);
      return { code, words, tree, verdict: verdict(tree, code, target, named) };
    });
    const chosen = chosenOf(state, lines, target, named);
    const asked = asking ? askedOf(chosen, state) : null;
    const hidden = asked === "shape" || asked === "runs";
    const { kind, ran } = chosen.verdict;
    const off = kind === "wrong" || kind === "shape";
    const block = {
      ...{
        target,
        tree: chosen.tree,
        ran,
        result: ran.value,
        wanted: named.get(target),
        kind,
        off,
        hidden,
      },
      blank: asked === "entry",
    };
    const blocks =
      view === "both"
        ? [{ ...block, title: "Examples in rows" }, inColumns(block, named)]
        : [block];
    const narrow = width > 0 && width < 480;
    return {
      ...state,
      ...{
        step,
        target,
        lines,
        chosen,
        asked,
        hidden,
        off,
        blocks,
        narrow,
        tree: chosen.tree,
        ran,
      },
      wanted: named.get(target),
      hiddenEntry: asked === "entry",
      place: placeOf(asked, state),
      open: (code) =>
        !asking ||
        code === step.code ||
        answers.includes(placeOf("runs", { ...state, line: code })),
      width: Math.max(280, Math.min(width || 680, 760)),
      key: JSON.stringify([sizes, numbers, state.step, chosen.code, view, asked, width]),
      spoken: spokenOf(chosen, target, block),
    };
  }

  function chosenOf({ line }, lines, target, named) {
    const known = lines.find(({ code }) => code === line);
    if (known) return { ...known, mistake: known.verdict.kind === "right" ? "" : known.words };
    if (!line) return { ...lines[0], mistake: "" };
    const tree = read(line);
    return { code: line, tree, verdict: verdict(tree, line, target, named), mistake: "" };
  }

  const placeOf = (asked, { step, line, at }) =>
    [asked, step, line, ...(asked === "entry" ? at : [])].join();

  function askedOf({ code }, state) {
    const open = (asked) => !state.answers.includes(placeOf(asked, state));
    if (code !== STEPS[state.step].code) return open("runs") ? "runs" : null;
    return ["shape", "entry"].find(open) || null;
  }

  // The same line where the examples stand in columns: every table is turned over.
  function inColumns(block, named) {
    const turned = new Map([...named].map(([name, value]) => [name, kit.arrays.transposed(value)]));
    const tree = kit.arrays.columnForm(block.tree, block.ran);
    const ran = kit.arrays.run(tree, turned);
    const wanted = turned.get(block.target);
    return {
      ...block,
      title: "Examples in columns",
      columns: true,
      tree,
      ran,
      result: ran.value,
      wanted,
    };
  }

  function spokenOf({ code, verdict: { ran, words } }, target, { hidden, result }) {
    const names = [...ran.values].filter(
      ([node]) => node.kind === "name" && NAMES.includes(node.name),
    );
    const sizes = names
      .map(([{ name }, value]) => `${label(name)} is ${shape(value.shape)}`)
      .join(", ");
    const end = hidden
      ? ""
      : result
        ? `; ${label(target)} is ${shape(result.shape)}`
        : `; ${words}`;
    return `${target} = ${code}: ${sizes}${end}. Arrow keys go through the entries of the result.`;
  }

  const { start, encode, decode } = kit.shapes;
  kit.define("shapes", { start, encode, decode, build });
})(window.explorables);
