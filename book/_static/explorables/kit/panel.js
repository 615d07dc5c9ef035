// A field of a drawing with axes of its own, from numbers to pixels and back.
(function (kit) {
  "use strict";
  const { drawn, put } = kit;

  // A point moved to the nearest one of a window, {x: [from, to], y: [from, to]}.
  kit.clamped = ([x, y], window) =>
    [x, y].map((value, k) => {
      const [from, to] = window[k ? "y" : "x"];
      return Math.min(to, Math.max(from, value));
    });

  // As precise as a pointer is.
  kit.hundredth = (value) => Math.round(100 * value) / 100;

  // panel({name}): `node` is put into a drawing; what is in `inner` is cut off at its edges, what is
  // in `over` is not. `place` says where it stands and from where to where its axes go; `ticks`
  // labels them.
  kit.panel = function ({ name }) {
    const clip = kit.unique("clip");
    const bounds = drawn("rect", {});
    const edge = drawn("rect", { class: "panel-edge" });
    const inner = drawn("g", { "clip-path": `url(#${clip})` });
    const labels = drawn("g", {});
    const over = drawn("g", {});
    const defined = drawn("clipPath", { id: clip }, bounds);
    const node = drawn("g", { class: `panel ${name}` }, defined, inner, edge, labels, over);
    let box = null;
    let ends = null;

    function place(left, top, width, height, x, y) {
      box = { left, top, width, height };
      ends = { x, y };
      for (const rect of [bounds, edge]) put(rect, { x: left, y: top, width, height });
    }

    const atX = (x) => box.left + (box.width * (x - ends.x[0])) / (ends.x[1] - ends.x[0]);
    const atY = (y) => box.top + (box.height * (ends.y[1] - y)) / (ends.y[1] - ends.y[0]);
    const at = ([x, y]) => `${atX(x).toFixed(1)} ${atY(y).toFixed(1)}`;

    function back([left, top]) {
      const share = [(left - box.left) / box.width, 1 - (top - box.top) / box.height];
      return ["x", "y"].map(
        (axis, k) => ends[axis][0] + share[k] * (ends[axis][1] - ends[axis][0]),
      );
    }

    const holds = (point) => kit.clamped(point, ends).every((value, k) => value === point[k]);
    const path = (points) => (points.length ? `M${points.map(at).join("L")}` : "");
    const cross = ([x, y]) => `M${atX(x) - 6} ${atY(y) - 6}l12 12m0 -12l-12 12`;
    // Each point as a line without length, which a round or square end makes a dot.
    const dots = (points) => points.map((point) => `M${at(point)}h0`).join("");

    // The whole numbers on both axes, as ticks.
    function whole() {
      const between = ([from, to]) => {
        const found = [];
        for (let k = Math.ceil(from); k <= to; k += 1) found.push([k, kit.short(k)]);
        return found;
      };
      return { x: between(ends.x), y: between(ends.y) };
    }

    // Numbers along the axes, as [[where, text], …], and what the axes are.
    function ticks({ x = [], y = [], nameX = "", nameY = "" }) {
      const { left, top, width, height } = box;
      const under = top + height + 14;
      const text = (attributes, words) => drawn("text", { class: "tick", ...attributes }, words);
      labels.replaceChildren(
        ...x.map(([k, words]) => text({ x: atX(k), y: under, "text-anchor": "middle" }, words)),
        ...y.map(([k, words]) => text({ x: left - 5, y: atY(k) + 3, "text-anchor": "end" }, words)),
        text({ x: left + width, y: under + 13, "text-anchor": "end" }, nameX),
        text({ x: left, y: top - 7 }, nameY),
      );
    }

    return { node, inner, over, place, atX, atY, back, holds, path, dots, cross, whole, ticks };
  };
})(window.explorables);
