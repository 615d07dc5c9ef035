// Marks of a drawing: handles to take hold of, numbers for an axis.
(function (kit) {
  "use strict";
  const { drawn, put } = kit;

  // What is taken hold of: a mark, and around it room for a finger.
  function handle(mark) {
    const room = drawn("circle", { r: 16, class: "room" });
    const node = drawn("g", { class: "handle" }, room, mark);
    const draw = ([x, y]) => put(node, { transform: `translate(${x.toFixed(1)} ${y.toFixed(1)})` });
    return { node, draw };
  }

  // Numbers for an axis, about four, as [[where, text], …].
  function ticks([from, to]) {
    const rough = (to - from) / 4;
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = power * [1, 2, 5, 10].find((times) => times * power >= rough);
    const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
    const found = [];
    for (let k = Math.ceil(from / step); k * step <= to; k += 1)
      found.push([k * step, kit.rough(k * step, decimals)]);
    return found;
  }

  Object.assign(kit, { handle, ticks });
})(window.explorables);
