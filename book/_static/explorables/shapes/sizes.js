// The sizes of a minibatch and its network: a slider for each, with its letter and its number.
(function (kit) {
  "use strict";
  const { element, put, write } = kit;
  const { SIZES } = kit.minibatch;
  const { letter } = kit.shapeNames;
  const COUNTED = ["examples", "inputs", "units of layer 1", "units of layer 2", "outputs"];

  // kit.sizes({most, change}): `draw({sizes})`; `change(sizes, words)` takes others.
  kit.sizes = function ({ most, change }) {
    let now = [];
    const sliders = SIZES.map((name, k) => {
      const range = element("input", {
        type: "range",
        min: 1,
        max: most,
        step: 1,
        "aria-label": `${letter(name)}, ${COUNTED[k]}`,
        input: () => move(k, Number(range.value)),
      });
      return { range, count: element("span", { class: "count" }), name: letter(name) };
    });
    const node = element(
      "div",
      { class: "size-row" },
      ...sliders.map(({ range, count, name }) =>
        element("label", {}, element("i", {}, name), " = ", count, range),
      ),
    );

    function move(k, size) {
      const sizes = now.map((old, at) => (at === k ? size : old));
      change(sizes, `${letter(SIZES[k])} = ${size}`);
    }

    function draw({ sizes }) {
      now = sizes;
      sliders.forEach(({ range, count }, k) => {
        if (Number(range.value) !== sizes[k]) range.value = sizes[k];
        put(range, { "aria-valuetext": `${sizes[k]}` });
        write(count, `${sizes[k]}`);
      });
    }
    return { node, draw };
  };
})(window.explorables);
