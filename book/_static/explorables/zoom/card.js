// The function and its Jacobian in formulas and numbers, and what is left over as the square shrinks.
(function (kit) {
  "use strict";
  const { element, number, calculation } = kit;
  const { MATRICES, SLIPS, REMARKS, OUTPUTS } = kit.zoomNames;
  const ENTRIES = [0, 1].flatMap((i) => [0, 1].map((j) => [i, j]));

  // zoomCard(formula): `draw(picture)`.
  kit.zoomCard = function (formula) {
    const formulas = element("div", { class: "formulas" });
    const values = calculation();
    const drawnMatrix = calculation();
    const table = halvingsTable(formula);
    const verdict = element("p", { class: "verdict" });
    const node = element(
      "div",
      { class: "workings" },
      formulas,
      values,
      drawnMatrix,
      table.node,
      verdict,
    );
    let shown = "";

    function draw(picture) {
      const { name, x, y, known } = picture;
      // Its entries in letters would give away what is asked for.
      const wanted = [`map-${name}`, known("J.1.1") ? `jacobian-${name}` : "jacobian"];
      const empty = [...formulas.children].some((one) => !one.firstChild);
      if (empty || wanted.join() !== shown)
        formulas.replaceChildren(...wanted.map((one) => formula(one)));
      shown = wanted.join();
      kit.fill(formulas, entries(picture));
      values.replaceChildren(
        `${OUTPUTS[name]}(`,
        ...pairOf("x", x),
        ") = (",
        ...pairOf("y", y, "forward"),
        REMARKS[name] ? `). ${REMARKS[name]}` : ")",
      );
      drawnMatrix.replaceChildren(...ofMatrix(picture));
      table.draw(picture);
      kit.write(verdict, known("ratio") && known("J.1.1") ? kit.zoomPicture.verdict(picture) : "");
    }
    return { node, draw };
  };

  const pairOf = (of, values, role = "given") => [
    number(`${of}.0`, values[0], role),
    ", ",
    number(`${of}.1`, values[1], role),
  ];

  // The entries of the Jacobian; those that are asked for are not shown.
  function entries({ right, known }) {
    const shown = (of, value) => [of, known(of) ? value : "?"];
    return Object.fromEntries(ENTRIES.map(([i, j]) => shown(`J.${i}.${j}`, right[i][j])));
  }

  // Which matrix is drawn, if it is another one.
  function ofMatrix({ matrix, name, J }) {
    if (matrix === "right") return [];
    const slip = matrix === "slip" ? ` (${SLIPS[name][0]})` : "";
    const cells = ENTRIES.map(([i, j]) => kit.zoomNames.entry(J, i, j));
    return [
      `Drawn dashed is ${MATRICES[matrix]}${slip}: [`,
      cells[0],
      ", ",
      cells[1],
      "; ",
      cells[2],
      ", ",
      cells[3],
      "]",
    ];
  }

  function halvingsTable(formula) {
    const head = ["half-width", "left over", "divided by"];
    const rows = [0, 1, 2].map(() => head.map(() => element("td")));
    const lines = rows.map((cells) => element("tr", {}, ...cells));
    const caption = element(
      "caption",
      {},
      "Left over in the farthest corner: ",
      formula("left-over"),
    );
    const titles = head.map((words) => element("th", { scope: "col" }, words));
    const node = element(
      "table",
      { class: "halvings" },
      caption,
      element("thead", {}, element("tr", {}, ...titles)),
      element("tbody", {}, ...lines),
    );

    function draw({ halvings, known }) {
      halvings.forEach(({ half, size, clear, ratio }, k) => {
        const [wide, left, divided] = rows[k];
        kit.show(wide, half, kit.short(half)).dataset.of = `half.${k}`;
        const measured = known("J.1.1");
        if (!measured) kit.write(left, "?");
        else if (clear) kit.show(left, size, kit.format(size, 7)).dataset.of = `left.${k}`;
        else kit.write(left, "hidden by rounding");
        if (ratio === null) kit.write(divided, "");
        else if (!measured || !known("ratio")) kit.write(divided, "?");
        else kit.show(divided, ratio, kit.format(ratio, 2)).dataset.of = `ratio.${k}`;
      });
    }
    return { node, draw };
  }
})(window.explorables);
