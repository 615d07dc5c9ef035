// How far off somebody may be who computes a step rightly, with the numbers of the picture: these
// are rounded, and where terms nearly cancel their digits do not suffice.
(function (kit) {
  "use strict";
  const { activationOf, sum, zip } = kit.network;
  const DIGITS = 2; // of what is too small for decimals, see kit.format

  // What a shown number may lack; of one that is shown in full, nothing.
  function lost(value, decimals) {
    const place = 10 ** -decimals;
    if (Math.abs(value / place - Math.round(value / place)) < 1e-9) return 0;
    const last = 10 ** (Math.floor(Math.log10(Math.abs(value))) + 1 - DIGITS);
    return 0.5 * Math.min(place, Math.max(last, 1e-12));
  }

  const ofActivation = (a) => lost(a, 2);
  const ofDelta = (delta) => lost(delta, kit.deltaDecimals(delta));

  // The slope of a unit, computed from its a.
  function ofSlope(net, layer, a) {
    const bent = { logistic: Math.abs(1 - 2 * a), tanh: 2 * Math.abs(a) }[activationOf(net, layer)];
    return bent === undefined ? 0 : (bent + ofActivation(a)) * ofActivation(a);
  }

  const KINDS = {
    forward: ({ net }, { activations }, layer, i) =>
      sum(zip(net.W[layer][i], activations[layer], (w, a) => Math.abs(w) * ofActivation(a))),
    cost: (_, { activations, influences }) =>
      sum(zip(activations.at(-1), influences.at(-1), (a, of) => Math.abs(of) * ofActivation(a))),
    backward: (state, traced, layer, k) =>
      (layer === state.net.W.length - 1 ? output : hidden)(state, traced, layer, k),
    update({ rate }, { activations, deltas }) {
      const [a, delta] = [activations.at(-2)[0], deltas.at(-1)[0]];
      return rate * (Math.abs(delta) * ofActivation(a) + Math.abs(a) * ofDelta(delta));
    },
  };

  function output({ net, y }, { activations, slopes }, layer, i) {
    const a = activations.at(-1)[i];
    if (net.loss !== "half_squared_error") return ofActivation(a);
    return slopes[layer][i] * ofActivation(a) + Math.abs(a - y[i]) * ofSlope(net, layer, a);
  }

  function hidden({ net }, { activations, deltas, influences, slopes }, layer, j) {
    const column = net.W[layer + 1].map((row) => Math.abs(row[j]));
    const arriving = sum(zip(column, deltas[layer + 1], (w, delta) => w * ofDelta(delta)));
    const bent = ofSlope(net, layer, activations[layer + 1][j]);
    return slopes[layer][j] * arriving + Math.abs(influences[layer][j]) * bent;
  }

  kit.early = (state, traced, { kind, column, k }) => KINDS[kind](state, traced, column - 1, k);
})(window.explorables);
