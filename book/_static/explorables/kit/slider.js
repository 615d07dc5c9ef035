// A slider with its number beside it, which can be typed as well.
(function (kit) {
  "use strict";

  // slider({label, value, least, most, step, change}): as numberField; the slider may have narrower
  // ends, `from` and `to`, than what can be typed. Where its way is another one than its number,
  // as for a logarithm, `along` has the way's ends and step, `of` (value → place) and `at` (place →
  // value).
  kit.slider = function (asked) {
    const { label, least, most, from = least, to = most, step = 0.01, change } = asked;
    const same = (value) => value;
    const along = asked.along || { from, to, step, of: same, at: same };
    const range = kit.element("input", {
      type: "range",
      min: along.from,
      max: along.to,
      step: along.step,
      "aria-label": label,
      input: () => moved(along.at(Number(range.value))),
    });
    const field = kit.numberField({ ...asked, change: typed });
    const node = kit.element("div", { class: "slider" }, field.node, range);

    function moved(value) {
      field.set(value);
      change(value);
    }

    function typed(value) {
      range.value = along.of(value);
      change(value);
    }

    function set(value) {
      const place = along.of(value);
      if (Number(range.value) !== place) range.value = place;
      kit.put(range, { "aria-valuetext": kit.short(value) });
      field.set(value);
    }

    set(asked.value);
    return { node, range, field, set };
  };
})(window.explorables);
