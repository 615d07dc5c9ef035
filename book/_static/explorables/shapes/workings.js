// One entry of a result in numbers: the sum that makes it, and what is summed over.
(function (kit) {
  "use strict";
  const { element, term, number, calculation } = kit;
  const { label, role, counted, entryName } = kit.shapeNames;
  const { entry, twoAxes } = kit.arrays;
  const SIGNS = { "*": " · ", "/": " / ", "+": " + ", "-": " − " };

  const STOPPED = "Nothing comes out. Which sizes must be equal for it to run? Try them above.";

  // An entry of a part of a line, as texts and numbers.
  function expanded(node, ran, r, c, outer = false) {
    const value = ran.values.get(node);
    if (node.kind === "op" && node.sign === "@")
      return inBrackets(products(node, ran, r, c), outer);
    if (node.kind === "op") {
      const [left, right] = [node.left, node.right].map((part) => ofPart(part, ran, r, c));
      return inBrackets([...left, SIGNS[node.sign], ...right], outer);
    }
    if (node.kind === "group") return expanded(node.of, ran, r, c, outer);
    if (node.kind === "negative") return ["−", ...expanded(node.of, ran, r, c)];
    if (node.kind === "reduced") return inBrackets(added(node, ran, r, c), outer);
    return [single(node, value, r, c)];
  }

  const inBrackets = (parts, outer) => (outer || parts.length < 2 ? parts : ["(", ...parts, ")"]);

  // Of a part that is repeated, the entry that is meant.
  function ofPart(node, ran, r, c) {
    const [rows, columns] = twoAxes(ran.values.get(node).shape);
    return expanded(node, ran, rows === 1 ? 0 : r, columns === 1 ? 0 : c);
  }

  function single(node, value, r, c) {
    if (node.kind === "number") return kit.short(node.value);
    if (node.kind === "name" && !value.shape.length)
      return number(node.name, value.data[0], "given");
    const name = innerName(node);
    const text = kit.bracketed(kit.arrayBox.cellText(entry(value, r, c)));
    return name
      ? term(placeName(node, name, value, r, c), entry(value, r, c), role(name), text)
      : text;
  }

  const innerName = (node) =>
    node.kind === "name" ? node.name : node.of ? innerName(node.of) : "";

  // A number's name says where it stands in the array as it is named.
  function placeName(node, name, value, r, c) {
    if (node.kind === "widened" || value.shape.length === 1) return `${name}.${Math.max(r, c)}`;
    return [name, ...(node.kind === "T" ? [c, r] : [r, c])].join(".");
  }

  function products({ left, right }, ran, r, c) {
    const [P, Q] = [left, right].map((part) => ran.values.get(part));
    const rows = Q.shape.length === 1 ? c : r;
    return Array.from({ length: P.shape.at(-1) }, (_, k) => [
      ...(k ? [" + "] : []),
      ...expanded(left, ran, P.shape.length === 1 ? 0 : rows, k),
      " · ",
      ...(Q.shape.length === 1 ? expanded(right, ran, 0, k) : expanded(right, ran, k, c)),
    ]).flat();
  }

  function added({ of, axis, how }, ran, r, c) {
    const inner = ran.values.get(of);
    const [rows, columns] = twoAxes(inner.shape);
    const over = [];
    for (let row = 0; row < rows; row += 1)
      for (let column = 0; column < columns; column += 1)
        if (axis === null || inner.shape.length === 1 || (axis === 0 ? column : row) === c)
          over.push([row, column]);
    const sum = over.flatMap(([row, column], k) => [
      ...(k ? [" + "] : []),
      ...expanded(of, ran, row, column),
    ]);
    return how === "mean" ? ["(", ...sum, `) / ${over.length}`] : sum;
  }

  // The letter that the outermost product or sum removes, with its size; nothing if none is summed.
  function summed(node, ran) {
    if (node.kind === "reduced") {
      const { shape, letters } = ran.values.get(node.of);
      return node.axis === null ? null : { letter: letters[node.axis], size: shape[node.axis] };
    }
    if (node.kind === "op" && node.sign === "@") {
      const { shape, letters } = ran.values.get(node.left);
      return { letter: letters.at(-1), size: shape.at(-1) };
    }
    const inner = node.kind === "op" ? [node.left, node.right] : node.of ? [node.of] : [];
    return inner.map((part) => summed(part, ran)).find(Boolean) || null;
  }

  function sumInWords(tree, ran) {
    const sum = summed(tree, ran);
    if (!sum) return "No letter is summed: each entry comes from entries at its own place.";
    const { letter, size } = sum;
    const over = /^(M|n\d)$/.test(letter) ? counted(letter, size) : `${size} terms`;
    return `The sum runs over ${over}, so ${kit.shapeNames.letter(letter)} is gone from the shape.`;
  }

  // kit.shapeWorkings(): `draw(picture)`.
  kit.shapeWorkings = function () {
    const lead = element("p", { class: "lead" });
    const sum = element("div", {});
    const told = element("p", { class: "caption" });
    const node = element("div", { class: "workings" }, lead, sum, told);

    function draw({ blocks: [{ tree, ran, result, hidden, target, off, blank }], at }) {
      const shown = Boolean(result) && !hidden;
      kit.write(told, shown ? sumInWords(tree, ran) : "");
      if (!shown) {
        kit.write(lead, hidden ? "Answer first: what comes out?" : STOPPED);
        sum.replaceChildren();
        return;
      }
      const { row, column } = kit.placeWithin(result, { row: at[0], column: at[1] });
      const place = kit.shapeNames.place(result, row, column);
      kit.write(lead, `${off ? "This line" : label(target)}, ${place}`);
      const value = entry(result, row, column);
      const of = entryName("result", result, row, column);
      const text = kit.arrayBox.cellText(value);
      const shownValue = blank
        ? element("span", { class: "number" }, "?")
        : number(of, value, "result", text);
      sum.replaceChildren(
        calculation(...expanded(tree, ran, row, column, true), " = ", shownValue),
      );
    }
    return { node, draw };
  };
})(window.explorables);
