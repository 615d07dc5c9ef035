// Whether a number that somebody typed is the right one, or one of the mistakes that are known.
(function (kit) {
  "use strict";
  const TYPED = /^([^e]*)(?:e(.*))?$/i;
  const CALCULATED = /[/*·×]/; // a number that is left to be computed
  const EXACT = 1e-9;

  // How precisely a number was typed: its digits, and the place of the last one behind the point.
  function precision(text) {
    const [, digits, power = "0"] = TYPED.exec(text.trim());
    const [whole, fraction = ""] = digits.replace(",", ".").split(".");
    const given = (whole + fraction).replace(/\D/g, "").replace(/^0+/, "").length;
    return { digits: given, place: fraction.length - Number(power.replace("−", "-")) };
  }

  const near = (typed, value, share) => Math.abs(typed - value) <= share * Math.abs(value);

  // Whether a typed number is a value: no further from it than half a percent, or the value rounded
  // as it was typed, to two digits or three decimals at least.
  function means(text, value) {
    const typed = kit.parse(text);
    if (near(typed, value, 0.005)) return true;
    return Math.abs(typed - value) <= rounding(text);
  }

  // How far a typed number may be from what it was rounded from; of what was not rounded, nothing.
  function rounding(text) {
    if (CALCULATED.test(text)) return 0;
    const { digits, place } = precision(text);
    return digits >= 2 || place >= 3 ? 0.5000001 * 10 ** -place : 0;
  }

  // Right, one of the mistakes that are known, or neither. A mistake is named only where its number
  // is what was typed and is not the right one; what is a mistake to the digit is none by rounding.
  // Of whole numbers none is rounded. `early` is how far off somebody may be who computes rightly
  // with the rounded numbers that are shown; it is right where no mistake is as near.
  function judge(text, { right, symbol = "", whole = false, early = 0 }, mistakes) {
    const typed = kit.parse(text);
    const share = whole ? EXACT : 0.005;
    const rounds = (value) => !whole && means(text, value);
    const others = mistakes.filter(({ value }) => !near(value, right, share));
    const exact = others.filter(({ value }) => near(typed, value, EXACT));
    const hit = near(typed, right, share) || (!exact.length && rounds(right));
    const shown = `${symbol && `${symbol} = `}${whole ? kit.short(right) : kit.format(right)}`;
    if (hit) return { right: true, words: `Right: ${shown}.` };
    const made = exact.length ? exact : others.filter(({ value }) => rounds(value));
    const named = [...new Set(made.map(({ words }) => words))].slice(0, 2);
    if (named.length) return { right: false, words: named.join(" Or: ") };
    const off = Math.abs(typed - right);
    if (!early || off > early + rounding(text)) return { right: false, words: nearness(typed, right) };
    const alone = others.every(({ value }) => Math.abs(typed - value) > off);
    if (!alone) return { right: false, words: TOO_ROUGH };
    return { right: true, words: `Right, rounded early: with more digits it is ${shown}.` };
  }

  const TOO_ROUGH =
    "Rounded too early to be told from a mistake: take more digits, as in the line below.";

  function nearness(typed, right) {
    if (typed * right < 0) return "Not yet. Look at the sign first.";
    return "Not yet. Look at the formula: which numbers go into it, and where do they come from?";
  }

  kit.judge = judge;
})(window.explorables);
