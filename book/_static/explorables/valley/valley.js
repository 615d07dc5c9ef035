// The valley: descent on two curvatures, and what learning rate and momentum do to each.
(function (kit) {
  "use strict";
  const { element, drawn } = kit;
  const { quadratic, valley } = kit;
  const NAMES = Object.entries(valley.NAMES);
  // What the numbers that are asked for depend on.
  const LIMIT = ["method", "kappa", "alpha"];
  const DEPENDS = { limit: LIMIT, rate: [...LIMIT, "eta"] };
  const round = (value, digits) => Number(value.toPrecision(digits));

  function build(frame) {
    const { change, formula } = frame;
    const methods = kit.choice({
      label: "Method",
      options: NAMES,
      value: frame.state.method,
      change: (method) => edit({ method }, valley.NAMES[method]),
    });
    const all = kit.button("All three paths", toggleAll, { "aria-pressed": "false" });
    const best = kit.button("Best η and α", toBest);
    const ask = kit.button("Predict first", toggleAsking, { "aria-pressed": "false" });
    const sliders = {
      kappa: slider("kappa", "Condition number κ", {
        step: 1,
        along: { from: 0, to: 3, step: 0.01, of: Math.log10, at: (place) => round(10 ** place, 3) },
      }),
      eta: slider("eta", "Learning rate η", {
        step: 0.01,
        // Its way is ηλ of the steep direction, as in the map.
        along: {
          from: 0,
          to: valley.MAP.x[1],
          step: 0.01,
          of: (eta) => eta * frame.state.kappa,
          at: (place) => round(place / frame.state.kappa, 4),
        },
      }),
      alpha: slider("alpha", "Momentum α", { step: 0.01 }),
    };
    const landscape = kit.landscape({
      from: () => frame.state.from,
      moved: (from) => edit({ from }),
    });
    const map = kit.rateMap({ steep: () => steepOf(frame.state), moved: moveSteep });
    const chart = kit.costChart();
    const svg = drawn("svg", {
      class: "valley",
      role: "group",
      "aria-label": "The valley with the path, the map of rates, and the cost at each step",
    });
    svg.append(landscape.node, map.node, chart.node);
    const stepper = kit.stepper({ label: "Steps of the walk", change: go });
    const question = element("div", {});
    const parts = [kit.directionCard(formula), kit.methodTable()];
    const [card, table] = parts;
    frame.stage.append(
      element(
        "div",
        { class: "bar top" },
        methods.node,
        element("span", { class: "bar" }, all, best, ask),
      ),
      question,
      element("div", { class: "sliders" }, ...Object.values(sliders).map(({ node }) => node)),
      card.node,
      stepper.node,
      svg,
      table.node,
    );

    function slider(key, label, more) {
      const [least, most] = valley.BOUNDS[key];
      return kit.slider({
        label,
        value: frame.state[key],
        least,
        most,
        ...more,
        change: (value) => edit({ [key]: value }),
      });
    }

    frame.picture = (state = frame.state) => pictureOf(state);

    function complete() {
      const questions = kit.valleyQuestions({ answered });
      question.append(questions.node);
      parts.push(questions);
    }

    // Another setting: an answer holds as long as all that it depends on does.
    function edit(part, words = "") {
      const { state } = frame;
      const next = { ...state, ...part };
      const holds = (name) => DEPENDS[name].every((key) => next[key] === state[key]);
      const answers = state.answers.filter(holds);
      change({ ...part, answers }, `${words}${words ? ". " : ""}${spoken(next)}`);
    }

    function toBest() {
      const found = quadratic.best(frame.state);
      const rounded = Object.entries(found).map(([key, value]) => [key, round(value, 4)]);
      edit(Object.fromEntries(rounded), "The best learning rate and momentum of this method");
    }

    function toggleAll() {
      change({ all: !frame.state.all }, frame.state.all ? "One path" : "All three paths");
    }

    function toggleAsking() {
      const asking = !frame.state.asking;
      change(
        { asking, answers: [] },
        asking ? "Numbers are asked for before they are shown" : "Numbers are shown",
      );
    }

    function answered() {
      const asked = kit.valleyAsked(frame.state);
      change({ answers: [...frame.state.answers, asked] });
    }

    // Where the dot of the steep direction is moved to says both η and α.
    function moveSteep([product, alpha]) {
      const { kappa, method } = frame.state;
      const [lowest, highest] = valley.BOUNDS.alpha;
      const eta = round(Math.min(valley.MAP.x[1], Math.max(0, product)) / kappa, 4);
      const moved =
        method === "descent"
          ? {}
          : { alpha: kit.hundredth(Math.min(highest, Math.max(lowest, alpha))) };
      edit({ eta, ...moved });
    }

    function go(steps) {
      const { kappa, method } = frame.state;
      const { path } = walkOf({ ...frame.state, method }, steps);
      const cost =
        path.length > steps
          ? `the cost is ${kit.format(quadratic.cost(kappa, path[steps]))}`
          : "it is out of sight";
      change({ steps }, `Step ${steps}: ${cost}`);
    }

    function draw(state) {
      const picture = frame.picture(state);
      const boxes = layout(frame.stage.clientWidth);
      kit.put(svg, { viewBox: `0 0 ${boxes.width} ${boxes.height}` });
      landscape.draw(picture, boxes.landscape);
      map.draw(picture, boxes.map);
      chart.draw(picture, boxes.costs);
      methods.set(state.method);
      kit.put(all, { "aria-pressed": `${state.all}` });
      kit.put(ask, { "aria-pressed": `${state.asking}` });
      Object.entries(sliders).forEach(([key, { set }]) => set(state[key]));
      for (const input of [sliders.alpha.range, sliders.alpha.field.input])
        input.disabled = state.method === "descent";
      stepper.set(
        state.steps,
        valley.MOST_STEPS + 1,
        `${state.steps} steps`,
        `${state.steps} steps`,
      );
      parts.forEach((part) => part.draw(picture));
    }

    return { draw, complete, drawing: () => svg, turn: stepper.go };
  }

  // Where the three panels stand: the valley above, map and costs side by side, or below each other
  // on a telephone. All lengths are pixels of the drawing.
  function layout(available) {
    const width = Math.max(280, Math.min(available || 680, 860));
    const [left, right, head, foot] = [34, 8, 20, 34];
    const { x, y } = valley.WINDOW;
    const across = width - left - right;
    const tall = (across * (y[1] - y[0])) / (x[1] - x[0]);
    const under = head + tall + foot;
    const landscape = [left, head, across, tall];
    const low = 190;
    if (width < 480) {
      const map = [left, under + head, across, 210];
      const costs = [left, under + head + 210 + foot + head, across, 130];
      return { width, height: costs[1] + 130 + foot, landscape, map, costs };
    }
    const half = (width - 2 * left - 2 * right) / 2;
    const map = [left, under + head, half, low];
    const costs = [2 * left + right + half, under + head, half, low];
    return { width, height: under + head + low + foot, landscape, map, costs };
  }

  function walkOf(state, steps) {
    const path = quadratic.walk(state, steps);
    return { path, costs: path.map((point) => quadratic.cost(state.kappa, point)) };
  }

  // The two directions, each with its place in the map.
  function directionsOf({ method, kappa, eta, alpha }) {
    return quadratic.curvatures(kappa).map((lambda, k) => ({
      which: ["flat", "steep"][k],
      lambda,
      product: eta * lambda,
      motion: quadratic.motion(method, eta * lambda, alpha),
    }));
  }

  // Gradient descent is momentum with α = 0.
  const heightOf = ({ method, alpha }) => (method === "descent" ? 0 : alpha);
  const steepOf = (state) => [state.eta * state.kappa, heightOf(state)];

  function rateOf(directions) {
    const [flat, steep] = directions.map(({ motion }) => motion.rate);
    return { rate: Math.max(flat, steep), slower: steep > flat ? "steep" : "flat" };
  }

  // All that the views show of a state.
  function pictureOf(state) {
    const { method, all, steps } = state;
    const directions = directionsOf(state);
    const each = quadratic.METHODS.map((name) => [name, { ...state, method: name }]);
    const shown = all ? each : [[method, state]];
    const asked = kit.valleyAsked(state);
    const open = (name) => asked !== "" && !state.answers.includes(name);
    return {
      ...state,
      ...rateOf(directions),
      directions,
      height: heightOf(state),
      walks: Object.fromEntries(shown.map(([name, of]) => [name, walkOf(of, steps)])),
      table: Object.fromEntries(each.map(([name, of]) => [name, rowOf(of, steps)])),
      hidden: { limit: open("limit"), rate: open("rate"), arrival: open("rate"), cost: false },
      asked,
    };
  }

  function rowOf(state, steps) {
    const { costs } = walkOf(state, steps);
    const arrival = quadratic.arrival(state);
    const { rate } = rateOf(directionsOf(state));
    return {
      limit: quadratic.limit(state),
      rate,
      arrival: arrival === null && rate < 1 ? Infinity : arrival,
      cost: costs.length > steps ? costs[steps] : null,
    };
  }

  // What is asked for next: the bound, then the rate; nothing where all is answered.
  kit.valleyAsked = ({ asking, answers }) =>
    (asking && ["limit", "rate"].find((name) => !answers.includes(name))) || "";

  function spoken(state) {
    if (state.asking) return "";
    const { rate } = rateOf(directionsOf(state));
    if (rate >= 1) return rate > 1 ? "It flies away" : "It never comes to rest";
    return `The rate is ${kit.format(rate, 3)}`;
  }

  const { start, encode, decode } = valley;
  kit.define("valley", { start, encode, decode, build });
})(window.explorables);
