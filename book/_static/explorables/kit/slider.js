// A slider with its number beside it, which can be typed as well.
(function (kit) {
  "use strict";

  // slider({label, value, least, most, step, change}): as numberField; the slider may have narrower
  // ends, `from` and `to`, than what can be typed.
  kit.slider = function (asked) {
    const { label, least, most, from = least, to = most, step = 0.01, change } = asked;
    const range = kit.element("input", {
      type: "range",
      min: from,
      max: to,
      step,
      "aria-label": label,
      input: () => moved(Number(range.value)),
    });
    const field = kit.numberField({ ...asked, change: typed });
    const node = kit.element("div", { class: "slider" }, field.node, range);

    function moved(value) {
      field.set(value);
      change(value);
    }

    function typed(value) {
      range.value = value;
      change(value);
    }

    function set(value) {
      if (Number(range.value) !== value) range.value = value;
      kit.put(range, { "aria-valuetext": kit.short(value) });
      field.set(value);
    }

    set(asked.value);
    return { node, range, field, set };
  };
})(window.explorables);
