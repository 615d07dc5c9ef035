// One of a few: as buttons in a row, or as a list that folds.
(function (kit) {
  "use strict";

  // choice({label, options: [[value, words], …], value, change}): radio buttons in a row, which go
  // by arrow keys as all radio buttons do.
  kit.choice = function ({ label, options, value, change }) {
    const name = kit.unique("choice");
    const inputs = options.map(([option]) =>
      kit.element("input", {
        type: "radio",
        name,
        value: option,
        change: () => change(option),
      }),
    );
    const labels = options.map(([, words], k) =>
      kit.element("label", {}, inputs[k], kit.element("span", {}, words)),
    );
    const legend = kit.element("legend", { class: "visually-hidden" }, label);
    const node = kit.element("fieldset", { class: "choice" }, legend, ...labels);

    function set(chosen) {
      inputs.forEach((input) => {
        input.checked = input.value === `${chosen}`;
      });
    }

    set(value);
    return { node, set };
  };

  // select({label, options, value, change}): the same, for many options.
  kit.select = function ({ label, options, value, change }) {
    const id = kit.unique("select");
    const list = kit.element(
      "select",
      { id, change: () => change(list.value) },
      ...options.map(([option, words]) => kit.element("option", { value: option }, words)),
    );
    const node = kit.element(
      "span",
      { class: "select" },
      kit.element("label", { for: id }, label),
      list,
    );
    const set = (chosen) => {
      list.value = chosen;
    };

    set(value);
    return { node, list, set };
  };
})(window.explorables);
