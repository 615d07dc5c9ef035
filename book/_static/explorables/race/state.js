// The state of the race, and how a link says it.
(function (kit) {
  "use strict";
  const { numbers, oneOf } = kit.url;
  const { LANDS } = kit.lands;
  const { FIELDS } = kit.fields;
  const MODES = ["same", "best"];
  const ETA = [0, 100];
  const BEGUN = 30; // steps that are shown at first

  const placed = (land) => ({ land, from: LANDS[land].from, steps: BEGUN });
  const start = () => ({
    ...placed("ravine"),
    field: "rules",
    mode: "same",
    eta: 0.05,
    chosen: "",
    asking: false,
    answers: [],
  });

  const same = (left, right) => JSON.stringify(left) === JSON.stringify(right);
  const KEYS = ["land", "from", "steps", "field", "mode", "eta", "see", "ask"];

  function encode(state) {
    const first = { ...start(), ...placed(state.land), land: start().land };
    const said = KEYS.slice(0, 6)
      .filter((key) => !same(state[key], first[key]))
      .map((key) => [key, `${state[key]}`]);
    if (state.chosen) said.push(["see", state.chosen]);
    if (state.asking) said.push(["ask", "1"]);
    return Object.fromEntries(said);
  }

  function decode(texts) {
    Object.keys(texts).forEach((key) => oneOf(key, KEYS));
    const land = oneOf(texts.land || start().land, Object.keys(LANDS));
    const state = { ...start(), ...placed(land) };
    if ("from" in texts) state.from = startOf(texts.from, LANDS[land]);
    if ("steps" in texts) [state.steps] = numbers(texts.steps, 1, 0, LANDS[land].steps);
    if (!Number.isInteger(state.steps)) throw new Error("no such step");
    if ("field" in texts) state.field = oneOf(texts.field, Object.keys(FIELDS));
    if ("mode" in texts) state.mode = oneOf(texts.mode, MODES);
    if ("eta" in texts) [state.eta] = numbers(texts.eta, 1, ...ETA);
    const known = FIELDS[state.field].map(({ id }) => id);
    if ("see" in texts) state.chosen = oneOf(texts.see, known);
    state.asking = "ask" in texts && oneOf(texts.ask, ["0", "1"]) === "1";
    return state;
  }

  function startOf(text, { window }) {
    if (!window) throw new Error("this start stands firm");
    const point = numbers(text, 2);
    if (!same(point, kit.clamped(point, window))) throw new Error(`${text}: not in sight`);
    return point;
  }

  kit.race = { MODES, ETA, placed, start, encode, decode };
})(window.explorables);
