// Numbers as readers type them, and as they are shown.
(function (kit) {
  "use strict";
  const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i;
  const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";
  const LARGE = 1e5;

  // What was typed, as a number: with a comma or a point, with any minus, as a fraction or a product.
  function parse(text) {
    const plain = text.replace(/[−–‒]/g, "-");
    return plain.split(/[*·×]/).reduce((product, factor) => product * fraction(factor), 1);
  }

  function fraction(text) {
    const plain = text.trim().replace(/^- +/, "-").replace(",", ".");
    const parts = plain.split("/");
    if (parts.length > 2 || !parts.every((part) => NUMBER.test(part))) return NaN;
    return parts.length === 2 ? Number(parts[0]) / Number(parts[1]) : Number(plain);
  }

  // Why a text is no number that can be taken here; nothing if it is one.
  function hint(text, least, most) {
    if (!text.trim()) return "Type a number.";
    const value = parse(text);
    if (Number.isNaN(value)) return "This is no number. Write it as 0.5, −2 or 1/4.";
    if (value < least) return `The least that fits here is ${short(least)}.`;
    if (value > most) return `The most that fits here is ${short(most)}.`;
    return "";
  }

  const minus = (text) => text.replace("-", "−");
  // A power of ten: 10⁻³ is `10${raised(-3)}`.
  const raised = (power) =>
    (power < 0 ? "⁻" : "") + [...`${Math.abs(power)}`].map((d) => RAISED[d]).join("");

  // A number that was computed: four decimals, or a power of ten where these would say nothing.
  function format(value, decimals = 4) {
    if (!Number.isFinite(value))
      return Number.isNaN(value) ? "undefined" : minus(value < 0 ? "-∞" : "∞");
    const size = Math.abs(value);
    if (size && (size >= LARGE || size < 0.5 * 10 ** -decimals)) {
      const [digits, power] = value.toExponential(1).split("e");
      return `${minus(digits)}·10${raised(Number(power))}`;
    }
    return fixed(value, decimals);
  }

  // The same in few characters: what is tiny is 0.
  function rough(value, decimals = 2) {
    return Math.abs(value) < LARGE ? fixed(value, decimals) : format(value, decimals);
  }

  // Without the sign that a small negative number leaves when it is rounded to 0.
  function fixed(value, decimals) {
    const text = value.toFixed(decimals);
    return minus(Number(text) === 0 ? text.replace("-", "") : text);
  }

  // A number that was given: as short as it was typed.
  function short(value) {
    const text = format(value);
    return text.includes("·") || !text.includes(".") ? text : text.replace(/\.?0+$/, "");
  }

  // For a product or a sum: a negative number stands in brackets.
  const bracketed = (text) => (text.startsWith("−") ? `(${text})` : text);

  // A number of the page, which tests and tooltips read exactly and eyes read rounded.
  function show(node, value, text = format(value)) {
    kit.write(node, text).dataset.value = value;
    return node;
  }

  Object.assign(kit, { parse, hint, format, rough, short, bracketed, raised, show });
})(window.explorables);
