// The landscape from above, with both axes of one scale, and all paths on it.
(function (kit) {
  "use strict";
  const { drawn, put } = kit;
  const LOST = 9; // the distance from which on a path is not drawn any more
  const LANES = 7;

  // ground({moved}): `draw(picture, box)`; `from()` is where the race begins, `moved(point)` is
  // called with another start.
  kit.ground = function ({ from: begun, moved }) {
    const panel = kit.panel({ name: "ground" });
    const floor = drawn("g", {});
    const lowest = drawn("path", { class: "lowest" });
    const trails = [...Array(LANES).keys()].map((k) => kit.trail(`lane${k}`));
    const ring = drawn("circle", { class: "grip ring", r: 9 });
    const contours = new Map();
    let made = "";
    panel.inner.append(floor, lowest, ...trails.map(({ node }) => node));
    panel.over.append(ring);
    const grip = kit.draggable(ring, {
      label: "Start of the race",
      place: (...screen) => panel.back(kit.placeIn(ring.ownerSVGElement)(...screen)),
      value: begun,
      step: 0.05,
      move: (point) => moved(point.map(kit.hundredth)),
      words: ([x, y]) => `θ₁ ${kit.short(x)}, θ₂ ${kit.short(y)}`,
    });

    function draw(picture, box) {
      put(panel.node, { display: picture.window ? false : "none" });
      if (!picture.window) return;
      const { window, lanes, steps, from } = picture;
      panel.place(...box, window.x, window.y);
      drawFloor(picture, box);
      put(lowest, { d: picture.lowest.map(panel.cross).join("") });
      trails.forEach(({ node, draw: line }, k) => {
        const lane = lanes[k];
        line(panel, lane ? seen(lane.path.slice(0, steps + 1)) : [], lane && lane.main);
        put(node, { class: kit.words("walk", lane && lane.faint && "faint") });
      });
      put(ring, { cx: panel.atX(from[0]).toFixed(1), cy: panel.atY(from[1]).toFixed(1) });
      panel.ticks({ ...panel.whole(), nameX: "θ₁", nameY: "θ₂" });
      grip.tell();
    }

    // The contours stay as they are as long as the landscape and its place do.
    function drawFloor({ land, objective, window }, box) {
      const key = `${land} ${box}`;
      if (key === made) return;
      made = key;
      const areas = contoursOf(land, objective, window).map((level) => level.map((loop) => `${panel.path(loop)}Z`).join(""));
      floor.replaceChildren(...areas.reverse().map((d) => drawn("path", { class: "level", d })));
    }

    function contoursOf(land, objective, window) {
      if (!contours.has(land)) {
        const levels = kit.lands.levels({ objective, window });
        contours.set(land, kit.contours(objective.value, window, levels));
      }
      return contours.get(land);
    }

    function seen(path) {
      const lost = path.findIndex((point) => Math.hypot(...point) > LOST);
      return lost < 0 ? path : path.slice(0, lost + 1);
    }

    return { node: panel.node, draw };
  };
})(window.explorables);
