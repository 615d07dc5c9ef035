// The state of the nudge: which numbers, where, what is moved, and how far.
(function (kit) {
  "use strict";
  const { numbers, oneOf } = kit.url;
  const { NUDGES } = kit.nudges;
  const PLACE = 4; // how far from 0 the first number may be
  const [MOST, LEAST] = [1, 2 ** -9]; // of a nudge; less than the least is none
  const KNOWN = ["example", "x", "d", "move", "ask"];

  const start = () => ({
    example: "paths",
    x: NUDGES.paths.start,
    moved: "x",
    step: 0.25,
    asking: false,
    answered: 0,
  });

  function encode(state) {
    const first = { ...start(), x: NUDGES[state.example].start };
    const texts = {};
    if (state.example !== first.example) texts.example = state.example;
    if (state.x !== first.x) texts.x = `${state.x}`;
    if (state.step !== first.step) texts.d = `${state.step}`;
    if (state.moved !== first.moved) texts.move = state.moved;
    if (state.asking) texts.ask = "1";
    return texts;
  }

  function decode(texts) {
    const unknown = Object.keys(texts).filter((name) => !KNOWN.includes(name));
    if (unknown.length) throw new Error(`${unknown}: not known`);
    const { move = "x", ask = "0" } = texts;
    const example = oneOf(texts.example || "paths", Object.keys(NUDGES));
    const { start: x, inner } = NUDGES[example];
    const state = { ...start(), example, x };
    if ("x" in texts) [state.x] = numbers(texts.x, 1, -PLACE, PLACE);
    if ("d" in texts) state.step = stepOf(numbers(texts.d, 1, -MOST, MOST)[0]);
    state.moved = oneOf(move, ["x", ...inner.map((_, k) => `${k}`)]);
    state.asking = oneOf(ask, ["0", "1"]) === "1";
    return state;
  }

  const stepOf = (value) => (Math.abs(value) < LEAST ? 0 : Math.min(MOST, Math.max(-MOST, value)));

  kit.nudge = { PLACE, MOST, LEAST, start, encode, decode, stepOf };
})(window.explorables);
