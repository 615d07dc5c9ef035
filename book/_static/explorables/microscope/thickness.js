// Connections as thick as what a change of them does to the cost.
(function (kit) {
  "use strict";
  const THICKEST = 5; // pixels, of the largest gradient

  // A gradient is not told before its δ is.
  kit.thickness.gradient = function ({ net, traced, known, now, hidden }) {
    const open = ([layer, i]) => hidden && now.column === layer + 1 && now.k === i;
    const gradient = (which) =>
      known.delta(which[0] + 1, which[1]) && !open(which) ? kit.network.gradient(traced, which) : 0;
    const sizes = kit.network.parameters(net).map((which) => Math.abs(gradient(which)));
    const largest = Math.max(...sizes) || 1;
    return (which) => {
      const value = gradient(which);
      return { size: (THICKEST * Math.abs(value)) / largest, negative: value < 0 };
    };
  };
})(window.explorables);
