// Why the bold one begins as it does: the gradient at the start, and what its rule makes of it.
(function (kit) {
  "use strict";
  const { element, number, write } = kit;
  const HOW = "Choose one under “Bold”, or in the table: here stands why it begins as it does.";

  // firstStep(): `draw(picture)`.
  kit.firstStep = function () {
    const node = element("p", { class: "calculation first-step" });

    function draw({ lanes, asked, window, objective, from }) {
      const k = lanes.findIndex(({ main }) => main);
      if (k < 0) write(node, HOW);
      else if (asked) write(node, `The first step of ${lanes[k].name} is asked for.`);
      else {
        const numbers = window && lanes[k].first ? inNumbers(lanes[k], objective.gradient(from)) : [];
        const name = element("strong", {}, lanes[k].name);
        node.replaceChildren(kit.lineSample(`lane${k}`), name, ...numbers, `: ${lanes[k].reason}.`);
      }
    }
    return { node, draw };
  };

  function inNumbers({ id, first }, gradient) {
    const pair = (name, values) => [
      "(",
      number(`${name}.0.${id}`, values[0], "", kit.format(values[0], 3)),
      ", ",
      number(`${name}.1.${id}`, values[1], "", kit.format(values[1], 3)),
      ")",
    ];
    const [there, step] = [pair("gradient", gradient), pair("first", first)];
    return [": the gradient at the start is ", ...there, ", the first step ", ...step, " η"];
  }
})(window.explorables);
