// The three methods side by side, at the same setting.
(function (kit) {
  "use strict";
  const { element } = kit;
  const HEADS = ["method", "stable below η", "rate", "steps to 1/1000 of the distance", "cost"];
  const CELLS = ["limit", "rate", "arrival", "cost"];

  // methodTable(): `draw(picture)`.
  kit.methodTable = function () {
    const rows = kit.quadratic.METHODS.map(row);
    const head = element("tr", {}, ...HEADS.map((words) => element("th", { scope: "col" }, words)));
    const table = element(
      "table",
      {},
      element("thead", {}, head),
      element("tbody", {}, ...rows.map(({ node }) => node)),
    );
    const node = element(
      "div",
      {
        class: "scrolls compared",
        tabindex: 0,
        role: "region",
        "aria-label": "The three methods at this setting",
      },
      table,
    );

    function row(method) {
      const name = element(
        "th",
        { scope: "row" },
        kit.lineSample(method),
        kit.valley.NAMES[method],
      );
      const cells = CELLS.map((of) => element("td", { "data-of": `${of}.${method}` }));
      return { method, node: element("tr", {}, name, ...cells), cells };
    }

    function draw(picture) {
      rows.forEach(({ method, node: line, cells }) => {
        const main = method === picture.method;
        kit.put(line, { class: main && "main", "aria-current": main ? "true" : false });
        const values = picture.table[method];
        CELLS.forEach((of, k) => fill(cells[k], values[of], main && picture.hidden[of], of));
      });
    }
    return { node, draw };
  };

  function fill(cell, value, hidden, of) {
    if (hidden) kit.write(cell, "?");
    else if (value === null) kit.write(cell, of === "cost" ? "out of sight" : "never");
    else if (of === "arrival" && value === Infinity) kit.write(cell, "over 4000");
    else kit.show(cell, value, of === "arrival" ? `${value}` : undefined);
  }
})(window.explorables);
