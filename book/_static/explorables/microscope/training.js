// One training step with all its changes, and what many of them do to the cost.
(function (kit) {
  "use strict";
  const { element, drawn, show } = kit;
  const { parameter, parameterInWords } = kit.names;
  const LONGEST = 400; // steps that the curve shows

  // training(drawer, {change}): `draw(picture)`.
  kit.training = function (drawer, { change }) {
    const rows = element("tbody", {});
    const order = kit.button("Largest gradient first", reorder, { "aria-pressed": "false" });
    const rate = kit.slider({
      label: "Learning rate η",
      value: 0.5,
      least: 0,
      most: 100,
      from: 0,
      to: 5,
      step: 0.05,
      change: (value) => change({ rate: value }),
    });
    const run = kit.button("Train on", toggle, { "aria-pressed": "false" });
    const said = element("p", { class: "calculation" });
    const curve = drawn("svg", { class: "costs", viewBox: "0 0 320 110", role: "img" });
    const body = element(
      "div",
      { class: "training" },
      rate.node,
      element(
        "div",
        { class: "bar" },
        kit.button("One step", () => train(1)),
        kit.button("Ten steps", () => train(10)),
        run,
      ),
      said,
      curve,
      element("div", { class: "bar" }, order),
      element(
        "div",
        { class: "scrolls", tabindex: 0, role: "region", "aria-label": "All changes of this step" },
        element(
          "table",
          {},
          element(
            "thead",
            {},
            element(
              "tr",
              {},
              ...["parameter", "old", "gradient", "change", "new"].map((head) =>
                element("th", { scope: "col" }, head),
              ),
            ),
          ),
          rows,
        ),
      ),
    );
    drawer.append(body);
    let now = null;
    let running = 0;
    let sorted = false;

    function reorder() {
      sorted = !sorted;
      kit.put(order, { "aria-pressed": `${sorted}` });
      draw(now);
    }

    function draw(picture) {
      now = picture;
      if (!drawer.open) {
        stop();
        return;
      }
      const { net, traced, costs } = picture;
      rate.set(picture.rate);
      const which = kit.network.parameters(net);
      if (rows.children.length !== which.length)
        rows.replaceChildren(
          ...which.map(() =>
            element(
              "tr",
              {},
              element("th", { scope: "row" }),
              ...[1, 2, 3, 4].map((k) => element("td", { class: k === 2 && "sized" })),
            ),
          ),
        );
      const found = which.map((at) => ({ at, size: Math.abs(kit.network.gradient(traced, at)) }));
      const largest = Math.max(...found.map(({ size }) => size)) || 1;
      if (sorted) found.sort((one, other) => other.size - one.size);
      found.forEach(({ at, size }, k) => {
        line(rows.children[k].children, at, picture);
        rows.children[k].children[2].style.setProperty("--share", (size / largest).toFixed(3));
      });
      said.replaceChildren(
        costs.length ? `Cost ${kit.format(costs[0])} at the beginning, ` : "Cost ",
        show(element("strong", { "data-of": "cost" }), traced.cost),
        costs.length ? ` after ${costs.length} ${costs.length === 1 ? "step" : "steps"}` : " now",
      );
      drawCosts([...costs, traced.cost]);
    }

    function line([name, ...cells], at, { net, traced, rate: eta }) {
      const old = kit.network.parameter(net, at);
      const gradient = kit.network.gradient(traced, at);
      kit.write(name, `${kit.names.layer(net, at[0])} ${parameter(at)}`);
      name.title = parameterInWords(net, at);
      const of = at.join(".");
      const values = [
        ["old", old],
        ["gradient", gradient],
        ["change", -eta * gradient],
        ["new", old - eta * gradient],
      ];
      values.forEach(([kind, value], k) => {
        cells[k].dataset.of = `${kind}.${of}`;
        show(cells[k], value);
      });
    }

    // Steps that lead out of all bounds are not made: there is nothing to see there.
    function train(count) {
      let { net, costs } = now;
      for (let made = 0; made < count; made += 1) {
        const traced = kit.network.trace(net, now.x, now.y);
        const next = kit.network.trained(net, traced.gradients, now.rate);
        const within = kit.network
          .parameters(next)
          .every((at) => Math.abs(kit.network.parameter(next, at)) <= kit.microscope.BOUND);
        if (!within) {
          stop();
          change({ net, costs }, "The weights run out of all bounds: take a smaller learning rate");
          return;
        }
        costs = [...costs, traced.cost].slice(-LONGEST);
        net = next;
      }
      change(
        { net, costs },
        running
          ? ""
          : `Steps made: ${count}. The cost is ${kit.format(kit.network.cost(net, now.x, now.y))}`,
      );
    }

    function toggle() {
      if (running) stop();
      else {
        running = setInterval(
          () => train(1),
          matchMedia("(prefers-reduced-motion: reduce)").matches ? 1000 : 60,
        );
        kit.put(run, { "aria-pressed": "true" });
      }
    }

    function stop() {
      if (running) clearInterval(running);
      running = 0;
      kit.put(run, { "aria-pressed": "false" });
    }

    function drawCosts(costs) {
      const most = Math.max(...costs, 1e-12);
      const at = (cost, k) =>
        `${(30 + (280 * k) / Math.max(costs.length - 1, 1)).toFixed(1)} ${(95 - (85 * cost) / most).toFixed(1)}`;
      kit.put(curve, {
        "aria-label": `The cost, from ${kit.format(costs[0])} to ${kit.format(costs.at(-1))}`,
      });
      curve.replaceChildren(
        drawn("path", { d: "M30 8V95H312", class: "axis" }),
        drawn("text", { x: 26, y: 14, "text-anchor": "end", class: "tick" }, kit.format(most, 2)),
        drawn("text", { x: 26, y: 98, "text-anchor": "end", class: "tick" }, "0"),
        drawn("text", { x: 30, y: 108, class: "tick" }, "step 0"),
        drawn(
          "text",
          { x: 310, y: 108, "text-anchor": "end", class: "tick" },
          costs.length > 1 ? `${costs.length - 1}` : "",
        ),
        drawn("path", { d: `M${costs.map(at).join("L")}`, class: "line" }),
        drawn("circle", {
          cx: at(costs.at(-1), costs.length - 1).split(" ")[0],
          cy: at(costs.at(-1), costs.length - 1).split(" ")[1],
          r: 3.5,
          class: "dot",
        }),
      );
    }

    return { draw };
  };
})(window.explorables);
