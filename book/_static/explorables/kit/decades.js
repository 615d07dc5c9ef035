// Costs over steps, on an axis of powers of ten.
(function (kit) {
  "use strict";
  const [LEAST, MOST] = [-12, 6]; // the powers that are shown at most
  const BESIDE = 9; // powers beyond, where a line that leaves the panel goes on

  // From which power to which: all costs that can be seen, three powers at least.
  function span(lines) {
    const seen = lines.flat().filter((cost) => cost > 0 && cost < Infinity);
    const ends = seen.length ? [Math.min(...seen), Math.max(...seen)].map(Math.log10) : [0, 0];
    const top = Math.min(MOST, Math.max(LEAST + 3, Math.ceil(ends[1])));
    return [Math.max(LEAST, Math.min(top - 3, Math.floor(ends[0]))), top];
  }

  const words = (power) => (Math.abs(power) < 2 ? `${10 ** power}` : `10${kit.raised(power)}`);

  // decades(panel, lines, {box, steps, nameY}): places the panel and its ticks, and returns what
  // makes the points of a line of costs, of which there is one a step.
  kit.decades = function (panel, lines, { box, steps, nameY }) {
    const [low, high] = span(lines);
    const every = Math.ceil((high - low) / 4);
    const powers = [];
    for (let power = high; power >= low; power -= every) powers.push([power, words(power)]);
    const last = Math.max(steps, 1);
    panel.place(...box, [0, last], [low, high]);
    const x = [0, last].map((step) => [step, `${step}`]);
    panel.ticks({ x, y: powers, nameX: "step", nameY });
    const height = (cost) =>
      cost > 0 ? Math.min(Math.log10(cost), MOST + BESIDE) : LEAST - BESIDE;
    return (costs) => costs.map((cost, step) => [step, height(cost)]);
  };
})(window.explorables);
