// A path with a dot at each step, in the manner of whoever walks it.
(function (kit) {
  "use strict";
  const { drawn, put, words } = kit;
  const CROWDED = 60; // dots from which on they are small

  // trail(name): `name` is a class, whose colour and dashes the style sheet has. `draw(panel, path,
  // main)` shows a path, thick if it is the main one.
  kit.trail = function (name) {
    const line = drawn("path", {});
    const dots = drawn("path", {});
    const node = drawn("g", { class: "walk" }, line, dots);

    function draw(panel, path, main) {
      const crowded = path.length > CROWDED && "crowded";
      put(line, { d: panel.path(path), class: words("trail", name, main && "main") });
      put(dots, { d: panel.dots(path), class: words("dots", name, main && "main", crowded) });
    }
    return { node, draw };
  };

  // A piece of that path, for a table.
  kit.lineSample = (name) =>
    drawn(
      "svg",
      { class: "sample", viewBox: "0 0 34 10", "aria-hidden": "true" },
      drawn("path", { class: `trail main ${name}`, d: "M2 5H32" }),
      drawn("path", { class: `dots main ${name}`, d: "M17 5h0" }),
    );
})(window.explorables);
