// The nudge: a number is moved, and those that hang on it move, along one path or along two.
(function (kit) {
  "use strict";
  const { element } = kit;
  const { PLACE, MOST, LEAST, stepOf } = kit.nudge;
  const { NUDGES } = kit.nudges;
  const { EXAMPLES, LETTERS } = kit.nudgeNames;

  function build(frame) {
    const { change, formula } = frame;
    const which = kit.select({
      label: "Numbers",
      options: Object.entries(EXAMPLES),
      value: frame.state.example,
      change: (example) =>
        edit({ example, x: NUDGES[example].start, moved: "x" }, `Numbers: ${EXAMPLES[example]}`),
    });
    const ask = kit.button("Predict first", predictFirst, { "aria-pressed": "false" });
    const who = element("div", {});
    const lines = kit.linesView({ state: () => frame.state, move: nudge });
    const canvas = element("div", { class: "canvas" }, lines.svg);
    const place = kit.slider({
      label: "x",
      value: frame.state.x,
      least: -PLACE,
      most: PLACE,
      step: 0.25,
      change: (x) => edit({ x }, `${letters().x} is ${kit.short(x)}`),
    });
    const size = kit.slider({
      label: "Nudge",
      value: frame.state.step,
      least: -MOST,
      most: MOST,
      step: 0.05,
      change: (step) => nudge(frame.state.moved, stepOf(step)),
    });
    const halve = kit.button("Halve it", () => turn(1));
    const question = element("div", {});
    const card = kit.nudgeCard(formula);
    const parts = [];
    let choices = null;
    let made = "";
    frame.stage.append(
      element("div", { class: "bar top" }, which.node, ask),
      who,
      canvas,
      element("div", { class: "sizes" }, place.node, size.node, halve),
      question,
      card.node,
    );

    // The parts that came later take their places.
    function complete() {
      const next = kit.button("Another place", elsewhere);
      const answered = () => change({ answered: frame.state.answered + 1 });
      const asking = kit.ask({ answered, after: [next] });
      question.append(asking.node);
      parts.push({ draw: (picture) => drawQuestion(asking, next, picture) });
    }

    function drawQuestion(asking, next, picture) {
      const found = kit.nudgeQuestions.question(picture);
      asking.draw({
        open: picture.asking,
        label: found ? `${found.symbol} =` : "All is known here.",
        question: found,
        mistakes: () => kit.nudgeQuestions.mistakes(picture),
        place: picture.place,
      });
      next.hidden = Boolean(found);
    }

    const letters = () => LETTERS[frame.state.example];

    // Other numbers: what was answered before says nothing of them.
    function edit(part, words) {
      change({ answered: 0, ...part }, words);
    }

    function predictFirst() {
      const asking = !frame.state.asking;
      const words = asking ? "Rates are asked for before they are shown" : "Rates are shown";
      edit({ asking }, words);
    }

    function elsewhere() {
      const places = [-3, -2, -1, 1, 2, 3].filter((x) => x !== frame.state.x);
      const x = places[Math.floor(Math.random() * places.length)];
      edit({ x }, `${letters().x} is ${kit.short(x)}`);
    }

    // A nudge changes no rate, so what was answered stays known.
    function nudge(moved, step) {
      const { example, x } = frame.state;
      const { change: far } = kit.nudges.nudged(NUDGES[example], x, moved, step);
      const name = moved === "x" ? letters().x : `${letters().inner[moved]} alone`;
      const words = `${name} moves by ${kit.short(step)}, ${letters().result} by ${kit.short(far)}`;
      change({ moved, step }, words);
    }

    function turn(by) {
      const step = stepOf(frame.state.step / 2 ** by);
      if (step && step !== frame.state.step) nudge(frame.state.moved, step);
    }

    // Who may be moved depends on the example.
    function chooseWho({ example, moved }) {
      if (example !== made) {
        const { x, inner } = LETTERS[example];
        const alone = inner.length > 1 ? " alone" : "";
        choices = kit.choice({
          label: "What is moved",
          options: [["x", x], ...inner.map((letter, k) => [`${k}`, letter + alone])].map(
            ([to, words]) => [to, `Move ${words}`],
          ),
          value: moved,
          change: (to) => nudge(to, frame.state.step),
        });
        who.replaceChildren(choices.node);
        place.field.node.querySelector("label").textContent = x;
        kit.put(place.range, { "aria-label": x });
      }
      made = example;
      choices.set(moved);
    }

    const picture = (state) =>
      kit.nudgePicture(state, Math.max(280, Math.min(frame.stage.clientWidth || 680, 760)));

    function draw(state) {
      const now = picture(state);
      chooseWho(state);
      lines.draw(now);
      card.draw(now);
      which.set(state.example);
      place.set(state.x);
      size.set(state.step);
      kit.put(halve, { "aria-disabled": Math.abs(state.step) < 2 * LEAST ? "true" : false });
      kit.put(ask, { "aria-pressed": `${state.asking}` });
      parts.forEach((part) => part.draw(now));
    }

    return { draw, complete, drawing: () => lines.svg, turn };
  }

  const { start, encode, decode } = kit.nudge;
  kit.define("nudge", { start, encode, decode, build });
})(window.explorables);
