// The table of a race: learning rate, first step, arrival and height of each; a name can be chosen.
(function (kit) {
  "use strict";
  const { element, number } = kit;
  const HEADS = ["optimizer", "η", "first step, in η", "at the finish after", "height"];

  // standings({choose}): `draw(picture)`; `choose(id)` is called with the lane that is wanted.
  kit.standings = function ({ choose }) {
    // The roles stay where a telephone shows rows and cells as blocks, which some browsers would
    // not call a table any more.
    const part = (tag, role, ...children) => element(tag, { role }, ...children);
    const heads = HEADS.map((words) => element("th", { scope: "col", role: "columnheader" }, words));
    const body = part("tbody", "rowgroup");
    const head = part("thead", "rowgroup", part("tr", "row", ...heads));
    const node = element("div", { class: "compared standings" }, part("table", "table", head, body));
    kit.put(node.firstChild, { "aria-label": "Standings" });
    let made = "";
    let rows = [];

    function draw({ lanes, field }) {
      if (field !== made) rows = lanes.map(row);
      if (field !== made) body.replaceChildren(...rows.map(({ line }) => line));
      made = field;
      lanes.forEach((lane, k) => fill(rows[k], lane));
    }

    function row({ id, name }, k) {
      const button = kit.button(name, () => choose(id), { class: "lane" });
      const cells = HEADS.slice(1).map(() => part("td", "cell"));
      const sample = kit.lineSample(`lane${k}`);
      const first = element("th", { scope: "row", role: "rowheader" }, sample, button);
      return { line: part("tr", "row", first, ...cells), button, cells };
    }

    function fill({ line, button, cells: [rate, first, arrived, height] }, lane) {
      kit.put(button, { "aria-pressed": `${lane.main}` });
      kit.put(line, { class: lane.main && "main" });
      if (lane.rate === null) {
        for (const cell of [rate, first, arrived, height]) kit.write(cell, "…");
        return;
      }
      rate.dataset.of = `eta.${lane.id}`;
      kit.show(rate, lane.rate, fewDigits(lane.rate) + (lane.sure ? "" : "…"));
      first.replaceChildren(...(lane.hidden ? ["?"] : firstStep(lane)));
      arrived.dataset.of = `arrived.${lane.id}`;
      if (lane.arrived === null) kit.write(arrived, "–");
      else
        kit.show(arrived, lane.arrived, `${lane.arrived} ${lane.arrived === 1 ? "step" : "steps"}`);
      height.dataset.of = `height.${lane.id}`;
      if (lane.height === null) kit.write(height, "out of sight");
      else kit.show(height, lane.height);
    }
    return { node, draw };
  };

  const fewDigits = (rate) =>
    rate < 1 || Number.isInteger(rate) ? kit.short(rate) : kit.format(rate, 1);

  // Both parts of a step; of a network the shortest and the longest part.
  function firstStep({ id, first }) {
    if (!first) return ["out of sight"];
    const shown = (name, value) =>
      number(`${name}.${id}`, value, "", kit.format(value, first.length === 2 ? 3 : 4));
    if (first.length === 2)
      return ["(", shown("first.0", first[0]), ", ", shown("first.1", first[1]), ")"];
    const sizes = first.map(Math.abs);
    return [shown("least", Math.min(...sizes)), " to ", shown("most", Math.max(...sizes))];
  }
})(window.explorables);
