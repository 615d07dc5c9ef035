// How thick the connections are drawn: by their weights, or by what a change of them does to the cost.
(function (kit) {
  "use strict";
  const [OF_WEIGHT, OF_GRADIENT] = [1.8, 5]; // pixels of the largest ones
  const LARGE = 1.5; // a weight that is as thick as may be

  // thickness(picture): (parameter) → {size, negative}. A gradient is not told before its δ is.
  kit.thickness = function (picture) {
    return picture.thick === "gradient" ? ofGradients(picture) : (which) => ofWeight(picture, which);
  };

  function ofWeight({ net }, which) {
    const value = kit.network.parameter(net, which);
    return { size: OF_WEIGHT * Math.min(1, Math.abs(value) / LARGE), negative: value < 0 };
  }

  function ofGradients({ net, traced, known, now, hidden }) {
    const open = ([layer, i]) => hidden && now.column === layer + 1 && now.k === i;
    const gradient = (which) =>
      known.delta(which[0] + 1, which[1]) && !open(which) ? kit.network.gradient(traced, which) : 0;
    const sizes = kit.network.parameters(net).map((which) => Math.abs(gradient(which)));
    const largest = Math.max(...sizes) || 1;
    return (which) => {
      const value = gradient(which);
      return { size: (OF_GRADIENT * Math.abs(value)) / largest, negative: value < 0 };
    };
  }
})(window.explorables);
