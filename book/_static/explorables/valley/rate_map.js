// The map over (ηλ, α): how fast each direction is, where it swings, and where it flies away. The
// dot of the steep direction can be moved.
(function (kit) {
  "use strict";
  const { drawn, put } = kit;
  const { MAP } = kit.valley;
  const { within, swinging } = kit.quadratic;
  const RATES = [0.5, 0.7, 0.8, 0.9, 0.95, 1];
  const LABELLED = { momentum: [0.5, 0.7, 0.8, 0.9, 0.95], nesterov: [0.5, 0.7, 0.9] };
  const NEAR = 44; // pixels, between dots whose names would lie on each other
  const NAME = 14; // pixels, from a dot up to its name
  const [WIDE, TALL] = [32, 14]; // pixels around the name of a dot, which hides what lies there
  const ALPHAS = [...Array(81).keys()].map((k) => k / 80);

  // The area between two products for each α, as a closed line; some α have none.
  function area(ends) {
    const rows = ALPHAS.map((alpha) => [ends(alpha), alpha]).filter(([found]) => found);
    const left = rows.map(([[low], alpha]) => [low, alpha]);
    const right = rows.map(([[, high], alpha]) => [high, alpha]).reverse();
    return [...left, ...right];
  }

  // rateMap({moved}): `draw(picture, box)`; `steep()` is where the dot of the steep direction
  // stands, `moved([product, alpha])` is called with another place of it.
  kit.rateMap = function ({ steep, moved }) {
    const panel = kit.panel({ name: "map" });
    const beyond = drawn("rect", { class: "diverges" });
    const areas = [...RATES]
      .reverse()
      .map((rate) => drawn("path", { class: rate < 1 ? "rate" : "stable" }));
    const border = drawn("path", { class: "border" });
    const swings = drawn("path", { class: "swings" });
    const labels = RATES.slice(0, -1).map((rate) =>
      drawn("text", { class: "tick label", "text-anchor": "middle" }, `${rate}`),
    );
    const far = drawn("text", { class: "tick label far" }, "diverges");
    const inside = drawn("text", { class: "tick label", "text-anchor": "middle" }, "swings");
    const dots = ["flat", "steep"].map((which) => spot(which));
    panel.inner.append(beyond, ...areas, swings, border, ...labels, far, inside);
    panel.over.append(...dots.map(({ node }) => node));
    const grip = kit.draggable(dots[1].circle, {
      label: "Steep direction in the map",
      place: (...screen) => panel.back(kit.placeIn(dots[1].circle.ownerSVGElement)(...screen)),
      value: steep,
      step: 0.02,
      move: moved,
      words: ([product, alpha]) => `ηλ ${kit.short(product)}, α ${kit.short(alpha)}`,
    });

    function draw(picture, box) {
      const { method, directions, height } = picture;
      const kind = method === "nesterov" ? "nesterov" : "momentum";
      panel.place(...box, MAP.x, MAP.y);
      put(beyond, { x: box[0], y: box[1], width: box[2], height: box[3] });
      [...RATES].reverse().forEach((rate, k) => {
        put(areas[k], { d: `${panel.path(area((alpha) => within(kind, rate, alpha)))}Z` });
      });
      put(border, { d: panel.path(ALPHAS.map((alpha) => [within(kind, 1, alpha)[1], alpha])) });
      put(swings, { d: `${panel.path(area((alpha) => swinging(kind, alpha)))}Z` });
      const places = directions.map(({ product }) => placeOf(product, height));
      drawDots(directions, places);
      RATES.slice(0, -1).forEach((rate, k) =>
        move(labels[k], labelAt(kind, rate), places, LABELLED[kind].includes(rate)),
      );
      move(far, kind === "nesterov" ? [2.6, 0.45] : [3.02, 0.22], places);
      move(inside, kind === "nesterov" ? [0.62, 0.3] : [1.05, 0.13], places);
      const names = { nameX: "ηλ", nameY: "α" };
      panel.ticks({
        x: [0, 1, 2, 3, 4].map((s) => [s, `${s}`]),
        y: [
          [0, "0"],
          [0.5, "0.5"],
          [1, "1"],
        ],
        ...names,
      });
      grip.tell();
    }

    // Where a dot stands: if its product is beyond the map it waits at the edge.
    const placeOf = (product, height) => [
      panel.atX(Math.min(product, MAP.x[1])),
      panel.atY(height),
    ];

    // Two dots that are near share one name.
    function drawDots(directions, places) {
      const near = Math.abs(places[0][0] - places[1][0]) < NEAR;
      directions.forEach(({ which, product }, k) => {
        const name = near ? ["", "flat, steep"][k] : which;
        const end = product > MAP.x[1];
        const start = near && places[k][0] < panel.atX(0) + NEAR;
        dots[k].draw(places[k], end && name ? `${name} →` : name, start ? "start" : end && "end");
      });
    }

    // What stands in the map gives way to the names of the dots.
    function move(text, [product, alpha], places, wanted = true) {
      const [x, y] = [panel.atX(product), panel.atY(alpha)];
      const covered = places.some(
        ([left, top]) => Math.abs(left - x) < WIDE && Math.abs(top - NAME - y) < TALL,
      );
      const visibility = wanted && !covered ? "visible" : "hidden";
      put(text, { x: x.toFixed(1), y: y.toFixed(1), visibility });
    }

    return { node: panel.node, draw };
  };

  // Where the number of a rate stands: on its line, where the lines are far apart.
  function labelAt(kind, rate) {
    if (kind === "momentum") return [1 + rate ** 2, rate ** 2 + 0.012];
    return [within(kind, rate, 0.9)[0] + 0.02, 0.9];
  }

  // A dot with its name.
  function spot(which) {
    const circle = drawn("circle", {
      class: kit.words("grip", which),
      r: which === "steep" ? 9 : 6,
    });
    const text = drawn("text", { class: `spot ${which}` });
    const node = drawn("g", {}, text, circle);

    function draw([x, y], name, anchor) {
      put(circle, { cx: x.toFixed(1), cy: y.toFixed(1) });
      put(text, {
        x: x.toFixed(1),
        y: (y - NAME).toFixed(1),
        "text-anchor": anchor || "middle",
      });
      kit.write(text, name);
    }
    return { node, circle, draw };
  }
})(window.explorables);
