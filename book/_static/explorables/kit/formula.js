// Formulas that the build has typeset, with numbers that live in them.
(function (kit) {
  "use strict";

  // The formulas of a place, by their names; each call makes a copy of its own.
  kit.formulas = function (place) {
    const templates = new Map();
    for (const template of place.querySelectorAll("template[data-formula]")) {
      templates.set(template.dataset.formula, template);
    }

    return function formula(name, values = {}) {
      const template = templates.get(name);
      if (!template) throw new Error(`there is no formula ${name}`);
      const node = kit.element("span", { class: "formula", "data-name": name });
      node.append(template.content.cloneNode(true));
      fill(node, values);
      return node;
    };
  };

  // Put numbers and words into the places of a formula; what is seen and what is heard get the same.
  function fill(node, values) {
    for (const [name, value] of Object.entries(values)) {
      for (const place of node.querySelectorAll(`[data-live="${name}"]`)) {
        if (typeof value === "number") kit.show(place, value);
        else kit.write(place, value);
      }
    }
    return node;
  }

  // A term of a calculation in numbers: whose it is, its value, and the colour of its kind.
  //   number("w.0.1.2", 0.5, "weight")
  function number(of, value, role = "", text = undefined) {
    const shown = text || (role === "weight" || role === "given" ? kit.short(value) : kit.format(value));
    const node = kit.element("span", { class: `number ${role}`, "data-of": of });
    return kit.show(node, value, kit.bracketed(shown));
  }

  // A line of a calculation: texts and numbers, of which none is parted from its sign.
  function calculation(...parts) {
    return kit.element("p", { class: "calculation" }, ...parts);
  }

  Object.assign(kit, { fill, number, calculation });
})(window.explorables);
