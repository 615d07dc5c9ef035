// A square around a point, and beside it what the function and what its Jacobian make of it.
(function (kit) {
  "use strict";
  const { drawn, put, arrow, handle } = kit;
  const plane = kit.zoomPlane;
  const { CORNERS, moved, times, change } = kit.planeMaps;
  const { PLACE, LEAST, MOST } = kit.zoom;
  const LINES = [-1, -0.5, 0, 0.5, 1]; // of the grid, in half-widths
  const ALONG = [...Array(25).keys()].map((k) => k / 12 - 1);
  const ROOM = 1.22; // around the image, for the names of the arrows
  const FLATTEST = 0.05; // of the half-width; what comes out smaller is not magnified further
  const STEP = 0.05;
  const BESIDE = 10; // pixels from the corner of the square to its handle

  const upright = LINES.map((side) => ALONG.map((along) => [side, along]));
  const level = LINES.map((side) => ALONG.map((along) => [along, side]));
  const GRID = [...upright, ...level];
  const STRAIGHT = GRID.map((line) => [line[0], line.at(-1)]);
  const AXES = [
    [1, 0],
    [0, 1],
  ].map((axis) => [-1, 1].map((way) => axis.map((part) => part * way * 99)));
  const scaled = (step, half) => step.map((side) => half * side);

  // zoomView({state, move, shrink}): `state` is asked where things are, as a key may come before what
  // the last one did is drawn; `move` takes another point, `shrink` another half-width.
  kit.zoomView = function ({ state, move, shrink }) {
    const svg = drawn("svg", {
      class: "planes",
      role: "group",
      "aria-label": "A square around x, and beside it, magnified, what becomes of it",
    });
    const [before, after] = [plane("before", "input"), plane("after", "")];
    const axes = drawn("path", { class: "faint" });
    const ground = drawn("path", { class: "square" });
    const grid = drawn("path", { class: "image" });
    const image = drawn("path", { class: "image" });
    const linear = drawn("path", { class: "linear" });
    const gaps = drawn("path", { class: "gap" });
    const here = drawn("circle", { r: 4, class: "spot" });
    const sides = ["backward", "weight"].map((role, j) => ({
      input: arrow(role, `${j + 1}`),
      output: arrow(role, `${j + 1}`),
    }));
    const point = handle(drawn("circle", { r: 6, class: "spot" }));
    const corner = handle(
      drawn("rect", { x: -5, y: -5, width: 10, height: 10, class: "spot open" }),
    );
    before.inner.append(axes, ground, grid, ...sides.map(({ input }) => input.node));
    before.over.append(corner.node, point.node);
    after.inner.append(image, linear, gaps, here);
    after.over.append(...sides.map(({ output }) => output.node));
    svg.append(before.node, after.node);

    const inPlane = (x, y) => before.back(kit.placeIn(svg)(x, y));
    const between = (least, most, value) => Math.min(most, Math.max(least, value));
    const onGrid = (value) => Math.round(between(-PLACE, PLACE, value) / STEP) / (1 / STEP);
    const handles = [
      kit.draggable(point.node, {
        label: "x, the middle of the square",
        place: inPlane,
        value: () => state().x,
        step: STEP,
        move: (to) => move(to.map(onGrid)),
        words: kit.zoomNames.pair,
      }),
      kit.draggable(corner.node, {
        label: "Half-width of the square",
        axes: "x",
        place: inPlane,
        value: () => [state().half, 0],
        step: LEAST,
        move: ([to]) => shrink(between(LEAST, MOST, to)),
      }),
    ];

    function draw(picture) {
      const { width, height, boxes } = picture.geometry;
      put(svg, { viewBox: `0 0 ${width} ${height}` });
      drawInput(picture, boxes[0]);
      drawOutput(picture, boxes[1]);
      drawSides(picture);
      handles.forEach(({ tell }) => tell());
    }

    const lines = (panel, from, all) =>
      all.map((line) => panel.path(line.map((step) => moved(from, step)))).join("");
    const shownIf = (visible) => (visible ? "visible" : "hidden");

    function drawInput({ x, half }, box) {
      before.frame(box, [0, 0], PLACE, "x");
      const square = (all) => all.map((line) => line.map((step) => scaled(step, half)));
      put(axes, { d: lines(before, [0, 0], AXES) });
      put(ground, { d: `${lines(before, x, square([CORNERS]))}Z` });
      put(grid, { d: lines(before, x, square(STRAIGHT)) });
      point.draw(before.pixels(x));
      const [left, top] = before.pixels(moved(x, [half, half]));
      corner.draw([left + BESIDE, top - BESIDE]);
    }

    function drawOutput({ name, map, x, y, half, J, known }, box) {
      const curves = GRID.map((line) => line.map((step) => change(map, x, scaled(step, half))));
      const straight = STRAIGHT.map((line) => line.map((step) => times(J, scaled(step, half))));
      const visible = known("J.1.1");
      const far = reach([...curves, ...(visible ? straight : [])].flat(), box);
      after.frame(box, y, ROOM * Math.max(far, FLATTEST * half), kit.zoomNames.OUTPUTS[name]);
      put(image, { d: lines(after, y, curves) });
      put(linear, { d: lines(after, y, straight), visibility: shownIf(visible) });
      const corners = CORNERS.map((corner) => scaled(corner, half));
      const leftOver = corners.map((step) => [times(J, step), change(map, x, step)]);
      put(gaps, { d: lines(after, y, leftOver), visibility: shownIf(visible) });
      const [cx, cy] = after.pixels(y);
      put(here, { cx: cx.toFixed(1), cy: cy.toFixed(1) });
    }

    function drawSides({ x, y, half, J, known }) {
      sides.forEach(({ input, output }, j) => {
        const step = [0, 1].map((k) => (k === j ? half : 0));
        input.draw(before.pixels(x), before.pixels(moved(x, step)));
        const tip = after.pixels(moved(y, times(J, step)));
        output.draw(after.pixels(y), tip, known(`J.1.${j}`));
      });
      const unit = (panel) => panel.atX(1) - panel.atX(0);
      const magnified = Number((unit(after) / unit(before)).toPrecision(2));
      kit.write(after.heading, `output, magnified ${kit.short(magnified)} ×`);
    }

    return { svg, draw };
  };

  // How high a panel has to reach so that all steps from its middle are seen.
  function reach(steps, [, , width, height]) {
    const most = (k) => Math.max(...steps.map((step) => Math.abs(step[k])));
    return Math.max(most(1), (most(0) * height) / width);
  }
})(window.explorables);
