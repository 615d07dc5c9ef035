// Predict before reveal: what a step asks for, and whether a number answers it.
(function (kit) {
  "use strict";
  const { sub, activation, unit } = kit.names;

  // What the step computes, as {symbol, words, right}; nothing where it computes nothing.
  function question(state, traced, step) {
    const { kind, column, k } = step;
    const { net, rate } = state;
    const layer = column - 1;
    if (kind === "forward") {
      return { symbol: `z${sub(k)}`, words: `the weighted sum z of ${unit(net, column, k)}`, right: traced.preActivations[layer][k] };
    }
    if (kind === "cost") return { symbol: "C", words: "the cost", right: traced.cost };
    if (kind === "backward") {
      return { symbol: `δ${sub(k)}`, words: `δ of ${unit(net, column, k)}`, right: traced.deltas[layer][k] };
    }
    if (kind === "update") {
      const which = [net.W.length - 1, 0, 0];
      const right = kit.network.parameter(net, which) - rate * kit.network.gradient(traced, which);
      return { symbol: `new w${sub(0, 0)}`, words: `the new value of the weight from ${unit(net, net.W.length - 1, 0)} to output unit 1`, right };
    }
    return null;
  }

  const decimals = (text) => (/[.,](\d+)/.exec(text) || ["", ""])[1].length;
  const digits = (text) => text.replace(/[^\d.,]/g, "").replace(/^[0.,]+/, "").replace(/[.,]/g, "").length;

  // Whether a typed number is a value: the value rounded as it was typed, to two digits or three
  // decimals at least, or no further from it than half a percent.
  function means(text, value) {
    const typed = kit.parse(text);
    if (Math.abs(typed - value) <= 0.005 * Math.abs(value)) return true;
    const precise = digits(text) >= 2 || decimals(text) >= 3 || text.includes("/");
    const places = text.includes("/") ? 6 : decimals(text);
    return precise && Math.abs(typed - value) <= 0.5000001 * 10 ** -places;
  }

  // Right, one of the mistakes that are known, or neither. A mistake is named only where its number
  // is what was typed and is not the right one.
  function judge(text, { right, symbol }, mistakes) {
    if (means(text, right)) return { right: true, words: `Right: ${symbol} = ${kit.format(right)}.` };
    const made = mistakes.filter(({ value }) => means(text, value) && !means(kit.format(value, 6), right));
    const named = [...new Set(made.map(({ words }) => words))].slice(0, 2);
    return { right: false, words: named.length ? named.join(" Or: ") : "Not yet. " + nearness(kit.parse(text), right) };
  }

  function nearness(typed, right) {
    if (right && Math.sign(typed) !== Math.sign(right)) return "Look at the sign first.";
    return "Look at the formula: which numbers go into it, and where do they come from?";
  }

  kit.questions = { question, judge, means };
})(window.explorables);
