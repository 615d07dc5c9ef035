// What is looked at: a weight with its paths, its gradient and its finite difference, or a unit.
(function (kit) {
  "use strict";
  const { element, drawn, number, term, calculation } = kit;
  const { sub, unit, activation, parameter, parameterInWords, sentence } = kit.names;
  const { BOUND, same } = kit.microscope;
  const COST_DECIMALS = 12; // of which two that differ in a small step still differ in four

  // inspector({formula, change, close}): `draw(picture)`; `change` takes a part of a state.
  kit.inspector = function ({ formula, change, close }) {
    const title = element("p", { class: "looked-at" });
    const hand = element("div", { class: "hand" });
    const body = element("div", {});
    const node = element(
      "div",
      { class: "inspector", hidden: true },
      element("div", { class: "head" }, title, kit.button("Close", close)),
      hand,
      body,
    );
    let shown = null;
    let slider = null;
    let now = null;

    function draw(picture) {
      now = picture;
      const { chosen } = picture;
      node.hidden = !chosen;
      if (!chosen) {
        shown = null;
        return;
      }
      const anew = !same(shown, [chosen, kit.network.sizes(picture.net)]);
      if (anew) slider = makeSlider(chosen);
      shown = [chosen, kit.network.sizes(picture.net)];
      if (slider) slider.set(valueOf(chosen));
      kit.write(
        title,
        sentence(
          chosen[0] === "w"
            ? parameterInWords(picture.net, chosen.slice(1))
            : unit(picture.net, ...chosen.slice(1)),
        ),
      );
      body.replaceChildren(
        ...(chosen[0] === "w" ? ofParameter(picture, formula) : ofUnit(picture)),
      );
    }

    function valueOf([kind, ...at]) {
      if (kind === "w") return kit.network.parameter(now.net, at);
      return at[0] ? now.y[at[1]] : now.x[at[1]];
    }

    // What can be moved: a weight, an input, a target; of a hidden unit nothing.
    function makeSlider(chosen) {
      const [kind, column, k] = chosen;
      const output = kind === "u" && column === now.net.W.length;
      hand.replaceChildren();
      if (kind === "u" && column && !output) return null;
      const probability = output && now.net.loss !== "half_squared_error";
      const label =
        kind === "w" ? parameter(chosen.slice(1)) : output ? `target y${sub(k)}` : activation(0, k);
      const ends = probability
        ? { least: 0, most: 1 }
        : { least: -BOUND, most: BOUND, from: -3, to: 3 };
      const made = kit.slider({
        label,
        value: valueOf(chosen),
        ...ends,
        step: 0.01,
        change: (value) => change(moved(chosen, value)),
      });
      hand.append(made.node);
      return made;
    }

    function moved([kind, ...at], value) {
      if (kind === "w") return { net: kit.network.withParameter(now.net, at, value) };
      return at[0]
        ? { y: kit.microscope.withTarget(now.net, now.y, at[1], value) }
        : { x: kit.network.replaced(now.x, at[1], value) };
    }

    return { node, draw };
  };

  function ofParameter({ net, x, y, traced, chosen }, formula) {
    const which = chosen.slice(1);
    const [layer, i, j] = which;
    const gradient = kit.network.gradient(traced, which);
    const difference = kit.network.finiteDifference(net, x, y, which);
    const found = kit.network.paths(net, traced, which);
    const start =
      j < 0
        ? term("one", 1, "given")
        : term(`a.${layer}.${j}`, traced.activations[layer][j], "forward");
    const { h, above, below, rise, value } = difference;
    const filled = kit.fill(formula("difference"), { h: digits(h), rise: digits(rise), value });
    const costs = calculation(
      "C(w + h) = ",
      number("above", above, "numeric", kit.format(above, COST_DECIMALS)),
      ", C(w − h) = ",
      number("below", below, "numeric", kit.format(below, COST_DECIMALS)),
    );
    return [
      element("p", { class: "caption" }, "With δ: what the start sends, times the δ of the end"),
      calculation(
        `∂C/∂${parameter(which)} = `,
        start,
        " · ",
        term(`delta.${layer}.${i}`, traced.deltas[layer][i], "backward"),
        " = ",
        number(`gradient.${which.join(".")}`, gradient, "backward"),
      ),
      element(
        "p",
        { class: "caption" },
        "Without δ: move the weight a little both ways, and run the network twice",
      ),
      filled,
      costs,
      element("p", { class: "agreement" }, agreement(gradient, difference.value)),
      element("p", { class: "caption" }, pathsInWords(found, net)),
      pathTable(net, which, found),
    ];
  }

  // A number with five digits, however small it is: who divides by hand gets the four decimals that
  // are shown.
  function digits(value) {
    const [first, power] = value.toExponential(4).split("e");
    if (!value || Math.abs(power) < 3) return kit.short(value);
    return `${first.replace("-", "−")}·10${kit.raised(Number(power))}`;
  }

  function agreement(gradient, difference) {
    const off = Math.abs(gradient - difference);
    const size = Math.max(Math.abs(gradient), Math.abs(difference));
    if (off <= 1e-9 || off <= 1e-6 * size) return "✓ Both agree.";
    return "They differ: here a small step meets a kink, or numbers too large for a difference.";
  }

  function pathsInWords(found, net) {
    const { paths, edges } = kit.network.counts(net);
    const ways = found.length === 1 ? "One path leads" : `${found.length} paths lead`;
    return `Path by path: ${ways} from it to the cost (through the whole network ${paths}, over ${edges} connections)`;
  }

  function pathTable(net, [layer], found) {
    const rows = found.map(({ units, factors, product }, k) => {
      const ways = units.map((u, at) => unit(net, layer + 1 + at, u)).join(" → ");
      const terms = factors.flatMap(({ of, value, role }, at) => [
        ...(at ? [" · "] : []),
        term(of, value, role),
      ]);
      return element(
        "tr",
        { "data-path": k, tabindex: 0 },
        element("td", {}, ways),
        element("td", { class: "terms" }, ...terms),
        element(
          "td",
          { class: "value" },
          kit.show(element("span", { "data-of": `path.${k}` }), product),
        ),
      );
    });
    const total = kit.network.sum(found.map(({ product }) => product));
    const foot = element(
      "tr",
      {},
      element("th", { scope: "row", colspan: 2 }, "All of them together"),
      element("td", { class: "value" }, kit.show(element("strong", { "data-of": "paths" }), total)),
    );
    return element(
      "div",
      { class: "scrolls", tabindex: 0, role: "region", "aria-label": "Paths to the cost" },
      element(
        "table",
        { class: "paths" },
        element("tbody", {}, ...rows),
        element("tfoot", {}, foot),
      ),
    );
  }

  function ofUnit({ net, traced, chosen, y }) {
    const [, column, k] = chosen;
    if (!column) return [element("p", {}, "An input. Move it, and see what follows.")];
    const layer = column - 1;
    const name = kit.network.activationOf(net, layer);
    const z = traced.preActivations[layer][k];
    const rows = [
      calculation(
        `z${sub(k)} = `,
        number(`z.${layer}.${k}`, z, "forward"),
        `,  a${sub(k)} = `,
        number(`a.${column}.${k}`, traced.activations[column][k], "forward"),
        ...(column === net.W.length ? [`,  y${sub(k)} = `, number(`y.${k}`, y[k], "loss")] : []),
      ),
    ];
    if (name === "softmax")
      return [
        ...rows,
        element("p", {}, "A softmax: each output depends on every z, so it has no slope of its own."),
      ];
    const slope = traced.slopes[layer][k];
    rows.push(
      calculation(
        "slope f′(z) = ",
        number(`slope.${layer}.${k}`, slope),
        kit.saturated(net, traced, column, k)
          ? ": saturated. Hardly anything comes back through this unit."
          : "",
      ),
    );
    return [...rows, curve(kit.network.ACTIVATIONS[name], z, slope)];
  }

  // The activation function with its tangent where the unit is.
  function curve({ value }, z, slope) {
    const [width, height] = [260, 120];
    const reach = Math.max(4, Math.abs(z) * 1.2);
    const grid = [...Array(81).keys()].map((k) => reach * (k / 40 - 1));
    const [low, high] = [Math.min(...grid.map(value)), Math.max(...grid.map(value))];
    const at = (u, v) => [
      (width * (u + reach)) / (2 * reach),
      height - 10 - ((height - 20) * (v - low)) / (high - low || 1),
    ];
    const path = (points) =>
      `M${points.map((p) => p.map((c) => c.toFixed(1)).join(" ")).join("L")}`;
    const run = 0.35 * reach;
    const tangent = [-run, run].map((d) => at(z + d, value(z) + slope * d));
    const [cx, cy] = at(z, value(z));
    return drawn(
      "svg",
      {
        class: "curve",
        viewBox: `0 0 ${width} ${height}`,
        role: "img",
        "aria-label": `The function with its tangent at z = ${kit.format(z, 2)}, of slope ${kit.format(slope, 3)}`,
      },
      drawn("path", { d: path([at(0, low), at(0, high)]), class: "axis" }),
      drawn("path", { d: path(grid.map((u) => at(u, value(u)))), class: "function" }),
      drawn("path", { d: path(tangent), class: "tangent" }),
      drawn("circle", { cx: cx.toFixed(1), cy: cy.toFixed(1), r: 5, class: "dot" }),
    );
  }
})(window.explorables);
