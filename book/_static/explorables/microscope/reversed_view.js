// The reversed network: errors enter on the right, amplifiers multiply by the slope, δ comes out.
(function (kit) {
  "use strict";
  const { drawn, put, write } = kit;
  const { between, edgeLabel } = kit.geometry;
  const SIZE = 26;

  kit.reversedView = function () {
    const svg = drawn("svg", { class: "network reversed", role: "img" });
    let made = "";
    let parts = null;

    function draw(picture) {
      const { geometry, net, traced } = picture;
      const key = `${kit.network.sizes(net)} ${geometry.width}`;
      if (key !== made) parts = make(picture);
      made = key;
      parts.edges.forEach((edge) => drawEdge(edge, picture));
      parts.units.forEach((node) => drawAmplifier(node, picture));
      parts.errors.forEach((node, k) => drawError(node, picture, k));
      const said = traced.deltas
        .flat()
        .map((d) => kit.format(d, 3))
        .join(", ");
      put(svg, {
        "aria-label": picture.known.update
          ? `The reversed network; δ from the first layer on: ${said}`
          : "The reversed network",
      });
    }

    function make({ geometry, net }) {
      const { width, height, columns } = geometry;
      const edges = kit.network
        .parameters(net)
        .filter(([layer, , j]) => layer > 0 && j >= 0)
        .map((which) => makeEdge(which, columns));
      const units = columns
        .slice(1)
        .flatMap((column, c) => column.map((at, k) => makeAmplifier(at, c + 1, k)));
      const errors = columns.at(-1).map(({ x, y }) => makeError(x + SIZE + 2, y));
      put(svg, { viewBox: `0 0 ${width} ${height}` });
      svg.replaceChildren(
        drawn(
          "text",
          { x: 4, y: 14, class: "heading" },
          "each triangle multiplies by the slope in it",
        ),
        ...edges.flatMap((edge) => [edge.line]),
        ...units.map((u) => u.group),
        ...errors.map((error) => error.group),
        ...edges.map((edge) => edge.label.node),
      );
      return { edges, units, errors };
    }

    function makeEdge(which, columns) {
      const [layer, i, j] = which;
      const [tail, tip] = [columns[layer + 1][i], columns[layer][j]];
      const way = {
        start: { x: tail.x - SIZE, y: tail.y },
        end: { x: tip.x + SIZE - 2, y: tip.y + Math.sign(tail.y - tip.y) * 9 },
      };
      const of = `w.${layer}.${i}.${j}`;
      return {
        which,
        of,
        way,
        line: drawn("line", {
          x1: way.start.x,
          y1: way.start.y,
          x2: way.end.x,
          y2: way.end.y,
          class: "edge",
        }),
        label: edgeLabel(of),
      };
    }

    function drawEdge({ which, way, line, label }, { net, known, now }) {
      const [layer, i, j] = which;
      const value = kit.network.parameter(net, which);
      const lit = now.kind === "backward" && now.column === layer && now.k === j;
      const running = known.delta(layer, j);
      put(line, {
        class: `edge moves ${lit || running ? "backward" : ""} ${value < 0 ? "negative" : ""}`,
        "stroke-width": (0.7 + 1.8 * Math.min(1, Math.abs(value) / 1.5)).toFixed(2),
      });
      label.draw(between(way, 0.3), value, `×${kit.short(value)}`, lit || known.update);
    }

    function makeAmplifier({ x, y }, column, k) {
      const points = `${x - SIZE},${y} ${x + SIZE - 4},${y - SIZE} ${x + SIZE - 4},${y + SIZE}`;
      const shape = drawn("polygon", { points, class: "unit" });
      const inside = drawn("text", {
        x: x + 5,
        y: y + 4,
        class: "inside small",
        "text-anchor": "middle",
        "data-of": `slope.${column - 1}.${k}`,
      });
      const above = drawn("text", {
        x,
        y: y - SIZE - 6,
        class: "above",
        "text-anchor": "middle",
        "data-of": `delta.${column - 1}.${k}`,
      });
      return { column, k, shape, inside, above, group: drawn("g", {}, shape, inside, above) };
    }

    // With a cross-entropy the amplifiers of the outputs are gone: slope and error have cancelled.
    function drawAmplifier(
      { column, k, shape, inside, above },
      { net, traced, known, now, hidden },
    ) {
      const layer = column - 1;
      const current = now.kind === "backward" && now.column === column && now.k === k;
      const cancels = column === net.W.length && net.loss !== "half_squared_error";
      const on = known.activation(column, k);
      const low = on && !cancels && kit.saturated(net, traced, column, k);
      put(shape, {
        class: kit.words("unit", on && "known", current && "backward", low && "saturated"),
      });
      if (on && !cancels)
        kit.show(inside, traced.slopes[layer][k], `×${kit.format(traced.slopes[layer][k], 2)}`);
      else write(inside, cancels ? "×1" : "");
      put(above, { class: kit.words("above", known.delta(column, k) && "backward") });
      if (known.delta(column, k) && !(hidden && current))
        kit.show(
          above,
          traced.deltas[layer][k],
          `δ${kit.names.sub(k)} = ${kit.deltaText(traced.deltas[layer][k])}`,
        );
      else write(above, `δ${kit.names.sub(k)}${current ? " = ?" : ""}`);
    }

    function makeError(x, y) {
      const arrow = drawn("path", {
        d: `M${x + 24} ${y}H${x + 3}m6 -5l-6 5l6 5`,
        class: "arrow loss",
      });
      const text = drawn("text", { x: x + 27, y: y + 4, class: "target loss" });
      return { text, group: drawn("g", {}, arrow, text) };
    }

    function drawError({ text, group }, { traced, y, known, geometry }, k) {
      put(group, { visibility: known.cost ? "visible" : "hidden" });
      const error = traced.activations.at(-1)[k] - y[k];
      kit.show(
        text,
        error,
        geometry.narrow ? kit.format(error, 2) : `a − y = ${kit.format(error, 2)}`,
      );
    }

    return { svg, draw };
  };
})(window.explorables);
