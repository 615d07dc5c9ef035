// A number that acts on another one along one path or along two, and what a nudge of it does.
// Pure functions; the numbers on the way are called inner, and the derivatives are those of
// backprop.total_derivative.
(function (kit) {
  "use strict";
  const { sum, zip, replaced } = kit.network;
  const STEP = 2 ** -17; // of central differences, as in backprop.derivatives

  const number = (value, slope) => ({ value, slope });
  const raised = number(
    (x) => x * x + 1,
    (x) => 2 * x,
  );
  const lowered = number(
    (x) => 5 - x,
    () => -1,
  );
  const itself = number(
    (x) => x,
    () => 1,
  );
  const product = { value: ([u, v]) => u * v, partials: ([u, v]) => [v, u] };

  // By name, where each has
  //   start    where one begins
  //   inner    the numbers on the way, each a function of x with its slope
  //   outer    the last number, a function of these with its partial derivatives
  const NUDGES = {
    hand: {
      start: 2,
      inner: [
        number(
          (x) => 0.8 * x,
          () => 0.8,
        ),
      ],
      outer: { value: ([y]) => 50 * y, partials: () => [50] },
    },
    square: {
      start: 1,
      inner: [
        number(
          (x) => 3 * x + 1,
          () => 3,
        ),
      ],
      outer: { value: ([y]) => y * y, partials: ([y]) => [2 * y] },
    },
    paths: { start: 2, inner: [raised, lowered], outer: product },
    wave: {
      start: 2,
      inner: [raised, lowered],
      outer: {
        value: ([u, v]) => Math.sin(u) * Math.exp(v / 5),
        partials: ([u, v]) => [Math.cos(u) * Math.exp(v / 5), (Math.sin(u) * Math.exp(v / 5)) / 5],
      },
    },
    twice: { start: 3, inner: [itself, itself], outer: product },
    direct: {
      start: 3,
      inner: [
        itself,
        number(
          (x) => x * x,
          (x) => 2 * x,
        ),
      ],
      outer: product,
    },
  };

  // All rates at a place: along each path, and their sum.
  function rates({ inner, outer }, x) {
    const values = inner.map(({ value }) => value(x));
    const slopes = inner.map(({ slope }) => slope(x));
    const partials = outer.partials(values);
    const paths = zip(slopes, partials, (slope, partial) => slope * partial);
    return { x, values, result: outer.value(values), slopes, partials, paths, total: sum(paths) };
  }

  // What moves when x moves by a step, or the inner number `moved` alone. `parts` says how far the
  // result goes as the inner numbers arrive one after the other.
  function nudged({ inner, outer }, x, moved, step) {
    const before = inner.map(({ value }) => value(x));
    const all = moved === "x";
    const after = all
      ? inner.map(({ value }) => value(x + step))
      : replaced(before, Number(moved), before[moved] + step);
    const parts = after.map((_, k) => {
      const arrived = (count) => outer.value([...after.slice(0, count), ...before.slice(count)]);
      return arrived(k + 1) - arrived(k);
    });
    return {
      x: all ? x + step : x,
      values: after,
      moves: zip(after, before, (there, here) => there - here),
      parts,
      result: outer.value(after),
      change: outer.value(after) - outer.value(before),
    };
  }

  const central = (f, x) => {
    const h = STEP * Math.max(1, Math.abs(x));
    return (f(x + h) - f(x - h)) / (2 * h);
  };

  // What a tiny nudge says, of x or of an inner number alone.
  function measured({ inner, outer }, x, moved) {
    const at = (place) => inner.map(({ value }) => value(place));
    if (moved === "x") return central((place) => outer.value(at(place)), x);
    const values = at(x);
    return central((place) => outer.value(replaced(values, Number(moved), place)), values[moved]);
  }

  kit.nudges = { NUDGES, rates, nudged, measured };
})(window.explorables);
