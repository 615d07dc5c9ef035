// The steps of a pass, in the order in which the numbers can be computed.
(function (kit) {
  "use strict";
  const { sub, unit } = kit.names;

  // A step is {kind, column, k}: the unit that it computes, of a column that is counted from the
  // inputs.
  function steps(net) {
    const columns = kit.network
      .sizes(net)
      .map((size, column) => [...Array(size).keys()].map((k) => ({ column, k })));
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
  function known(net, all, step) {
    const [last, count] = [net.W.length, net.b.at(-1).length];
    const softmax = kit.network.outputOf(net) === "softmax";
    const done = all.slice(0, step + 1);
    const has = (kind) => (column, k) =>
      done.some((s) => s.kind === kind && s.column === column && s.k === k);
    // A softmax needs every z of its layer.
    const needed = (column, k) => (softmax && column === last ? count - 1 : k);
    return {
      preActivation: has("forward"),
      activation: (column, k) => column === 0 || has("forward")(column, needed(column, k)),
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

  // What the step computes, as {symbol, words, right}; nothing where it computes nothing.
  function result(state, traced, step) {
    const { kind, column, k } = step;
    const { net, rate } = state;
    const layer = column - 1;
    if (kind === "forward") {
      return {
        symbol: `z${sub(k)}`,
        words: `the weighted sum z of ${unit(net, column, k)}`,
        right: traced.preActivations[layer][k],
      };
    }
    if (kind === "cost") return { symbol: "C", words: "the cost", right: traced.cost };
    if (kind === "backward") {
      return {
        symbol: `δ${sub(k)}`,
        words: `δ of ${unit(net, column, k)}`,
        right: traced.deltas[layer][k],
      };
    }
    if (kind === "update") {
      const which = [net.W.length - 1, 0, 0];
      const right = kit.network.parameter(net, which) - rate * kit.network.gradient(traced, which);
      return {
        symbol: `new w${sub(0, 0)}`,
        words: `the new value of the weight from ${unit(net, net.W.length - 1, 0)} to output unit 1`,
        right,
      };
    }
    return null;
  }

  kit.steps = { all: steps, known, title, result };
})(window.explorables);
