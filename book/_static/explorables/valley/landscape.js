// The valley from above, with both axes of one scale, and the paths that lead through it.
(function (kit) {
  "use strict";
  const { drawn, put } = kit;
  const { WINDOW } = kit.valley;
  const LEVELS = [0.05, 0.4, 1.4, 3.3, 6.4, 11, 17.5, 26, 37, 51];
  const LOST = 7; // the distance from which on a walk is not drawn any more

  // landscape({moved}): `draw(picture, box)` shows the paths; `from()` is where the walk begins,
  // `moved(point)` is called with another start.
  kit.landscape = function ({ from: begun, moved }) {
    const panel = kit.panel({ name: "landscape" });
    const floor = LEVELS.map(() => drawn("ellipse", { class: "level" })).reverse();
    const lowest = drawn("path", { class: "lowest" });
    const lines = Object.fromEntries(
      kit.quadratic.METHODS.map((method) => [method, kit.trail(method)]),
    );
    const here = drawn("circle", { class: "here", r: 6 });
    const ring = drawn("circle", { class: "grip ring", r: 9 });
    const words = ([x, y]) => `θ₁ ${kit.short(x)}, θ₂ ${kit.short(y)}`;
    panel.inner.append(...floor, lowest, ...Object.values(lines).map(({ node }) => node), here);
    panel.over.append(ring);
    const grip = kit.draggable(ring, {
      label: "Start of the walk",
      place: (...screen) => panel.back(kit.placeIn(ring.ownerSVGElement)(...screen)),
      value: begun,
      step: 0.05,
      move: (point) => moved(kit.clamped(point.map(kit.hundredth), WINDOW)),
      words,
    });

    function draw(picture, box) {
      const { kappa, walks, method, steps, from } = picture;
      panel.place(...box, WINDOW.x, WINDOW.y);
      const [scale, [cx, cy]] = [panel.atX(1) - panel.atX(0), [panel.atX(0), panel.atY(0)]];
      [...LEVELS].reverse().forEach((level, k) => {
        const rx = scale * Math.sqrt(2 * level);
        put(floor[k], { cx, cy, rx: rx.toFixed(1), ry: (rx / Math.sqrt(kappa)).toFixed(1) });
      });
      put(lowest, { d: panel.cross([0, 0]) });
      for (const [name, { draw: line }] of Object.entries(lines)) {
        const path = walks[name] ? seen(walks[name].path.slice(0, steps + 1)) : [];
        line(panel, path, name === method);
      }
      const { path } = walks[method];
      const [x, y] = path[Math.min(steps, path.length - 1)];
      put(here, { cx: panel.atX(x).toFixed(1), cy: panel.atY(y).toFixed(1) });
      put(ring, { cx: panel.atX(from[0]).toFixed(1), cy: panel.atY(from[1]).toFixed(1) });
      panel.ticks({ ...panel.whole(), nameX: "θ₁", nameY: "θ₂" });
      grip.tell();
    }

    // A walk that flies away is drawn until it is far outside.
    function seen(path) {
      const lost = path.findIndex((point) => Math.hypot(...point) > LOST);
      return lost < 0 ? path : path.slice(0, lost + 1);
    }

    return { node: panel.node, draw };
  };
})(window.explorables);
