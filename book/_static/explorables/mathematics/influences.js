// What one parameter does to the cost: by a finite difference, path by path, and by a step.
(function (kit) {
  "use strict";
  const STEP = 2 ** -17; // of central differences, as in backprop.derivatives
  const { cost, parameter, withParameter, ways, zip } = kit.network;

  // The central difference with all that goes into it.
  function finiteDifference(net, x, y, which) {
    const value = parameter(net, which);
    const h = STEP * Math.max(1, Math.abs(value));
    const above = cost(withParameter(net, which, value + h), x, y);
    const below = cost(withParameter(net, which, value - h), x, y);
    const rise = above - below;
    return { h, above, below, rise, value: rise / (2 * h) };
  }

  // The paths from a parameter to the cost. The factors of a path are what stands at its start,
  // then slopes and weights in turn, and ∂C/∂a at its end; with a cross-entropy δ = a − y ends it.
  function paths(net, traced, which) {
    const [layer, i] = which;
    return ways(net, layer, i).map((units) => {
      const steps = units.map((unit, k) => factorsAt(net, traced, layer + k, unit, units[k - 1]));
      const factors = [start(traced, which), ...steps.flat()];
      return { units, factors, product: factors.reduce((all, { value }) => all * value, 1) };
    });
  }

  function start(traced, [layer, , j]) {
    if (j < 0) return { of: "one", value: 1, role: "forward" };
    return { of: `a.${layer}.${j}`, value: traced.activations[layer][j], role: "forward" };
  }

  // What a path is multiplied by where it comes to a unit, from a unit before or from its start.
  function factorsAt(net, traced, layer, unit, before) {
    const of = (name, values, role) => ({
      of: `${name}.${layer}.${unit}`,
      value: values[layer][unit],
      role,
    });
    const weight = before !== undefined && {
      of: `w.${layer}.${unit}.${before}`,
      value: net.W[layer][unit][before],
      role: "weight",
    };
    const slope = of("slope", traced.slopes, "backward");
    const error = of("influence", traced.influences, "loss");
    const inner = layer < net.W.length - 1;
    const cancels = net.loss !== "half_squared_error";
    const rest = inner ? [slope] : cancels ? [of("delta", traced.deltas, "loss")] : [slope, error];
    return weight ? [weight, ...rest] : rest;
  }

  // One step of gradient descent on one pattern.
  function trained(net, gradients, rate) {
    const step = (value, change) => value - rate * change;
    return {
      ...net,
      W: zip(net.W, gradients.W, (W, dW) => zip(W, dW, (row, dRow) => zip(row, dRow, step))),
      b: zip(net.b, gradients.b, (b, db) => zip(b, db, step)),
    };
  }

  Object.assign(kit.network, { finiteDifference, paths, trained });
})(window.explorables);
