// The race: all optimizers from one start, at one learning rate or each at its own best one.
(function (kit) {
  "use strict";
  const { element, drawn } = kit;
  const { LANDS, raceOf } = kit.lands;
  const { FIELDS, OPTIONS } = kit.fields;
  const FAINT = "others are faint";
  const ALIKE = "All alike";

  function build(frame) {
    const { change } = frame;
    const runs = kit.raceRuns({ found: () => found() });
    const land = kit.select({
      label: "On",
      options: Object.entries(LANDS).map(([name, { words }]) => [name, words]),
      value: frame.state.land,
      change: (name) => edit(kit.race.placed(name), LANDS[name].words),
    });
    const field = kit.select({
      label: "Who runs",
      options: OPTIONS,
      value: frame.state.field,
      change: (name) => edit({ field: name, chosen: "" }, wordsOf(OPTIONS, name)),
    });
    const mode = kit.choice({
      label: "Learning rates",
      options: [
        ["same", "One η for all"],
        ["best", "Each at its best η"],
      ],
      value: frame.state.mode,
      change: (name) =>
        edit(
          { mode: name },
          name === "best" ? "The best η of each is searched for" : "One η for all",
        ),
    });
    const eta = kit.slider({
      label: "η",
      value: frame.state.eta,
      least: kit.race.ETA[0],
      most: kit.race.ETA[1],
      step: 0.01,
      along: {
        from: -3,
        to: 2,
        step: 0.02,
        of: (value) => Math.log10(Math.max(value, 1e-3)),
        at: (place) => Number((10 ** place).toPrecision(3)),
      },
      change: (value) => edit({ eta: value }, `η is ${kit.short(value)}`),
    });
    const ask = kit.button("Predict first", toggleAsking, { "aria-pressed": "false" });
    const stepper = kit.stepper({ label: "Steps of the race", change: go });
    const ground = kit.ground({
      from: () => frame.state.from,
      moved: (point) => edit({ from: kit.clamped(point, LANDS[frame.state.land].window) }),
    });
    const answers = kit.answers();
    const costs = kit.heights();
    const svg = drawn("svg", {
      class: "race",
      role: "group",
      "aria-label": "The paths from above, and the height above the lowest point at each step",
    });
    svg.append(ground.node, answers.node, costs.node);
    const bold = kit.select({ label: "Bold", options: [], value: "", change: choose });
    const question = element("div", {});
    const first = kit.firstStep();
    const standings = kit.standings({ choose });
    const parts = [first, standings];
    let offered = "";
    frame.stage.append(
      element("div", { class: "bar" }, field.node, land.node, bold.node),
      element(
        "div",
        { class: "bar top" },
        mode.node,
        element("div", { class: "sliders one" }, eta.node),
        ask,
      ),
      question,
      stepper.node,
      first.node,
      svg,
      standings.node,
      element("p", { class: "caption" }, RULES),
    );
    frame.busy = runs.busy;

    frame.picture = (state = frame.state) => pictureOf(state, runs);

    function complete() {
      const questions = kit.raceQuestions({ answered: () => change({ answers: ["first"] }) });
      question.append(questions.node);
      parts.push(questions);
    }

    function edit(part, words = "") {
      change({ ...part, answers: [] }, words);
    }

    function choose(id) {
      const chosen = frame.state.chosen === id ? "" : id;
      const lane = FIELDS[frame.state.field].find((one) => one.id === chosen);
      change({ chosen, answers: [] }, lane ? `${lane.name}; ${FAINT}` : ALIKE);
    }

    // Who may be the bold one.
    function offer(name) {
      offered = name;
      const options = [["", ALIKE], ...FIELDS[name].map((lane) => [lane.id, lane.name])];
      bold.list.replaceChildren(
        ...options.map(([value, words]) => element("option", { value }, words)),
      );
    }

    function toggleAsking() {
      const asking = !frame.state.asking;
      change({ asking, answers: [] }, asking ? "The first step is asked for" : "Numbers are shown");
    }

    function go(steps) {
      const arrived = frame
        .picture()
        .lanes.filter((lane) => lane.arrived !== null && lane.arrived <= steps);
      const names = arrived.map(({ name }) => name).join(", ");
      change({ steps }, `Step ${steps}. At the finish: ${names || "nobody"}`);
    }

    function found() {
      const { lanes } = frame.picture();
      const [first] = lanes
        .filter(({ arrived }) => arrived !== null)
        .sort((a, b) => a.arrived - b.arrived);
      if (first) frame.say(`Searched. ${first.name} is first, after ${first.arrived} steps`);
      frame.painter.ask();
    }

    function draw(state) {
      if (state.mode === "best") runs.search(state);
      const picture = frame.picture(state);
      const boxes = layout(frame.stage.clientWidth);
      kit.put(svg, { viewBox: `0 0 ${boxes.width} ${boxes.height}` });
      ground.draw(picture, boxes.ground);
      answers.draw(picture, boxes.ground);
      costs.draw(picture, boxes.costs);
      land.set(state.land);
      field.set(state.field);
      if (offered !== state.field) offer(state.field);
      bold.set(state.chosen);
      mode.set(state.mode);
      eta.set(state.eta);
      for (const input of [eta.range, eta.field.input]) input.disabled = state.mode === "best";
      kit.put(ask, { "aria-pressed": `${state.asking}` });
      const words = `${state.steps} ${state.steps === 1 ? "step" : "steps"}`;
      stepper.set(state.steps, LANDS[state.land].steps + 1, words, words);
      parts.forEach((part) => part.draw(picture));
    }

    return { draw, complete, drawing: () => svg, turn: stepper.go };
  }

  const RULES =
    "The finish: a hundredth of the height at the start is left, and it stays so; for XOR the cost is " +
    "0.005. Each best η is the first at the finish of 31 from 0.001 to 100, among runs that never " +
    "climb above twice the start. All else is as usual: α = 0.9, ρ = 0.9, β₁ = 0.9, β₂ = 0.999.";
  const wordsOf = (options, wanted) => options.find(([name]) => name === wanted)[1];

  // The ground above, the heights below it. All lengths are pixels of the drawing.
  function layout(available) {
    const width = Math.max(280, Math.min(available || 680, 860));
    const [left, right, head, foot, low] = [34, 8, 20, 34, width < 480 ? 140 : 170];
    const across = width - left - right;
    const tall = (across * 3.8) / 6.8;
    const under = head + tall + foot;
    return {
      width,
      height: under + head + low + foot,
      ground: [left, head, across, tall],
      costs: [left, under + head, across, low],
    };
  }

  // All that the views show of a state.
  function pictureOf(state, runs) {
    const { window, objective, lowest, steps: length } = LANDS[state.land];
    const asked = state.asking && !state.answers.length ? askedLane(state) : "";
    const lanes = FIELDS[state.field].map((lane) => laneOf(state, lane, runs, objective, asked));
    return { ...state, window, objective, lowest, length, asked, lanes, goal: raceOf(state).goal };
  }

  function laneOf(state, lane, runs, objective, asked) {
    const { path, heights, ...run } = runs.of(state, lane);
    const at = path[state.steps];
    const main = state.chosen === lane.id;
    return {
      ...lane,
      ...run,
      path,
      heights,
      main,
      faint: state.chosen !== "" && !main,
      first:
        path[1] && run.rate ? path[1].map((value, k) => (value - path[0][k]) / run.rate) : null,
      height: at ? heights[state.steps] : null,
      answers: at && objective.answers ? objective.answers(at) : null,
      hidden: asked !== "",
    };
  }

  // Whose first step is asked for: the chosen one, or the most surprising one.
  function askedLane({ field, chosen }) {
    return (
      chosen || FIELDS[field].map(({ id }) => id)[field === "rules" ? 5 : FIELDS[field].length - 1]
    );
  }

  const { start, encode, decode } = kit.race;
  kit.define("race", { start, encode, decode, build });
})(window.explorables);
