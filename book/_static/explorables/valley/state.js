// The state of the valley, and how a link says it.
(function (kit) {
  "use strict";
  const { numbers, oneOf } = kit.url;
  const { METHODS } = kit.quadratic;
  const NAMES = {
    descent: "Gradient descent",
    momentum: "Momentum",
    nesterov: "Nesterov",
  };
  const MOST_STEPS = 150;
  // What can be seen: the valley, in which the start lies, and the map.
  const WINDOW = { x: [-4.6, 2.2], y: [-1.7, 1.7] };
  const MAP = { x: [0, 4], y: [0, 1] };
  const BOUNDS = { kappa: [1, 1000], eta: [0, 10], alpha: [0, 0.99] };

  const start = () => ({
    method: "descent",
    kappa: 20,
    eta: 0.09,
    alpha: 0.8,
    from: [-4, 1],
    steps: 25,
    all: false,
    asking: false,
    answers: [],
  });

  const same = (left, right) => JSON.stringify(left) === JSON.stringify(right);
  const KEYS = ["method", "kappa", "eta", "alpha", "from", "steps", "all", "ask"];

  // Only what differs from the beginning is said, so that most links are short.
  function encode(state) {
    const first = start();
    const texts = { ...state, from: state.from.join() };
    const said = KEYS.slice(0, 6)
      .filter((key) => !same(state[key], first[key]))
      .map((key) => [key, `${texts[key]}`]);
    if (state.all) said.push(["all", "1"]);
    if (state.asking) said.push(["ask", "1"]);
    return Object.fromEntries(said);
  }

  function decode(texts) {
    Object.keys(texts).forEach((key) => oneOf(key, KEYS));
    const state = start();
    if ("method" in texts) state.method = oneOf(texts.method, METHODS);
    for (const [key, ends] of Object.entries(BOUNDS))
      if (key in texts) [state[key]] = numbers(texts[key], 1, ...ends);
    if ("from" in texts) state.from = startOf(texts.from);
    if ("steps" in texts) [state.steps] = numbers(texts.steps, 1, 0, MOST_STEPS);
    if (!Number.isInteger(state.steps)) throw new Error("no such step");
    state.all = flag(texts.all);
    state.asking = flag(texts.ask);
    return state;
  }

  const flag = (text) => text !== undefined && oneOf(text, ["0", "1"]) === "1";

  function startOf(text) {
    const point = numbers(text, 2);
    if (!same(point, kit.clamped(point, WINDOW))) throw new Error(`${text}: not in the valley`);
    return point;
  }

  kit.valley = { NAMES, MOST_STEPS, WINDOW, MAP, BOUNDS, start, encode, decode };
})(window.explorables);
