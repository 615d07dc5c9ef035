// The cost at each step, on an axis of powers of ten, beside the line that the rate foretells.
(function (kit) {
  "use strict";
  const { drawn, put } = kit;

  // costChart(): `draw(picture, box)`.
  kit.costChart = function () {
    const panel = kit.panel({ name: "costs" });
    const foretold = drawn("path", { class: "foretold" });
    const lines = Object.fromEntries(
      kit.quadratic.METHODS.map((method) => [method, drawn("path", {})]),
    );
    const here = drawn("circle", { class: "here", r: 5 });
    panel.inner.append(foretold, ...Object.values(lines));
    panel.over.append(here);

    function draw({ walks, method, steps, rate, hidden }, box) {
      const shown = Object.entries(walks).map(([name, { costs }]) => [
        name,
        costs.slice(0, steps + 1),
      ]);
      const place = kit.decades(
        panel,
        shown.map(([, costs]) => costs),
        { box, steps, nameY: "cost C; dotted: as the rate foretells" },
      );
      for (const [name, line] of Object.entries(lines)) {
        const found = shown.find(([other]) => other === name);
        put(line, {
          d: found ? panel.path(place(found[1])) : "",
          class: kit.words("trail", name, name === method && "main"),
        });
      }
      const { costs } = walks[method];
      // Of the cost the square of the rate is taken in each step.
      const slope = [...Array(steps + 1).keys()].map((step) => costs[0] * rate ** (2 * step));
      put(foretold, { d: hidden.rate ? "" : panel.path(place(slope)) });
      const points = place(costs);
      const last = points[Math.min(steps, points.length - 1)];
      put(here, {
        visibility: panel.holds(last) ? "visible" : "hidden",
        cx: panel.atX(last[0]).toFixed(1),
        cy: panel.atY(last[1]).toFixed(1),
      });
    }

    return { node: panel.node, draw };
  };
})(window.explorables);
