// Functions of the plane with their Jacobians, what a matrix leaves over, and what is measured.
// Pure functions of plain arrays; J[i][j] is ∂f_i/∂x_j, as in backprop.jacobians.
(function (kit) {
  "use strict";
  const { ACTIVATIONS, softmax, sum, zip } = kit.network;
  const { logistic, relu } = ACTIVATIONS;
  const STEP = 2 ** -17; // of central differences, as in backprop.derivatives
  const THIRD = Math.log(5); // the input of the softmax that is held still
  const CORNERS = [
    [1, 1],
    [-1, 1],
    [-1, -1],
    [1, -1],
  ];

  const dot = (left, right) => sum(zip(left, right, (a, b) => a * b));
  const times = (J, v) => J.map((row) => dot(row, v));
  const transposed = (J) => J[0].map((_, j) => J.map((row) => row[j]));
  const diagonal = (slopes) =>
    slopes.map((slope, i) => slopes.map((_, j) => (i === j ? slope : 0)));
  const scaledRows = (slopes, A) => zip(slopes, A, (slope, row) => row.map((a) => slope * a));

  // softmax of (x₁, x₂, ln 5), of which the first two outputs are seen.
  const softmaxOfTwo = (x) => softmax([...x, THIRD]).slice(0, 2);
  const softmaxJacobian = (s) => diagonal(s).map((row, i) => row.map((d, j) => d - s[i] * s[j]));

  // maps(example): by name, where each has
  //   start           where one begins
  //   value(x), jacobian(x)
  //   slips           Jacobians with mistakes that people make, as functions of x
  function maps({ W1, b1, X }) {
    const A = transposed(W1).map((row) => row.slice(0, 2));
    const rest = zip(transposed(W1), b1, (row, b) => dot(row.slice(2), X[0].slice(2)) + b);
    const affine = (x) => zip(times(A, x), rest, (product, b) => product + b);
    const slopesAt = (z) => z.map(logistic.slope);
    const layer = (x) => affine(x).map(logistic.value);
    const ofLayer = (x) => scaledRows(slopesAt(affine(x)), A);
    return {
      curved: {
        start: [2, 1],
        value: ([x, y]) => [x * x - y, x * y],
        jacobian: ([x, y]) => [
          [2 * x, -1],
          [y, x],
        ],
        slips: [
          ([x, y]) => [
            [x, -1],
            [y, x],
          ],
        ],
      },
      polar: {
        start: [2, 0.5],
        value: ([r, angle]) => [r * Math.cos(angle), r * Math.sin(angle)],
        jacobian: ([r, angle]) => [
          [Math.cos(angle), -r * Math.sin(angle)],
          [Math.sin(angle), r * Math.cos(angle)],
        ],
        slips: [
          ([, angle]) => [
            [Math.cos(angle), -Math.sin(angle)],
            [Math.sin(angle), Math.cos(angle)],
          ],
        ],
      },
      affine: { start: X[0].slice(0, 2), value: affine, jacobian: () => A, slips: [ofLayer] },
      logistic: {
        start: [0.5, -1],
        value: (x) => x.map(logistic.value),
        jacobian: (x) => diagonal(slopesAt(x)),
        slips: [(x) => diagonal(slopesAt(x.map(logistic.value)))],
      },
      layer: {
        start: X[0].slice(0, 2),
        value: layer,
        jacobian: ofLayer,
        slips: [
          (x) => scaledRows(slopesAt(layer(x)), A),
          () => A,
          (x) => slopesAt(affine(x)).map((slope) => [slope, slope]),
        ],
      },
      softmax: {
        start: [0, 0.7],
        value: softmaxOfTwo,
        jacobian: (x) => softmaxJacobian(softmaxOfTwo(x)),
        slips: [
          (x) => diagonal(softmaxOfTwo(x).map((s) => s * (1 - s))),
          (x) => diagonal(softmaxOfTwo(x)),
        ],
      },
      relu: {
        start: [0.4, 1.2],
        value: (x) => x.map(relu.value),
        jacobian: (x) => diagonal(x.map(relu.slope)),
        slips: [(x) => diagonal(x.map(() => 1))],
      },
    };
  }

  // Away from x by a step: as the function goes, and as a matrix says.
  const moved = (x, step) => zip(x, step, (a, b) => a + b);
  const change = (map, x, step) =>
    zip(map.value(moved(x, step)), map.value(x), (there, here) => there - here);

  // What J leaves over in the corner of the square where that is most.
  function leftOver(map, J, x, half) {
    const gaps = CORNERS.map((corner) => {
      const step = corner.map((side) => half * side);
      return zip(change(map, x, step), times(J, step), (is, said) => is - said);
    });
    return Math.max(...gaps.map((gap) => Math.hypot(...gap)));
  }

  // A direction forward, and rates backward, without a Jacobian: by central differences.
  function measuredForward(map, x, v) {
    const h = STEP * Math.max(1, ...x.map(Math.abs));
    const at = (way) =>
      map.value(
        moved(
          x,
          v.map((part) => way * h * part),
        ),
      );
    return zip(at(1), at(-1), (above, below) => (above - below) / (2 * h));
  }

  function measuredBackward(map, x, u) {
    return x.map((value, k) => {
      const h = STEP * Math.max(1, Math.abs(value));
      const at = (way) => dot(u, map.value(kit.network.replaced(x, k, value + way * h)));
      return (at(1) - at(-1)) / (2 * h);
    });
  }

  kit.planeMaps = {
    CORNERS,
    maps,
    dot,
    times,
    transposed,
    moved,
    change,
    leftOver,
    measuredForward,
    measuredBackward,
  };
})(window.explorables);
