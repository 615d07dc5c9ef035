// The shape lab: every product of a minibatch's pass, drawn to its shapes, and what goes wrong.
(function (kit) {
  "use strict";
  const { element } = kit;
  const { STEPS } = kit.minibatch;
  const { EXAMPLE, MOST, CHOICES } = kit.shapes;
  const { label, shape, title: titleOf, carriesMean } = kit.shapeNames;
  const VIEWS = [
    ["rows", "Rows"],
    ["both", "Rows and columns"],
  ];
  // Steps that look the same in rows, columns and entries.
  const ENTRYWISE = ["loss", "output"];
  // Of all sizes, where no shape tells anything.
  const EQUAL = 3;

  function build(frame) {
    const { change, formula } = frame;
    const views = kit.choice({
      label: "View",
      options: VIEWS,
      value: frame.state.view,
      change: (view) => change({ view }, view === "rows" ? "Rows alone" : "Rows and columns"),
    });
    const ask = kit.button("Predict first", toggleAsking, { "aria-pressed": "false" });
    const stepper = kit.stepper({ label: "Steps of the pass", change: go });
    const title = element("p", { class: "step-title" });
    const formulas = element("div", { class: "formulas" });
    const sizes = kit.sizes({ most: MOST, change: resize });
    const equation = kit.shapeEquation({ point });
    const told = element("p", { class: "told" });
    const question = element("div", {});
    const workings = kit.shapeWorkings();
    const lines = element(
      "details",
      { class: "line-list", toggle: () => frame.painter.ask() },
      element("summary", {}, "Wrong lines: which stop, and which run?"),
    );
    const parts = [sizes, equation, workings];
    let shownLine = null;
    frame.stage.append(
      element("div", { class: "bar top" }, views.node, ask),
      stepper.node,
      title,
      formulas,
      sizes.node,
      element(
        "div",
        { class: "bar presets" },
        kit.button("All different", () => resize(EXAMPLE, "All sizes differ")),
        kit.button("All equal", () =>
          resize(
            EXAMPLE.map(() => EQUAL),
            `All sizes are ${EQUAL}`,
          ),
        ),
        kit.button("Other numbers", renumber),
      ),
      element("div", { class: "canvas" }, equation.svg),
      told,
      question,
      workings.node,
      lines,
    );

    function complete() {
      const questions = kit.shapeQuestions({ answered });
      question.append(questions.node);
      parts.push(questions, kit.lineList(lines, { choose }));
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
      change({ sizes, answers: [] });
      frame.say(`${words}. ${outcome()}`);
    }

    function renumber() {
      change({ numbers: (frame.state.numbers + 1) % CHOICES, answers: [] }, "Other numbers");
    }

    function choose(code) {
      const { step } = frame.state;
      change({ line: code === STEPS[step].code ? null : code });
      frame.say(`${code || STEPS[step].code}. ${outcome()}`);
    }

    const look = () => kit.shapePicture(frame.state, frame.stage.clientWidth);

    // What has become of the line, unless it is asked for.
    function outcome() {
      const { asked, chosen, blocks } = look();
      const [{ target, wanted }] = blocks;
      if (asked) return "What comes out?";
      return toldOf(chosen) || `${label(target)} is ${shape(wanted.shape)}`;
    }

    function point(row, column, aloud) {
      const [{ result }] = look().blocks;
      const words = aloud ? kit.shapeNames.place(result, row, column) : "";
      change({ at: [row, column] }, words);
    }

    function answered() {
      change({ answers: [...frame.state.answers, look().place] });
    }

    function draw(state) {
      const picture = kit.shapePicture(state, frame.stage.clientWidth);
      const words = titleOf(picture.step);
      views.set(state.view);
      kit.put(ask, { "aria-pressed": `${state.asking}` });
      stepper.set(state.step, STEPS.length, `${state.step + 1} of ${STEPS.length}: ${words}`);
      kit.write(title, words);
      drawFormulas(picture);
      tell(picture);
      // Who comes by a link to a line sees it among the others.
      if (state.line && state.line !== shownLine) lines.open = true;
      shownLine = state.line;
      parts.forEach((part) => part.draw(picture));
    }

    function tell(picture) {
      const { hidden, chosen } = picture;
      kit.write(told, hidden ? "" : toldOf(chosen) || meanOf(picture));
      kit.put(told, { class: kit.words("told", !hidden && chosen.verdict.kind) });
    }

    // A formula stays as it is while only the numbers below it change, once it is there.
    function drawFormulas({ step: { kind, layer }, view }) {
      const second = view === "both" ? `${kind}-columns` : `${kind}-entry`;
      const names = ENTRYWISE.includes(kind) ? [kind] : [kind, second];
      const shown = [...formulas.children].map((node) => node.firstChild && node.dataset.name);
      if (names.join() !== shown.join())
        formulas.replaceChildren(...names.map((name) => formula(name)));
      const values = { l: `${layer}`, before: `${layer - 1}`, after: `${layer + 1}` };
      [...formulas.children].forEach((node) => kit.fill(node, values));
    }

    return { draw, complete, drawing: () => equation.svg, turn: stepper.go };
  }

  // What is said of a line: what becomes of it, and what is wrong.
  function toldOf({ words, verdict: { kind, words: outcome } }) {
    return [outcome, kind !== "right" && words].filter(Boolean).join(" ");
  }

  function meanOf({ step: { target }, sizes: [M] }) {
    if (target === "dY") return "Here 1/M enters, and nowhere else.";
    if (carriesMean(target)) return `The factor 1/${M} is inside already: it came with ∂C/∂Ŷ.`;
    return "";
  }

  const { start, encode, decode } = kit.shapes;
  kit.define("shapes", { start, encode, decode, build });
})(window.explorables);
