// The network as a drawing: units with their numbers, and connections that light up.
(function (kit) {
  "use strict";
  const { drawn, put, write } = kit;
  const { line, room, free, edgeLabel } = kit.geometry;
  const { unit, activation, parameterInWords, sentence } = kit.names;
  const LEGEND = {
    weight: "thick: large · dashed: negative · short: a bias",
    gradient: "thick: large ∂C/∂w · dashed: negative",
  };
  const THICKEST = 1.8; // pixels, of a weight that is
  const LARGE = 1.5;
  const SATURATED = 0.2; // of the steepest slope of its function
  const STEEPEST = { identity: 0, logistic: 0.25, tanh: 1, relu: 1, softmax: 0 };

  // networkView({choose}): `draw(picture)` shows it; `svg` is the drawing. It is made anew where
  // the network or the width is another one, and otherwise only written into.
  kit.networkView = function ({ choose }) {
    const svg = drawn("svg", {
      class: "network",
      role: "group",
      "aria-label": "The network: arrow keys go through its weights, Enter looks at one",
      pointermove: (event) => mark(event.target.closest(".hit") && nearest(event)),
      pointerleave: () => mark(null),
    });
    let made = "";
    let parts = null;

    function draw(picture) {
      const { geometry, net } = picture;
      const key = `${kit.network.sizes(net)} ${geometry.width}`;
      if (key !== made) parts = make(picture);
      made = key;
      parts.units.forEach((node) => drawUnit(node, picture));
      const taken = parts.units.flatMap((node) => roomsOf(node, geometry));
      const scale = (kit.thickness[picture.thick] || kit.thickness.weight)(picture);
      parts.edges.forEach((edge) => drawEdge(edge, picture, taken, scale(edge.which)));
      write(parts.legend, LEGEND[picture.thick]);
      parts.targets.forEach((node, k) =>
        kit.show(node, picture.y[k], `y${kit.names.sub(k)} = ${kit.short(picture.y[k])}`),
      );
      put(parts.targetGroup, { visibility: picture.known.cost ? "visible" : "hidden" });
      const asked = picture.hidden && picture.now.kind === "cost";
      put(parts.cost, { visibility: picture.known.cost ? "visible" : "hidden" });
      if (!asked)
        kit.show(parts.cost, picture.traced.cost, `C = ${kit.format(picture.traced.cost)}`);
      else write(parts.cost, "C = ?");
    }

    function make({ geometry, net }) {
      const edges = kit.network.parameters(net).map((which) => makeEdge(which, geometry));
      const units = geometry.columns.flatMap((column, c) =>
        column.map((at, k) => makeUnit(at, c, k, geometry)),
      );
      const { width, height, radius, columns } = geometry;
      const targets = columns
        .at(-1)
        .map(({ x, y }) => drawn("text", { x: x + radius + 8, y: y + 4, class: "target loss" }));
      const targetGroup = drawn("g", {}, ...targets);
      const cost = drawn("text", {
        x: width - 4,
        y: height - 8,
        class: "cost loss",
        "text-anchor": "end",
        "data-of": "cost",
      });
      const headings = columns.map((column, c) =>
        drawn(
          "text",
          { x: column[0].x, y: 14, class: "heading", "text-anchor": "middle" },
          heading(c, columns.length),
        ),
      );
      const legend = drawn("text", { x: 4, y: height - 8, class: "legend" });
      put(svg, { viewBox: `0 0 ${width} ${height}` });
      svg.replaceChildren(
        ...headings,
        ...edges.map((edge) => edge.line),
        ...units.map((u) => u.group),
        targetGroup,
        cost,
        legend,
        ...edges.map((edge) => edge.label.node),
        ...edges.map((edge) => edge.hit),
      );
      edges.forEach((edge, k) =>
        put(edge.hit, { tabindex: k ? -1 : 0, keydown: (event) => walk(event, edges, k) }),
      );
      return { edges, units, targets, targetGroup, cost, legend };
    }

    const heading = (c, count) => (c === 0 ? "inputs" : c === count - 1 ? "outputs" : "hidden");

    function makeEdge(which, geometry) {
      const [layer, i, j] = which;
      const way = line(geometry, which);
      const ends = { x1: way.start.x, y1: way.start.y, x2: way.end.x, y2: way.end.y };
      const of = j < 0 ? `b.${layer}.${i}` : `w.${layer}.${i}.${j}`;
      return {
        which,
        way,
        of,
        line: drawn("line", { ...ends, class: "edge moves", "data-edge": of }),
        label: edgeLabel(of),
        hit: drawn("line", {
          ...ends,
          class: "hit",
          role: "button",
          "data-hit": of,
          click: (event) => {
            const meant = event.detail ? nearest(event) : null; // a key has no place
            choose(["w", ...(meant ? meant.which : which)]);
          },
        }),
      };
    }

    const nearest = (event) => kit.nearest && kit.nearest(event, svg, parts.edges);

    function mark(edge) {
      parts.edges.forEach((one) => one.hit.classList.toggle("near", one === edge));
    }

    // One weight can be reached by Tab, the others from it by arrow keys.
    function walk(event, edges, k) {
      const by = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
      if (event.key === "Enter" || event.key === " ") choose(["w", ...edges[k].which]);
      else if (by) {
        const next = edges[(k + by + edges.length) % edges.length].hit;
        edges.forEach(({ hit }) => put(hit, { tabindex: hit === next ? 0 : -1 }));
        next.focus();
      } else return;
      event.preventDefault();
      event.stopPropagation();
    }

    // What a unit covers: its circle, and what stands above it.
    function roomsOf({ at: { x, y }, above }, { radius }) {
      const circle = { left: x - radius, right: x + radius, top: y - radius, bottom: y + radius };
      return [circle, room({ x, y: y - radius - 5 }, above.textContent)];
    }

    function drawEdge(edge, { net, lit, chosen, fan }, taken, { size, negative }) {
      const { which, of, way, line: drawnLine, label, hit } = edge;
      const value = kit.network.parameter(net, which);
      const role = lit.get(of) || "";
      const looked = kit.microscope.same(chosen, ["w", ...which]);
      put(drawnLine, {
        class: kit.words(
          "edge moves",
          role,
          negative && "negative",
          which[2] < 0 && "bias",
          looked && "looked",
        ),
        "stroke-width": (0.7 + size + (role ? 1 : 0)).toFixed(2),
      });
      const words = kit.short(value);
      const at =
        which[2] < 0 ? { x: way.start.x, y: way.start.y + 9 } : free(way, fan, words, taken);
      const visible = Boolean(role || looked);
      label.draw(at, value, words, visible);
      if (visible) taken.push(room({ x: at.x, y: at.y + 8 }, words, 16));
      put(hit, {
        "aria-label": `${sentence(parameterInWords(net, which))}: ${kit.short(value)}`,
        "aria-pressed": `${looked}`,
      });
    }

    function makeUnit({ x, y }, column, k, { radius }) {
      const inside = drawn("text", {
        x,
        y: y + 4.5,
        class: "inside",
        "text-anchor": "middle",
        "data-of": `a.${column}.${k}`,
      });
      const above = drawn("text", {
        x,
        y: y - radius - 7,
        class: "above",
        "text-anchor": "middle",
      });
      const look = () => choose(["u", column, k]);
      const circle = drawn("circle", {
        cx: x,
        cy: y,
        r: radius,
        class: "unit",
        role: "button",
        tabindex: 0,
        click: look,
        keydown: (event) => {
          if (event.key !== "Enter" && event.key !== " ") return;
          event.preventDefault();
          look();
        },
      });
      const group = drawn("g", { class: "unit-group" }, circle, inside, above);
      return { column, k, at: { x, y }, group, circle, inside, above };
    }

    function drawUnit(node, picture) {
      const { column, k, circle, inside, above } = node;
      const { traced, known, net, chosen, now, hidden } = picture;
      const current = now.column === column && now.k === k;
      const unknown = hidden && current;
      const a = traced.activations[column][k];
      const open = unknown && now.kind === "forward";
      const shown = known.activation(column, k) && !open;
      const summed = column > 0 && known.preActivation(column, k) && !open;
      const role = current ? (now.kind === "forward" ? "forward" : "backward") : "";
      const low = column > 0 && saturated(net, traced, column, k);
      put(circle, {
        class: `unit ${shown ? "known" : ""} ${role} ${low && shown ? "saturated" : ""}`,
      });
      if (shown) kit.show(inside, a, kit.rough(a));
      else write(inside, open ? "?" : "");
      write(
        above,
        label(node, picture, summed, unknown) +
          (low && shown && !picture.geometry.narrow
            ? `, slope ${kit.short(traced.slopes[column - 1][k])}`
            : ""),
      );
      put(above, { class: `above ${column && known.delta(column, k) ? "backward" : ""}` });
      put(circle, {
        "aria-pressed": `${kit.microscope.same(chosen, ["u", column, k])}`,
        "aria-label": spoken(node, picture, shown && kit.rough(a), low && shown),
      });
    }

    function spoken({ column, k }, { net }, value, low) {
      const name = sentence(unit(net, column, k));
      const kind = column ? "activation" : "value";
      return `${name}${value ? `, ${kind} ${value}` : ""}${low ? ", saturated" : ""}`;
    }

    // What stands above a unit: its name, then z, then δ; where columns are close, without its
    // number, which its place says as well.
    function label({ column, k }, { traced, known, geometry }, summed, unknown) {
      if (!column) return activation(0, k);
      const named = (letter) => (geometry.close ? `${letter} ` : `${letter}${kit.names.sub(k)} = `);
      if (known.delta(column, k))
        return named("δ") + (unknown ? "?" : deltaText(traced.deltas[column - 1][k]));
      return summed
        ? named("z") + kit.format(traced.preActivations[column - 1][k], 2)
        : activation(column, k);
    }

    return { svg, draw };
  };

  // How thick a connection is drawn; by gradients, once that has come.
  const byWeight =
    ({ net }) =>
    (which) => {
      const value = kit.network.parameter(net, which);
      return { size: THICKEST * Math.min(1, Math.abs(value) / LARGE), negative: value < 0 };
    };

  // A δ has two digits at least, since others are computed from it.
  const deltaDecimals = (delta) => (Math.abs(delta) < 0.00995 ? 4 : 3);
  const deltaText = (delta) => kit.format(delta, deltaDecimals(delta));

  // Whether hardly anything comes through a unit on the way back.
  function saturated(net, traced, column, k) {
    const steepest = STEEPEST[kit.network.activationOf(net, column - 1)];
    return traced.slopes[column - 1][k] < SATURATED * steepest;
  }

  Object.assign(kit, { saturated, deltaDecimals, deltaText, thickness: { weight: byWeight } });
})(window.explorables);
