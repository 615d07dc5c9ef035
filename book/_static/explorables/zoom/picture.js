// All that the views show of a state.
(function (kit) {
  "use strict";
  const { times, transposed, leftOver, measuredForward, measuredBackward } = kit.planeMaps;
  const SMALLEST = 1e-6; // what is left over below this, rounding has a part in
  const HALVINGS = 3;
  const SMALL = 1 / 16; // a half-width at which it shows what becomes of the end
  const ORDER = {
    zoom: ["J.0.0", "J.1.0", "J.0.1", "J.1.1", "ratio"],
    products: ["Jv.0", "Jv.1", "uJ.0", "uJ.1"],
  };

  function pictureOf(state, maps, width) {
    const { map: name, x, v, u, view, asking, answered } = state;
    const map = maps[name];
    const right = map.jacobian(x);
    const J = kit.zoom.matrixOf(state, map);
    const order = ORDER[view].filter((of) => of !== "ratio" || quarters(map, right, x));
    const hidden = asking ? order.slice(answered) : [];
    return {
      ...state,
      name,
      map,
      y: map.value(x),
      right,
      J,
      halvings: halved(map, J, state),
      isRight: same(J, right),
      Jv: times(J, v),
      uJ: times(transposed(J), u),
      asked: hidden[0],
      known: (of) => !hidden.includes(of),
      place: JSON.stringify([view, name, x, v, u]),
      measured: { Jv: () => measuredForward(map, x, v), uJ: () => measuredBackward(map, x, u) },
      geometry: geometry(width),
    };
  }

  const same = (left, right) =>
    left.every((row, i) => row.every((entry, j) => Math.abs(entry - right[i][j]) < 1e-9));

  // What is left over as the square is halved, and by what it is divided each time.
  function halved(map, J, { x, half }) {
    const enough = SMALLEST * Math.max(1, Math.hypot(...map.value(x)));
    const rows = [...Array(HALVINGS).keys()].map((k) => {
      const wide = half / 2 ** k;
      return { half: wide, size: leftOver(map, J, x, wide) };
    });
    return rows.map((row, k) => {
      const clear = row.size > enough;
      return { ...row, clear, ratio: k && clear ? rows[k - 1].size / row.size : null };
    });
  }

  // Whether in the end a quarter is left over, as where the function bends and has no kink.
  function quarters(map, J, x) {
    const [, , { ratio }] = halved(map, J, { x, half: SMALL });
    return ratio !== null && Math.abs(ratio - 4) < 0.4;
  }

  // What the halvings say of the matrix.
  function verdict({ halvings, isRight, matrix }) {
    const [{ clear: seen }, { clear, ratio }] = halvings;
    const near = (wanted) => Math.abs(ratio - wanted) < 0.1 * wanted;
    const alike = isRight && matrix !== "right" ? " Here it is J itself." : "";
    if (!clear && seen) return "Now the kink is outside of the square, and nothing is left over.";
    if (!clear) return `Nothing is left over that rounding does not hide.${alike}`;
    if (!isRight && near(2)) return "Half the square, half left over: this is not J.";
    if (!isRight && near(4)) return "A quarter, so far. Shrink the square: does it stay so?";
    if (isRight && near(2)) return "J is right, but the square holds a kink.";
    if (isRight && near(4)) return `Half the square, a quarter left over: this is J.${alike}`;
    if (isRight && ratio > 4) return `Even less than a quarter: here f hardly bends.${alike}`;
    return "Not settled yet: shrink the square.";
  }

  // Two panels, beside each other or, on a telephone, one below the other; lengths in pixels.
  function geometry(width) {
    const [left, top, below, between] = [30, 24, 32, 52];
    const narrow = width < 520;
    const side = narrow ? width - left - 8 : (width - left - between - 4) / 2;
    const high = narrow ? Math.min(230, side) : side;
    const second = narrow ? [left, 2 * top + high + below] : [left + side + between, top];
    const height = (narrow ? second[1] : top) + high + below;
    return {
      width,
      height,
      narrow,
      boxes: [
        [left, top, side, high],
        [...second, side, high],
      ],
    };
  }

  kit.zoomPicture = { of: pictureOf, verdict };
})(window.explorables);
