// The height above the lowest point at each step, on an axis of powers of ten, with the finish.
(function (kit) {
  "use strict";
  const { drawn, put } = kit;
  const LANES = 7;

  // heights(): `draw(picture, box)`.
  kit.heights = function () {
    const panel = kit.panel({ name: "heights" });
    const lines = [...Array(LANES).keys()].map(() => drawn("path", {}));
    const finish = drawn("path", { class: "finish" });
    const marks = lines.map(() => drawn("circle", { class: "arrived", r: 4 }));
    panel.inner.append(finish, ...lines, ...marks);

    function draw({ lanes, steps, length, goal }, box) {
      const costs = lanes.map(({ heights }) => heights.slice(0, steps + 1));
      const place = kit.decades(panel, costs, {
        box,
        steps,
        nameY: "height above the lowest point; dotted: the finish",
      });
      put(finish, { d: panel.path(place([goal, goal]).map(([, y], k) => [k * length, y])) });
      lines.forEach((line, k) => {
        const lane = lanes[k];
        const style = lane && ["trail", `lane${k}`, lane.main && "main", lane.faint && "faint"];
        put(line, {
          d: lane ? panel.path(place(costs[k])) : "",
          class: style && kit.words(...style),
        });
        mark(marks[k], lane, k, place, steps);
      });
    }

    // Where a lane crosses the finish.
    function mark(node, lane, k, place, steps) {
      const there = lane && lane.arrived !== null && lane.arrived <= steps;
      put(node, { visibility: there ? "visible" : "hidden", class: `arrived lane${k}` });
      if (!there) return;
      const [, y] = place([lane.heights[lane.arrived]])[0];
      put(node, { cx: panel.atX(lane.arrived).toFixed(1), cy: panel.atY(y).toFixed(1) });
    }

    return { node: panel.node, draw };
  };
})(window.explorables);
