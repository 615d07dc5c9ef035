// The steps of a pass, in the order in which the numbers can be computed.
(function (kit) {
  "use strict";
  const { unit } = kit.names;

  // A step is {kind, column, k}: the unit that it computes, of a column that is counted from the inputs.
  function steps(net) {
    const columns = kit.network.sizes(net).map((size, column) => [...Array(size).keys()].map((k) => ({ column, k })));
    const of = (kind, places) => places.map((place) => ({ kind, ...place }));
    const units = columns.slice(1);
    return [
      { kind: "input" },
      ...of("forward", units.flat()),
      { kind: "cost" },
      ...of("backward", [...units].reverse().flat()),
      { kind: "update" },
    ];
  }

  // What is known after a step: whether a unit's activation is, whether its δ is, and so on.
  function known(all, step) {
    const done = all.slice(0, step + 1);
    const has = (kind) => (column, k) => done.some((s) => s.kind === kind && s.column === column && s.k === k);
    return {
      activation: (column, k) => column === 0 || has("forward")(column, k),
      delta: has("backward"),
      cost: done.some((s) => s.kind === "cost"),
      update: done.some((s) => s.kind === "update"),
    };
  }

  function title(net, { kind, column, k }) {
    const titles = {
      input: () => "The inputs are known, nothing else",
      forward: () => `Forward: ${unit(net, column, k)}`,
      cost: () => "The cost",
      backward: () => `Backward: δ of ${unit(net, column, k)}`,
      update: () => "Every δ is known: all parameters change at once",
    };
    return titles[kind]();
  }

  kit.steps = { all: steps, known, title };
})(window.explorables);
