// The step as a product of matrices, each with its shape, and the row that the step computes lit.
(function (kit) {
  "use strict";
  const { drawn, put } = kit;
  const ROW = 24;
  const GAP = 10;

  kit.matrixView = function () {
    const svg = drawn("svg", { class: "matrices", role: "img" });

    function draw(picture) {
      const parts = equation(picture);
      const cell = picture.geometry.narrow ? 44 : 54;
      const placed = place(parts, cell, picture.geometry.width);
      put(svg, {
        viewBox: `0 0 ${picture.geometry.width} ${placed.height}`,
        "aria-label": spoken(parts),
      });
      svg.replaceChildren(...placed.nodes);
    }

    // From left to right; what finds no room begins another line.
    function place(parts, cell, width) {
      const nodes = [];
      let [x, top, tall] = [4, 0, 0];
      for (const part of parts) {
        const wide = part.sign ? 12 + 8 * part.sign.length : part.rows[0].length * cell + 8;
        const high = part.sign ? 0 : part.rows.length * ROW + 46;
        if (x + wide > width && x > 4) [x, top, tall] = [4, top + tall + GAP, 0];
        nodes.push(part.sign ? { part, x, top } : { part, x, top });
        x += wide + GAP;
        tall = Math.max(tall, high);
        nodes.at(-1).line = top;
      }
      const tallest = (line) =>
        Math.max(
          ...nodes
            .filter((n) => n.line === line && !n.part.sign)
            .map((n) => n.part.rows.length * ROW),
        );
      return {
        height: top + tall + 6,
        nodes: nodes.map(({ part, x: left, top: line }) =>
          part.sign
            ? drawn(
                "text",
                { x: left + 4, y: line + 26 + tallest(line) / 2, class: "sign" },
                part.sign,
              )
            : matrix(part, left, line + 20 + (tallest(line) - part.rows.length * ROW) / 2, cell),
        ),
      };
    }

    function matrix({ name, rows, role, lit }, left, top, cell) {
      const width = rows[0].length * cell + 8;
      const height = rows.length * ROW;
      const cells = rows.flatMap((row, r) =>
        row.map((value, c) => {
          const shown = value === null ? "·" : kit.format(value, 3);
          const node = drawn("text", {
            x: left + 4 + (c + 1) * cell - 5,
            y: top + r * ROW + 17,
            "text-anchor": "end",
            class: `cell ${role}`,
          });
          return value === null ? kit.write(node, shown) : kit.show(node, value, shown);
        }),
      );
      const light =
        lit &&
        drawn("rect", {
          x: left + 3 + (lit.column === undefined ? 0 : lit.column * cell),
          y: top + (lit.row === undefined ? 0 : lit.row * ROW),
          width: lit.column === undefined ? width - 6 : cell,
          height: lit.row === undefined ? height : ROW,
          rx: 4,
          class: "light",
        });
      const bracket = `M${left + 5} ${top}h-4v${height}h4M${left + width - 5} ${top}h4v${height}h-4`;
      return drawn(
        "g",
        {},
        ...(light ? [light] : []),
        ...cells,
        drawn("path", { d: bracket, class: "bracket" }),
        drawn(
          "text",
          { x: left + width / 2, y: top - 6, "text-anchor": "middle", class: `name ${role}` },
          name,
        ),
        drawn(
          "text",
          { x: left + width / 2, y: top + height + 15, "text-anchor": "middle", class: "shape" },
          `${rows.length} × ${rows[0].length}`,
        ),
      );
    }

    return { svg, draw };
  };

  const column = (values) => values.map((value) => [value]);
  const transposed = (W) => W[0].map((_, j) => W.map((row) => row[j]));
  const sign = (text) => ({ sign: text });

  // The equation that a step belongs to, as matrices and signs; what is not computed yet is null.
  function equation(picture) {
    const { kind } = picture.now;
    if (kind === "forward") return forward(picture);
    if (kind === "cost") return cost(picture);
    if (kind === "backward")
      return picture.now.column === picture.net.W.length
        ? outputDelta(picture)
        : hiddenDelta(picture);
    if (kind === "update") return picture.net.W.flatMap((_, layer) => gradient(picture, layer));
    return [{ name: "x", rows: column(picture.x), role: "forward" }];
  }

  function forward({ net, traced, known, now, hidden }) {
    const layer = now.column - 1;
    const lit = { row: now.k };
    const done = (values) =>
      column(
        values.map((value, k) =>
          known.activation(layer + 1, k) && !(hidden && k === now.k) ? value : null,
        ),
      );
    const f = kit.names.FUNCTIONS[kit.network.activationOf(net, layer)];
    return [
      { name: `W${level(net, layer)}`, rows: net.W[layer], role: "weight", lit },
      {
        name: layer ? "a" : "x",
        rows: column(traced.activations[layer]),
        role: "forward",
        lit: {},
      },
      sign("+"),
      { name: "b", rows: column(net.b[layer]), role: "weight", lit },
      sign("="),
      { name: "z", rows: done(traced.preActivations[layer]), role: "forward", lit },
      sign(`→ ${f} →`),
      { name: "a", rows: done(traced.activations[layer + 1]), role: "forward", lit },
    ];
  }

  const level = (net, layer) => (net.W.length > 1 ? kit.names.sub(layer) : "");

  function cost({ net, traced, y }) {
    const a = traced.activations.at(-1);
    return [
      { name: "a", rows: column(a), role: "forward" },
      sign("−"),
      { name: "y", rows: column(y), role: "loss" },
      sign("="),
      { name: "a − y", rows: column(a.map((value, k) => value - y[k])), role: "loss" },
    ];
  }

  function deltasOf({ traced, known, now, hidden }, layer) {
    return column(
      traced.deltas[layer].map((d, k) =>
        known.delta(layer + 1, k) && !(hidden && now.k === k) ? d : null,
      ),
    );
  }

  function outputDelta(picture) {
    const { net, traced, y, now } = picture;
    const layer = net.W.length - 1;
    const lit = { row: now.k };
    const errors = {
      name: "a − y",
      rows: column(traced.activations.at(-1).map((a, k) => a - y[k])),
      role: "loss",
      lit,
    };
    const slopes = { name: "f′(z)", rows: column(traced.slopes[layer]), role: "backward", lit };
    const delta = { name: "δ", rows: deltasOf(picture, layer), role: "backward", lit };
    return net.loss === "half_squared_error"
      ? [errors, sign("⊙"), slopes, sign("="), delta]
      : [errors, sign("="), delta];
  }

  function hiddenDelta(picture) {
    const { net, traced, now } = picture;
    const layer = now.column - 1;
    const lit = { row: now.k };
    return [
      {
        name: `W${level(net, layer + 1)}ᵀ`,
        rows: transposed(net.W[layer + 1]),
        role: "weight",
        lit,
      },
      { name: "δ", rows: column(traced.deltas[layer + 1]), role: "backward", lit: {} },
      sign("⊙"),
      { name: "f′(z)", rows: column(traced.slopes[layer]), role: "backward", lit },
      sign("="),
      { name: "δ", rows: deltasOf(picture, layer), role: "backward", lit },
    ];
  }

  function gradient({ net, traced, chosen }, layer) {
    const at = chosen && chosen[0] === "w" && chosen[1] === layer ? chosen.slice(2) : null;
    const lit = (place) => (at && at[1] >= 0 ? place : undefined);
    return [
      {
        name: "δ",
        rows: column(traced.deltas[layer]),
        role: "backward",
        lit: lit({ row: at && at[0] }),
      },
      {
        name: layer ? "aᵀ" : "xᵀ",
        rows: [traced.activations[layer]],
        role: "forward",
        lit: lit({ column: at && at[1] }),
      },
      sign("="),
      {
        name: `∂C/∂W${level(net, layer)}`,
        rows: traced.gradients.W[layer],
        role: "weight",
        lit: lit({ row: at && at[0], column: at && at[1] }),
      },
    ];
  }

  function spoken(parts) {
    return parts
      .map((part) => part.sign || `${part.name}, ${part.rows.length} by ${part.rows[0].length}`)
      .join("; ");
  }
})(window.explorables);
