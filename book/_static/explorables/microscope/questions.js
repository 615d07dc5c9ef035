// Predict before reveal: whether a number answers what a step asks for.
(function (kit) {
  "use strict";
  const decimals = (text) => (/[.,](\d+)/.exec(text) || ["", ""])[1].length;
  const digits = (text) =>
    text
      .replace(/[^\d.,]/g, "")
      .replace(/^[0.,]+/, "")
      .replace(/[.,]/g, "").length;

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
    if (means(text, right))
      return { right: true, words: `Right: ${symbol} = ${kit.format(right)}.` };
    const made = mistakes.filter(
      ({ value }) => means(text, value) && !means(kit.format(value, 6), right),
    );
    const named = [...new Set(made.map(({ words }) => words))].slice(0, 2);
    return {
      right: false,
      words: named.length ? named.join(" Or: ") : "Not yet. " + nearness(kit.parse(text), right),
    };
  }

  function nearness(typed, right) {
    if (right && Math.sign(typed) !== Math.sign(right)) return "Look at the sign first.";
    return "Look at the formula: which numbers go into it, and where do they come from?";
  }

  kit.questions = { judge, means };
})(window.explorables);
