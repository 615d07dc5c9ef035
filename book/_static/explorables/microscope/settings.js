// All numbers of the network, to be changed: its size, its functions, its weights, inputs, targets.
(function (kit) {
  "use strict";
  const { element } = kit;
  const { names, microscope, examples } = kit;
  const options = (known, words) => known.map((name) => [name, words[name]]);
  const counts = (most) => [...Array(most).keys()].map((k) => [`${k + 1}`, `${k + 1}`]);

  // settings(drawer, {data, load, change}): `load` takes another situation, `change` a part of a
  // state.
  kit.settings = function (drawer, { data, load, change }) {
    const body = element("div", { class: "settings" });
    drawer.append(body);
    let now = null;
    let made = "";
    let fields = [];

    // The fields are made when they are first seen, and again when there are others.
    function draw(picture) {
      now = picture;
      if (!drawer.open) return;
      const { net } = picture;
      const key = [kit.network.sizes(net), net.hidden, net.output, net.loss].join();
      if (key !== made) make();
      made = key;
      fields.forEach(({ field, value }) => field.set(value(now)));
    }

    function make() {
      const { net } = now;
      fields = [];
      body.replaceChildren(
        element("div", { class: "bar" }, exampleList(), ...functionLists(net)),
        sizeRow(),
        numbers(
          "Inputs",
          now.x.map((_, k) => [
            `x${names.sub(k)}`,
            (p) => p.x[k],
            (value) => ({ x: kit.network.replaced(now.x, k, value) }),
          ]),
        ),
        ...net.W.map((W, layer) => weights(W, layer)),
        numbers(
          "Targets",
          now.y.map((_, k) => [
            `y${names.sub(k)}`,
            (p) => p.y[k],
            (value) => ({ y: microscope.withTarget(now.net, now.y, k, value) }),
          ]),
          targetEnds(net),
        ),
      );
    }

    function exampleList() {
      const list = kit.select({
        label: "Example",
        options: [["", "as it is"], ...examples.named(data)],
        value: "",
        change: (name) => {
          if (name) load(examples.get(name, data));
          list.set("");
        },
      });
      return list.node;
    }

    function functionLists(net) {
      const lists = [["hidden", "Hidden units", microscope.HIDDEN, names.FUNCTIONS]];
      if (net.loss === "half_squared_error")
        lists.push(["output", "Output units", microscope.HIDDEN, names.FUNCTIONS]);
      lists.push(["loss", "Cost", microscope.LOSSES, names.LOSSES]);
      return lists
        .filter(([key]) => key !== "hidden" || net.W.length > 1)
        .map(
          ([key, label, known, words]) =>
            kit.select({
              label,
              options: options(known, words),
              value: net[key],
              change: (name) => refit({ ...now.net, [key]: name }),
            }).node,
        );
    }

    // Another cost may ask for other targets.
    function refit(net) {
      const y = microscope.fittingTargets(net, now.y);
      const told =
        y === now.y
          ? ""
          : `The targets are now ${y.map(kit.short).join(", ")}: this cost asks for probabilities`;
      change({ net, y }, told);
    }

    function sizeRow() {
      const sizes = kit.network.sizes(now.net);
      const lists = sizes.map(
        (size, column) =>
          kit.select({
            label: column === 0 ? "Inputs" : column === sizes.length - 1 ? "Outputs" : "Hidden",
            options: counts(microscope.MOST_UNITS),
            value: `${size}`,
            change: (text) => resize(kit.network.replaced(sizes, column, Number(text))),
          }).node,
      );
      const buttons = [];
      if (sizes.length <= microscope.MOST_LAYERS)
        buttons.push(
          kit.button("Add a hidden layer", () => resize([...sizes.slice(0, -1), 2, sizes.at(-1)])),
        );
      if (sizes.length > 2)
        buttons.push(kit.button("Remove one", () => resize([...sizes.slice(0, -2), sizes.at(-1)])));
      return element("div", { class: "bar" }, ...lists, ...buttons);
    }

    function resize(sizes) {
      const found = examples.resized(now, sizes);
      load({ ...found, y: microscope.fittingTargets(found.net, found.y) });
    }

    const targetEnds = (net) => (net.loss === "half_squared_error" ? {} : { least: 0, most: 1 });

    function numbers(title, asked, ends = {}) {
      const made = asked.map(([label, value, part]) => keep(label, value, part, ends).node);
      return element("fieldset", { class: "numbers" }, element("legend", {}, title), ...made);
    }

    function keep(label, value, part, ends = {}) {
      const field = kit.numberField({
        label,
        value: value(now),
        least: -microscope.BOUND,
        most: microscope.BOUND,
        ...ends,
        change: (number) => change(part(number)),
      });
      fields.push({ field, value });
      return field;
    }

    // One line for each unit: the weights into it, then its bias.
    function weights(W, layer) {
      const at = (which) => [
        names.parameter(which),
        (p) => kit.network.parameter(p.net, which),
        (value) => ({ net: kit.network.withParameter(now.net, which, value) }),
      ];
      const lines = W.map((row, i) =>
        element(
          "div",
          { class: "line" },
          ...[...row.keys(), -1].map((j) => keep(...at([layer, i, j])).node),
        ),
      );
      return element(
        "fieldset",
        { class: "numbers" },
        element("legend", {}, `Weights and biases, ${names.layer(now.net, layer)}`),
        ...lines,
      );
    }

    return { draw };
  };
})(window.explorables);
