// Formulas that the build has typeset, with numbers that live in them.
(function (kit) {
  "use strict";

  // The formulas of a place, by their names; each call makes a copy of its own. Some come with the
  // scripts that come later; until then their place is empty.
  kit.formulas = function (place) {
    const templates = new Map();
    const take = (from) =>
      from.querySelectorAll("template").forEach((one) => templates.set(one.dataset.formula, one));

    function formula(name, values = {}) {
      const template = templates.get(name);
      const node = kit.element("span", { class: "formula", "data-name": name });
      if (template) node.append(template.content.cloneNode(true));
      return fill(node, values);
    }

    function more() {
      const carrier = document.createElement("template");
      carrier.innerHTML = kit.laterFormulas[place.dataset.explorable] || "";
      take(carrier.content);
    }

    take(place);
    return { formula, more };
  };
  kit.laterFormulas = {};

  // Put numbers and words into the places of a formula; what is seen and what is heard get the
  // same.
  function fill(node, values) {
    for (const [name, value] of Object.entries(values)) {
      for (const place of node.querySelectorAll(`[data-live="${name}"]`)) {
        if (typeof value === "number") kit.show(place, value);
        else kit.write(place, value);
      }
    }
    return node;
  }

  const GIVEN = ["weight", "given"]; // roles of numbers that were given, and not computed

  // A number of a calculation: whose it is, its value, and the colour of its kind.
  //   number("w.0.1.2", 0.5, "weight")
  function number(of, value, role = "", text = undefined) {
    const node = kit.element("span", { class: `number ${role}`, "data-of": of });
    return kit.show(
      node,
      value,
      text || (GIVEN.includes(role) ? kit.short(value) : kit.format(value)),
    );
  }

  // The same as a factor or a summand: in brackets if it is negative.
  function term(...asked) {
    const node = number(...asked);
    return kit.show(node, asked[1], kit.bracketed(node.textContent));
  }

  // A line of a calculation: texts and numbers, of which none is parted from its sign.
  function calculation(...parts) {
    return kit.element("p", { class: "calculation" }, ...parts);
  }

  Object.assign(kit, { fill, number, term, calculation });
})(window.explorables);
