// Forward and back through steps: by buttons, by a slider, by arrow keys.
(function (kit) {
  "use strict";

  // stepper({label, change}): `change(step)` is called with the step that is wanted, from 0;
  // `set(step, count, words)` shows where one is, by its number or by a text of one's own.
  kit.stepper = function ({ label, change }) {
    let step = 0;
    let count = 1;
    const back = kit.button("‹", () => go(step - 1), {
      class: "step back",
      "aria-label": "Step back",
    });
    const next = kit.button("›", () => go(step + 1), {
      class: "step next",
      "aria-label": "Next step",
    });
    const range = kit.element("input", {
      type: "range",
      min: 0,
      step: 1,
      "aria-label": label,
      input: () => go(Number(range.value)),
    });
    const place = kit.element("span", { class: "step-count" });
    const node = kit.element(
      "div",
      { class: "stepper", role: "group", "aria-label": label },
      back,
      range,
      next,
      place,
    );

    function go(wanted) {
      const possible = Math.min(count - 1, Math.max(0, wanted));
      if (possible === step) return;
      step = possible; // so that two presses within one frame are two steps
      change(possible);
    }

    // A button at an end stays where the focus is, and says that there is no further step.
    function set(now, of, words, shown = `${now + 1} of ${of}`) {
      [step, count] = [now, of];
      kit.put(range, { max: of - 1, "aria-valuetext": words });
      range.value = now;
      kit.put(back, { "aria-disabled": now === 0 ? "true" : false });
      kit.put(next, { "aria-disabled": now === of - 1 ? "true" : false });
      kit.write(place, shown);
    }

    return { node, set, go: (by) => go(step + by) };
  };
})(window.explorables);
