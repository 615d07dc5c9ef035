// The learning rate with which an optimizer is first at the finish.
(function (kit) {
  "use strict";
  const RATES = [...Array(31).keys()].map((k) => 10 ** ((k - 18) / 6)); // from 0.001 to 100

  const LEAP = 2; // times the height at the start

  // A walk of an optimizer with the height above the lowest point at each step.
  function run({ objective, from, steps }, optimizer) {
    const path = kit.optimizers.descend(from, objective.gradient, optimizer, steps);
    return { path, heights: path.map((point) => objective.value(point) - objective.lowest) };
  }

  // The step from which on a run stays at or below a height; none if it does not, or ends before.
  function finish({ heights }, { goal, steps }) {
    if (heights.length <= steps) return null;
    const last = heights.findLastIndex((height) => !(height <= goal));
    return last < steps ? last + 1 : null;
  }

  // Whether a run never climbs far; one that leaps out and back is there by luck.
  const stays = ({ heights }, { steps }) =>
    heights.length > steps && heights.every((height) => height <= LEAP * heights[0]);

  // Fewer steps are better; of as many, and of none, it is the lower end.
  function better(left, right) {
    const steps = ({ arrived }) => (arrived === null ? Infinity : arrived);
    if (steps(left) !== steps(right)) return steps(left) < steps(right);
    return left.end < right.end;
  }

  function tried(race, optimizer, rate) {
    const found = run(race, { ...optimizer, learning_rate: rate });
    if (!stays(found, race)) return { rate, arrived: null, end: Infinity };
    return { rate, arrived: finish(found, race), end: found.heights.at(-1) };
  }

  // One try after the other, so that others get a turn between them; it returns the best rate.
  function* searching(race, optimizer) {
    let best = null;
    for (const rate of RATES) {
      const now = tried(race, optimizer, rate);
      if (!best || better(now, best)) best = now;
      yield;
    }
    return best.rate;
  }

  kit.search = { RATES, run, finish, searching };
})(window.explorables);
