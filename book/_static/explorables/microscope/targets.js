// Targets that fit their cost, where another cost or another target is chosen.
(function (kit) {
  "use strict";
  const { targetsFit } = kit.microscope;

  // Targets as a cost asks for them, as near to the given ones as may be.
  function fittingTargets(net, y) {
    if (targetsFit(net, y)) return y;
    const cut = y.map((value) => Math.min(1, Math.max(0, value)));
    if (net.loss === "binary_cross_entropy") return cut;
    const largest = cut.indexOf(Math.max(...cut));
    return cut.map((_, k) => (k === largest ? 1 : 0));
  }

  // Another target; those of a softmax still add up to 1.
  function withTarget(net, y, k, value) {
    const changed = kit.network.replaced(y, k, value);
    if (net.loss !== "softmax_cross_entropy") return changed;
    const others = kit.network.sum(y) - y[k];
    return y.map((old, at) =>
      at === k ? value : (1 - value) * (others ? old / others : 1 / (y.length - 1)),
    );
  }

  Object.assign(kit.microscope, { fittingTargets, withTarget });
})(window.explorables);
