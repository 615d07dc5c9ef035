// The state of the zoom: which function, where, how large a square, which matrix is drawn for it.
(function (kit) {
  "use strict";
  const { numbers, oneOf } = kit.url;
  const VIEWS = ["zoom", "products"];
  const MAPS = ["curved", "polar", "affine", "logistic", "layer", "softmax", "relu"];
  const MATRICES = ["right", "transposed", "diagonal", "slip", "own"];
  const PLACE = 3; // how far from 0 the point may go
  const [LEAST, MOST] = [2 ** -6, 1]; // of the half-width
  const FAR = 2; // how far the two directions go
  const BOUND = 100; // of a number that somebody types for J
  const KNOWN = ["map", "x", "h", "J", "own", "v", "u", "view", "ask"];

  const at = (map, data) => kit.planeMaps.maps(data.example)[map].start;

  function start(data) {
    return {
      map: "curved",
      x: at("curved", data),
      half: 0.5,
      matrix: "right",
      own: [
        [1, 0],
        [0, 1],
      ],
      v: [2, 1],
      u: [1, -1],
      view: "zoom",
      asking: false,
      answered: 0,
    };
  }

  const same = (left, right) => JSON.stringify(left) === JSON.stringify(right);

  function encode(state, data) {
    const first = { ...start(data), x: at(state.map, data) };
    const texts = {};
    const differs = (part) => !same(state[part], first[part]);
    if (differs("map")) texts.map = state.map;
    if (differs("x")) texts.x = state.x.join();
    if (differs("half")) texts.h = `${state.half}`;
    if (differs("matrix")) texts.J = state.matrix;
    if (differs("own")) texts.own = state.own.flat().join();
    if (differs("v")) texts.v = state.v.join();
    if (differs("u")) texts.u = state.u.join();
    if (differs("view")) texts.view = state.view;
    if (state.asking) texts.ask = "1";
    return texts;
  }

  function decode(texts, data) {
    const unknown = Object.keys(texts).filter((name) => !KNOWN.includes(name));
    if (unknown.length) throw new Error(`${unknown}: not known`);
    const { map = "curved", ask = "0" } = texts;
    const state = { ...start(data), map: oneOf(map, MAPS), x: at(map, data) };
    if ("x" in texts) state.x = numbers(texts.x, 2, -PLACE, PLACE);
    if ("h" in texts) [state.half] = numbers(texts.h, 1, LEAST, MOST);
    if ("J" in texts) state.matrix = oneOf(texts.J, MATRICES);
    if ("own" in texts) {
      const [a, b, c, d] = numbers(texts.own, 4, -BOUND, BOUND);
      state.own = [
        [a, b],
        [c, d],
      ];
    }
    if ("v" in texts) state.v = numbers(texts.v, 2, -FAR, FAR);
    if ("u" in texts) state.u = numbers(texts.u, 2, -FAR, FAR);
    if ("view" in texts) state.view = oneOf(texts.view, VIEWS);
    state.asking = oneOf(ask, ["0", "1"]) === "1";
    return state;
  }

  // The matrix that is drawn for the Jacobian.
  function matrixOf({ matrix, own, x }, map) {
    const J = map.jacobian(x);
    const made = {
      right: () => J,
      transposed: () => kit.planeMaps.transposed(J),
      diagonal: () => J.map((row, i) => row.map((entry, j) => (i === j ? entry : 0))),
      slip: () => map.slips[0](x),
      own: () => own,
    };
    return made[matrix]();
  }

  kit.zoom = { VIEWS, MAPS, PLACE, LEAST, MOST, FAR, BOUND, start, encode, decode, matrixOf };
})(window.explorables);
