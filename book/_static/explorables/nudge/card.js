// The rule in numbers, what the nudge did, and whether the number on the way may be cancelled.
(function (kit) {
  "use strict";
  const { element, calculation } = kit;
  const { ROLES, rate } = kit.nudgeNames;
  // All of these were computed, whatever their colour.
  const number = (of, value, role) => kit.number(of, value, role, kit.format(value));
  const term = (of, value, role) => kit.term(of, value, role, kit.format(value));

  // nudgeCard(formula): `draw(picture)`.
  kit.nudgeCard = function (formula) {
    const formulas = element("div", { class: "formulas" });
    const rule = calculation();
    const measured = calculation();
    const table = element("table", { class: "moves-of" });
    const cancel = element("div", { class: "cancel" });
    const node = element("div", { class: "workings" }, formulas, rule, measured, table, cancel);
    let shown = "";

    function draw(picture) {
      const { example, nudge } = picture;
      const rules = { hand: "rule-hand", square: "rule-one" };
      const wanted = [`of-${example}`, rules[example] || "rule-two"];
      const empty = [...formulas.children].some((one) => !one.firstChild);
      if (empty || example !== shown)
        formulas.replaceChildren(...wanted.map((one) => formula(one)));
      shown = example;
      rule.replaceChildren(...ruleOf(picture));
      measured.replaceChildren(...measuredOf(picture));
      table.replaceChildren(...(picture.moved === "x" ? whole(picture) : alone(picture)));
      cancel.replaceChildren(...(nudge.inner.length > 1 ? several(picture) : single(picture)));
    }
    return { node, draw };
  };

  const unknown = () => element("span", { class: "number" }, "?");
  const known = (picture, of, value, role, make = number) =>
    picture.known(of) ? make(of, value, role) : unknown();
  const joined = (parts, sign) => parts.flatMap((part, k) => (k ? [sign, ...part] : part));

  // The rule at this place, and what is measured there.
  function ruleOf(picture) {
    const { rates, letters } = picture;
    const products = rates.paths.map((_, k) => [
      known(picture, `slope.${k}`, rates.slopes[k], ROLES[k], term),
      " · ",
      known(picture, `partial.${k}`, rates.partials[k], ROLES[k], term),
    ]);
    const parts = rates.paths.map((path, k) => [known(picture, `path.${k}`, path, ROLES[k], term)]);
    const sums = parts.length > 1 ? [" = ", ...joined(parts, " + ")] : [];
    const total = known(picture, "total", rates.total, "loss");
    return [`${rate(letters, "total")} = `, ...joined(products, " + "), ...sums, " = ", total];
  }

  // What a nudge of almost nothing says, of what is moved.
  function measuredOf(picture) {
    const { letters, moved } = picture;
    const of = moved === "x" ? "total" : `partial.${moved}`;
    const words = moved !== "x" && letters.inner.length > 1 ? ", the other held" : "";
    return [
      `${rate(letters, of)}, measured by a nudge of almost nothing${words}: `,
      known(picture, of, picture.measured(), "numeric", (_, value, role) =>
        number("measured", value, role),
      ),
    ];
  }

  const row = (tag, cells) =>
    element("tr", {}, ...cells.map((cell) => element(tag, {}, ...[cell].flat())));
  const head = (words) => element("thead", {}, row("th", words));
  const quotient = (of, above, below, role) => (below ? number(of, above / below, role) : "");

  // x moves, and everything with it.
  function whole(picture) {
    const { letters, now, rates, step } = picture;
    const { x, inner, result } = letters;
    const rows = inner.map((letter, k) => {
      const of = inner.length > 1 ? `path.${k}` : "total";
      return row("td", [
        `through ${letter}`,
        number(`move.${k}`, now.moves[k], ROLES[k]),
        number(`part.${k}`, now.parts[k], ROLES[k]),
        picture.known(of) ? quotient(`share.${k}`, now.parts[k], step, ROLES[k]) : "?",
        known(picture, of, rates.paths[k], ROLES[k]),
      ]);
    });
    const both = row("td", [
      "both",
      "",
      number("change", now.change, "loss"),
      picture.known("total") ? quotient("ratio", now.change, step, "loss") : "?",
      known(picture, "total", rates.total, "loss"),
    ]);
    return [
      head(["path", "moves by", `${result} moves by`, `per unit of ${x}`, "the rule says"]),
      element("tbody", {}, ...rows, ...(inner.length > 1 ? [both] : [])),
    ];
  }

  // One number on the way moves, and the others are held still.
  function alone(picture) {
    const { letters, now, rates, step, moved } = picture;
    const letter = letters.inner[moved];
    const cells = [
      `${letter} alone`,
      number(`move.${moved}`, now.moves[moved], ROLES[moved]),
      number("change", now.change, ROLES[moved]),
      picture.known(`partial.${moved}`)
        ? quotient("ratio", now.change, step, ROLES[moved])
        : unknown(),
      known(picture, `partial.${moved}`, rates.partials[moved], ROLES[moved]),
    ];
    return [
      head([
        "moved",
        "moves by",
        `${letters.result} moves by`,
        `per unit of ${letter}`,
        "the rule says",
      ]),
      element("tbody", {}, row("td", cells)),
    ];
  }

  // With one path the number on the way does cancel.
  function single({ letters, now, moved, step, known: may }) {
    if (!step || moved !== "x" || !may("total")) return [];
    const { x, inner, result } = letters;
    return [
      calculation(
        `One path: Δ${inner[0]} cancels, Δ${inner[0]}/Δ${x} · Δ${result}/Δ${inner[0]} = `,
        number("slope-of-nudge", now.moves[0] / step, ROLES[0]),
        " · ",
        number("partial-of-nudge", now.change / now.moves[0], ROLES[0]),
        " = ",
        number("ratio", now.change / step, "loss"),
        ".",
      ),
    ];
  }

  // With two it does not: what F does per unit of u depends on what v does meanwhile.
  function several({ letters, rates, known: may }) {
    if (!may("total")) return [];
    const { inner, result } = letters;
    const lines = inner.map((letter, k) => {
      const other = inner[1 - k];
      const meanwhile = rates.slopes[k]
        ? [
            ", and by ",
            number(`meanwhile.${k}`, rates.total / rates.slopes[k], "loss"),
            ` while ${other} moves, too.`,
          ]
        : [`; as x moves, ${letter} stands still here.`];
      return calculation(
        `Per unit of ${letter}, ${result} moves by `,
        number(`partial.${k}`, rates.partials[k], ROLES[k]),
        ` while ${other} is held`,
        ...meanwhile,
      );
    });
    return [
      ...lines,
      calculation(
        `So d${inner[0]} and d${inner[1]} do not cancel: that would make 2 · `,
        number("total", rates.total, "loss"),
        " = ",
        number("twice", 2 * rates.total, "loss"),
        " of ",
        number("total", rates.total, "loss"),
        `. Move ${inner[0]} alone, then x, and see.`,
      ),
    ];
  }
})(window.explorables);
