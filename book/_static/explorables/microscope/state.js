// The state of the microscope, and how a link says it.
(function (kit) {
  "use strict";
  const { numbers, oneOf } = kit.url;
  const VIEWS = ["network", "reversed", "matrices"];
  const THICK = ["weight", "gradient"];
  const HIDDEN = ["identity", "logistic", "tanh", "relu"];
  const LOSSES = ["half_squared_error", "binary_cross_entropy", "softmax_cross_entropy"];
  const MOST_LAYERS = 3;
  const MOST_UNITS = 5;
  const BOUND = 100; // of weights, biases and inputs; larger ones show nothing that these do not

  function start(data) {
    return {
      ...kit.examples.get("plant1", data),
      rate: 0.5,
      step: 0,
      view: "network",
      thick: "weight",
      chosen: null,
      asking: false,
      answers: [],
      costs: [],
      score: [0, 0],
      trainer: false,
      mine: null, // the state that practising has interrupted
    };
  }

  const flat = (net) =>
    kit.network.parameters(net).map((which) => kit.network.parameter(net, which));
  const same = (left, right) => JSON.stringify(left) === JSON.stringify(right);

  // Only what differs from the beginning is said, so that most links are short.
  function encode(state, data) {
    const first = start(data);
    const { net, x, y } = state;
    const texts = {
      n: kit.network.sizes(net).join("-"),
      w: flat(net).join(),
      x: x.join(),
      y: y.join(),
      f: [net.hidden, net.output, net.loss].join("."),
      eta: `${state.rate}`,
    };
    const differ = {
      n: !same(kit.network.sizes(net), kit.network.sizes(first.net)),
      w: !same(flat(net), flat(first.net)),
      x: !same(x, first.x),
      y: !same(y, first.y),
      eta: state.rate !== first.rate,
      f: ["hidden", "output", "loss"].some((key) => net[key] !== first.net[key]),
    };
    const said = Object.keys(texts)
      .filter((key) => differ[key])
      .map((key) => [key, texts[key]]);
    if (state.step) said.push(["step", `${state.step + 1}`]);
    if (state.view !== first.view) said.push(["view", state.view]);
    if (state.thick !== first.thick) said.push(["thick", state.thick]);
    if (state.chosen) said.push(["see", state.chosen.join(".")]);
    if (state.asking) said.push(["ask", "1"]);
    return Object.fromEntries(said);
  }

  const KEYS = ["n", "w", "x", "y", "f", "eta", "step", "view", "thick", "see", "ask", "example"];

  function decode(texts, data) {
    Object.keys(texts).forEach((key) => oneOf(key, KEYS));
    const state = start(data);
    if ("example" in texts) {
      oneOf(
        texts.example,
        kit.examples.named(data).map(([name]) => name),
      );
      Object.assign(state, kit.examples.get(texts.example, data));
    }
    const sizes = "n" in texts ? sizesOf(texts.n) : kit.network.sizes(state.net);
    if ("n" in texts) Object.assign(state, kit.examples.resized(state, sizes));
    if ("w" in texts)
      state.net = filled(state.net, numbers(texts.w, flat(state.net).length, -BOUND, BOUND));
    if ("x" in texts) state.x = numbers(texts.x, sizes[0], -BOUND, BOUND);
    if ("f" in texts) state.net = { ...state.net, ...functions(texts.f) };
    if ("y" in texts) state.y = numbers(texts.y, sizes.at(-1), -BOUND, BOUND);
    if (!targetsFit(state.net, state.y)) throw new Error("these targets do not fit the cost");
    if ("eta" in texts) [state.rate] = numbers(texts.eta, 1, 0, BOUND);
    const all = kit.steps.all(state.net);
    if ("step" in texts) state.step = numbers(texts.step, 1, 1, all.length)[0] - 1;
    if (!Number.isInteger(state.step)) throw new Error("no such step");
    if ("view" in texts) state.view = oneOf(texts.view, VIEWS);
    if ("thick" in texts) state.thick = oneOf(texts.thick, THICK);
    if ("see" in texts) state.chosen = chosen(texts.see, state.net);
    state.asking = texts.ask === "1";
    return state;
  }

  function sizesOf(text) {
    const sizes = text.split("-").map(Number);
    const possible = (size) => Number.isInteger(size) && size >= 1 && size <= MOST_UNITS;
    const layers = sizes.length - 1;
    if (layers < 1 || layers > MOST_LAYERS || !sizes.every(possible))
      throw new Error(`${text}: no such network`);
    return sizes;
  }

  function filled(net, values) {
    return kit.network
      .parameters(net)
      .reduce((made, which, k) => kit.network.withParameter(made, which, values[k]), net);
  }

  function functions(text) {
    const [hidden, output, loss] = text.split(".");
    return {
      hidden: oneOf(hidden, HIDDEN),
      output: oneOf(output, HIDDEN),
      loss: oneOf(loss, LOSSES),
    };
  }

  // What is looked at: ["w", layer, i, j], with j = -1 for a bias, or ["u", column, k], a unit.
  function chosen(text, net) {
    const [kind, ...at] = text.split(".");
    const places = at.map(Number);
    const units = kit.network.sizes(net);
    const parameter = kit.network.parameters(net).some((which) => same(which, places));
    const unit =
      places.length === 2 && places[0] in units && places[1] >= 0 && places[1] < units[places[0]];
    if (!((kind === "w" && parameter) || (kind === "u" && unit)))
      throw new Error(`${text}: no such weight or unit`);
    return [kind, ...places];
  }

  // A cross-entropy asks for probabilities, that of a softmax for some that add up to 1.
  function targetsFit(net, y) {
    if (net.loss === "half_squared_error") return true;
    const between = y.every((value) => value >= 0 && value <= 1);
    return (
      between && (net.loss === "binary_cross_entropy" || Math.abs(kit.network.sum(y) - 1) < 1e-4)
    );
  }

  kit.microscope = {
    VIEWS,
    HIDDEN,
    LOSSES,
    MOST_LAYERS,
    MOST_UNITS,
    BOUND,
    start,
    encode,
    decode,
    filled,
    same,
    targetsFit,
  };
})(window.explorables);
