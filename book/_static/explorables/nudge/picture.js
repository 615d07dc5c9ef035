// All that the nudge shows of a state.
(function (kit) {
  "use strict";
  const { NUDGES, rates, nudged, measured } = kit.nudges;
  const ONE = ["slope.0", "partial.0", "total"];
  const TWO = ["slope.0", "partial.0", "path.0", "slope.1", "partial.1", "path.1", "total"];

  function pictureOf(state, width) {
    const { example, x, moved, step, asking, answered } = state;
    const nudge = NUDGES[example];
    const order = nudge.inner.length > 1 ? TWO : ONE;
    const hidden = asking ? order.slice(answered) : [];
    return {
      ...state,
      nudge,
      letters: kit.nudgeNames.LETTERS[example],
      rates: rates(nudge, x),
      now: nudged(nudge, x, moved, step),
      asked: hidden[0],
      known: (of) => !hidden.includes(of),
      place: JSON.stringify([example, x]),
      measured: () => measured(nudge, x, moved),
      windows: windows(nudge, x),
      geometry: geometry(nudge, width),
    };
  }

  // How far each line reaches from its middle, so that the largest nudge stays on it.
  function windows(nudge, x) {
    const ends = [kit.nudge.MOST, -kit.nudge.MOST];
    const whole = ends.map((step) => nudged(nudge, x, "x", step));
    const alone = nudge.inner.flatMap((_, k) => ends.map((step) => nudged(nudge, x, `${k}`, step)));
    const inner = nudge.inner.map((_, k) =>
      Math.max(1, ...whole.map(({ moves }) => Math.abs(moves[k]))),
    );
    const far = ({ parts, change }) => [parts[0], change].map(Math.abs);
    const result = Math.max(...[...whole, ...alone].flatMap(far));
    return { x: 1.15, inner: inner.map((reach) => 1.15 * reach), result: 1.15 * result || 1 };
  }

  // Where the lines lie: the first, those on the way beside each other, the last; in pixels.
  function geometry({ inner }, width) {
    const [left, right, gap] = [12, width - 12, 36];
    const middle = (left + right) / 2;
    const ways =
      inner.length > 1
        ? [
            [left, middle - gap / 2],
            [middle + gap / 2, right],
          ]
        : [[left, right]];
    const line = ([from, to], y) => ({ from, to, y });
    return {
      width,
      height: 352,
      x: line([left, right], 44),
      inner: ways.map((ends) => line(ends, 176)),
      result: line([left, right], 308),
    };
  }

  kit.nudgePicture = pictureOf;
})(window.explorables);
