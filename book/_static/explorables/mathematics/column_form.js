// A line of NumPy for tables with one example in each row, where the examples stand in columns.
(function (kit) {
  "use strict";

  const grouped = (node) =>
    ["op", "negative"].includes(node.kind) ? { kind: "group", of: node } : node;

  // The same line where every table has its examples in columns: products are turned over.
  function columnForm(node, { values }) {
    const axes = (part) => (values.get(part) ? values.get(part).shape.length : 2);
    const form = (part) => columnForm(part, { values });
    if (node.kind === "reduced" && node.axis !== null && axes(node.of) === 2)
      return { ...node, axis: 1 - node.axis, of: form(node.of) };
    if (node.kind === "widened") return { ...node, column: !node.column, of: form(node.of) };
    if (node.kind !== "op") return node.of ? { ...node, of: form(node.of) } : node;
    const [left, right] = [form(node.left), form(node.right)];
    if (node.sign === "@") return { ...node, left: right, right: grouped(left) };
    const wide = Math.max(axes(node.left), axes(node.right)) === 2;
    const upright = (part, made) =>
      wide && axes(part) === 1 ? { kind: "widened", column: true, of: grouped(made) } : made;
    return { ...node, left: upright(node.left, left), right: upright(node.right, right) };
  }

  kit.arrays.columnForm = columnForm;
})(window.explorables);
