// The table of a race: learning rate, first step, arrival and height of each; a name can be chosen.
(function (kit) {
  "use strict";
  const { element, number } = kit;
  const HEADS = ["optimizer", "η", "first step, in η", "at the finish after", "height"];

  // standings({choose}): `draw(picture)`; `choose(id)` is called with the lane that is wanted.
  kit.standings = function ({ choose }) {
    const body = element("tbody", {});
    const head = element("tr", {}, ...HEADS.map((words) => element("th", { scope: "col" }, words)));
    const table = element("table", {}, element("thead", {}, head), body);
    const node = element(
      "div",
      { class: "scrolls compared", tabindex: 0, role: "region", "aria-label": "Standings" },
      table,
    );
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
      const cells = HEADS.slice(1).map(() => element("td", {}));
      const first = element("th", { scope: "row" }, kit.lineSample(`lane${k}`), button);
      return { line: element("tr", {}, first, ...cells), button, cells };
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
