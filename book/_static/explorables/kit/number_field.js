// A field for one number, which keeps the last good one and says what is wrong with another.
(function (kit) {
  "use strict";

  // numberField({label, value, least, most, step, change})
  // `label` is shown, or read aloud only where `hidden` is set. `change(value)` is called with good
  // numbers alone. The field has `set(value)`, which does not touch what is being typed.
  kit.numberField = function (asked) {
    const { label, least = -100, most = 100, step = 0.1, change, hidden = false } = asked;
    const id = kit.unique("field");
    let good = asked.value;
    const input = kit.element("input", {
      id,
      type: "text",
      inputmode: least < 0 ? "text" : "decimal", // the keypad for decimals may lack a minus
      autocomplete: "off",
      spellcheck: "false",
      "aria-describedby": `${id}-hint`,
      input: typed,
      blur: leave,
      keydown: pressed,
    });
    const hint = kit.element("span", { id: `${id}-hint`, class: "hint", role: "status" });
    const name = kit.element("label", { for: id, class: hidden && "visually-hidden" }, label);
    const node = kit.element("span", { class: "number-field" }, name, input, hint);

    function typed() {
      const fault = kit.hint(input.value, least, most);
      kit.put(input, { "aria-invalid": fault ? "true" : false });
      kit.write(hint, fault);
      if (!fault) take(kit.parse(input.value));
    }

    function take(value) {
      if (value === good) return;
      good = value;
      change(value);
    }

    // Who leaves a field sees what counts.
    function leave() {
      kit.put(input, { "aria-invalid": false });
      kit.write(hint, "");
      input.value = kit.short(good);
    }

    function pressed(event) {
      const way = { ArrowUp: 1, ArrowDown: -1 }[event.key];
      if (event.key === "Escape") leave();
      if (!way) return;
      event.preventDefault();
      const stepped = Math.round((good + way * step) / step) * step;
      take(Math.min(most, Math.max(least, Number(stepped.toPrecision(12)))));
      leave();
    }

    function set(value) {
      good = value;
      if (document.activeElement !== input) leave();
    }

    leave();
    return { node, input, set };
  };
})(window.explorables);
