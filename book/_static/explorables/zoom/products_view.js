// A direction that goes forward through J, and rates that come back through it.
(function (kit) {
  "use strict";
  const { drawn, put, arrow, handle } = kit;
  const plane = kit.zoomPlane;
  const { CORNERS, times, moved } = kit.planeMaps;
  const { FAR } = kit.zoom;
  const ROOM = 1.15;
  const REACH = FAR * ROOM; // of the plane of inputs
  const PULL = 0.4; // of half a plane: how long rates of 1 are drawn
  const STEP = 0.1;
  const SPACING = 0.4; // of the plane of inputs, about, from level to level

  // productsView({state, aim, weigh}): `aim` takes another direction v, `weigh` other rates u.
  kit.productsView = function ({ state, aim, weigh }) {
    const svg = drawn("svg", {
      class: "planes",
      role: "group",
      "aria-label":
        "A direction v and its image Jv; rates u of the outputs, and those of the inputs",
    });
    const [before, after] = [plane("before", "directions at x"), plane("after", "at f(x)")];
    const panels = [before, after];
    const levels = panels.map(() => drawn("path", { class: "level" }));
    const forward = [arrow("forward", "v", 0), arrow("forward", "Jv")];
    const backward = [arrow("loss dashed", "uᵀJ"), arrow("loss dashed", "u", 0)];
    const columns = ["backward thin", "weight thin"].map((role) => arrow(role, ""));
    const spots = ["forward", "loss"].map((role) =>
      handle(drawn("circle", { r: 6, class: `spot held ${role}` })),
    );
    panels.forEach((panel, k) => {
      panel.inner.append(levels[k]);
      if (k) panel.over.append(...columns.map(({ node }) => node));
      panel.over.append(backward[k].node, forward[k].node, spots[k].node);
    });
    svg.append(...panels.map(({ node }) => node));
    let pulled = 1;

    const at = (panel, x, y) => panel.back(kit.placeIn(svg)(x, y));
    const onGrid = (value) => Math.round(Math.min(FAR, Math.max(-FAR, value)) / STEP) / (1 / STEP);
    const hold = (k, label, place, value, move) =>
      kit.draggable(spots[k].node, {
        label,
        place,
        value,
        step: STEP,
        move: (to) => move(to.map(onGrid)),
        words: kit.zoomNames.pair,
      });
    const inputs = (x, y) => at(before, x, y);
    const rates = (x, y) => at(after, x, y).map((part) => part / pulled);
    const handles = [
      hold(0, "v, a direction of the input", inputs, () => state().v, aim),
      hold(1, "u, the rates of the outputs", rates, () => state().u, weigh),
    ];

    function draw(picture) {
      const { geometry, J, v, u, Jv, uJ, known } = picture;
      put(svg, { viewBox: `0 0 ${geometry.width} ${geometry.height}` });
      const far = Math.max(...CORNERS.flatMap((c) => times(J, c).map(Math.abs)), 1e-3) * REACH;
      before.frame(geometry.boxes[0], [0, 0], REACH, "Δx");
      after.frame(geometry.boxes[1], [0, 0], far, "Δf");
      const size = Math.hypot(...J.flat()) || 1;
      pulled = PULL * far;
      const [there, back] = [known("Jv.1"), known("uJ.1")];
      draws(before, forward[0], v);
      draws(
        before,
        backward[0],
        uJ.map((part) => (part * PULL * REACH) / size),
        back,
      );
      draws(
        after,
        backward[1],
        u.map((part) => part * pulled),
      );
      draws(after, forward[1], Jv, there);
      const first = J.map((row) => row[0] * v[0]);
      draws(after, columns[0], first, there);
      columns[1].draw(after.pixels(first), after.pixels(Jv), there);
      spots[0].draw(before.pixels(v));
      spots[1].draw(after.pixels(u.map((part) => part * pulled)));
      drawLevels(picture, far, back);
      handles.forEach(({ tell }) => tell());
    }

    const draws = (panel, one, to, visible = true) =>
      one.draw(panel.pixels([0, 0]), panel.pixels(to), visible);

    // Lines on which the cost is the same; v crosses as many of them as Jv does.
    function drawLevels({ u, uJ }, far, visible) {
      const spacing = round(
        SPACING * Math.hypot(...uJ) || (SPACING * far * Math.hypot(...u)) / REACH,
      );
      [uJ, u].forEach((way, k) => {
        const reach = [REACH, far][k] * 3;
        put(levels[k], { d: linesAcross(panels[k], way, spacing, reach) });
        put(levels[k], { visibility: visible ? "visible" : "hidden" });
      });
    }

    return { svg, draw };
  };

  // 1, 2 or 5 times a power of ten.
  function round(value) {
    if (!value) return 1;
    const power = 10 ** Math.floor(Math.log10(value));
    return power * [1, 2, 5, 10].find((times) => times * power >= value * 0.999);
  }

  function linesAcross(panel, way, spacing, reach) {
    const length = Math.hypot(...way);
    if (!length) return "";
    const most = Math.min(60, Math.floor((reach * length) / spacing));
    const along = [-way[1], way[0]].map((part) => (part * reach) / length);
    return [...Array(2 * most + 1).keys()]
      .map((k) => way.map((part) => (part * (k - most) * spacing) / length ** 2))
      .map((middle) =>
        panel.path([
          moved(middle, along),
          moved(
            middle,
            along.map((p) => -p),
          ),
        ]),
      )
      .join("");
  }
})(window.explorables);
