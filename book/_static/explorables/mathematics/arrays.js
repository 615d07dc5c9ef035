// Lines of NumPy on arrays of two axes at most: read, run, and traced.
// An array is {shape, letters, data}: its sizes, whose sizes these are, its numbers row by row.
(function (kit) {
  "use strict";
  const PARTS = [
    // Numbers.
    /\d+\.?\d*(?:[eE][+-]?\d{1,3})?|\.\d+/,
    // Names.
    /[A-Za-z_]\w*/,
    // What follows an array.
    /\.T\b|\.(?:sum|mean)\(\s*(?:axis\s*=\s*[01])?\s*\)/,
    /\[\s*:\s*,\s*None\s*\]|\[\s*None\s*,\s*:\s*\]/,
    /[-+*/@()]/,
  ];
  const TOKEN = new RegExp(`\\s*(${PARTS.map(({ source }) => source).join("|")})`, "y");
  const WRITTEN = { δ: "delta", ᵀ: ".T", "⊙": "*", "−": "-", Ŷ: "Y_hat" };
  // Characters of a line.
  const LONGEST = 120;

  const fail = (words) => {
    throw new Error(words);
  };

  function tokens(text) {
    const plain = text.replace(/[δᵀ⊙−Ŷ]/g, (sign) => WRITTEN[sign]).trim();
    if (!plain) fail("Write a line, such as A2.T @ delta3.");
    if (plain.length > LONGEST) fail(`A line has at most ${LONGEST} characters here.`);
    const found = [];
    TOKEN.lastIndex = 0;
    while (TOKEN.lastIndex < plain.length) {
      const from = TOKEN.lastIndex;
      const match = TOKEN.exec(plain);
      if (!match) fail(`“${plain.slice(from).trim().slice(0, 12)}” cannot be read here.`);
      found.push(match[1]);
    }
    return found;
  }

  // A tree of nodes, whose kind is "name", "number", "T", "negative", "reduced", "widened", "group"
  // or "op".
  // Products bind stronger than sums, and go from left to right, as in Python.
  function parse(text, known) {
    const rest = tokens(text);
    const tree = sum();
    if (rest.length) fail(`“${rest[0]}” is one too many.`);
    return tree;

    function chain(signs, part) {
      let left = part();
      while (signs.includes(rest[0]))
        left = { kind: "op", sign: rest.shift(), left, right: part() };
      return left;
    }

    function sum() {
      return chain(["+", "-"], product);
    }

    function product() {
      return chain(["@", "*", "/"], signed);
    }

    function signed() {
      if (rest[0] !== "-") return followed();
      rest.shift();
      return { kind: "negative", of: signed() };
    }

    function followed() {
      let of = atom();
      while (rest.length && /^[.[]/.test(rest[0]) && !/^\.\d/.test(rest[0]))
        of = after(of, rest.shift());
      return of;
    }

    function atom() {
      const token = rest.shift();
      if (token === undefined) return fail("The line ends too early.");
      if (token === "(") {
        const of = sum();
        if (rest.shift() !== ")") fail("A bracket is not closed.");
        return { kind: "group", of };
      }
      if (/^[.\d]/.test(token) && !/^\.[a-z]/i.test(token))
        return { kind: "number", value: Number(token) };
      if (!/^[a-z_]/i.test(token)) return fail(`“${token}” stands where an array is expected.`);
      if (!known.includes(token)) fail(`“${token}” is not known here.`);
      return { kind: "name", name: token };
    }
  }

  function after(of, token) {
    if (token === ".T") return { kind: "T", of };
    const reduced = /^\.(sum|mean)\(\D*([01])?/.exec(token);
    if (!reduced) return { kind: "widened", column: token[1] === ":", of };
    return { kind: "reduced", how: reduced[1], axis: reduced[2] ? Number(reduced[2]) : null, of };
  }

  // The line again, in one way of writing.
  function code(node) {
    switch (node.kind) {
      case "name":
        return node.name;
      case "number":
        return `${node.value}`;
      case "T":
        return `${code(node.of)}.T`;
      case "negative":
        return `-${code(node.of)}`;
      case "group":
        return `(${code(node.of)})`;
      case "widened":
        return `${code(node.of)}${node.column ? "[:, None]" : "[None, :]"}`;
      case "reduced":
        return `${code(node.of)}.${node.how}(${node.axis === null ? "" : `axis=${node.axis}`})`;
      default:
        return `${code(node.left)} ${node.sign} ${code(node.right)}`;
    }
  }

  // Running

  const array = (shape, letters, entry) => {
    const [rows, columns] = twoAxes(shape);
    const data = [];
    for (let r = 0; r < rows; r += 1) for (let c = 0; c < columns; c += 1) data.push(entry(r, c));
    return { shape, letters, data };
  };
  // An array without rows is drawn, and repeated, as one row.
  const twoAxes = (shape) => [...Array(2 - shape.length).fill(1), ...shape];
  const entry = (value, r, c) => value.data[r * twoAxes(value.shape)[1] + c];

  function transposed(value) {
    if (value.shape.length < 2) return value;
    const turned = (pair) => [pair[1], pair[0]];
    return array(turned(value.shape), turned(value.letters), (r, c) => entry(value, c, r));
  }

  function widened({ shape, letters, data }, column) {
    if (shape.length !== 1) fail("None adds an axis here to an array of one axis only");
    return column
      ? { shape: [shape[0], 1], letters: [letters[0], "1"], data }
      : { shape: [1, shape[0]], letters: ["1", letters[0]], data };
  }

  // For sums a number has an axis 0 in NumPy, over which there is nothing to add.
  function reduced(value, { how, axis: asked }) {
    const { shape, letters } = value;
    const axis = asked === 0 && !shape.length && how === "sum" ? null : asked;
    if (axis !== null && axis >= shape.length) fail(`there is no axis ${axis} to add over`);
    const kept = axis === null ? [] : [0, 1].slice(0, shape.length).filter((k) => k !== axis);
    const [rows, columns] = twoAxes(shape);
    const over = axis === null ? rows * columns : shape[axis];
    const added = (c) =>
      value.data.reduce((total, number, k) => {
        const [row, column] = [Math.floor(k / columns), k % columns];
        const mine = !kept.length || (kept[0] === 1 ? column : row) === c;
        return mine ? total + number : total;
      }, 0);
    return array(
      kept.map((k) => shape[k]),
      kept.map((k) => letters[k]),
      (_, c) => added(c) / (how === "mean" ? over : 1),
    );
  }

  const sized = (size, letter) => (/^\d*$/.test(letter) ? `${size}` : `${letter} = ${size}`);

  const sizedAt = ({ shape, letters }, axis) => sized(shape.at(axis), letters.at(axis));

  function product(left, right) {
    if (!left.shape.length || !right.shape.length) fail("@ multiplies arrays; for a number take *");
    const inner = [left.shape.at(-1), right.shape[0]];
    const [P, Q] = [left, right].map(({ shape }) => shape);
    if (inner[0] !== inner[1])
      fail(`the inner sizes of @ differ: ${sizedAt(left, -1)} and ${sizedAt(right, 0)}`);
    const [outer, across] = [P.length === 2, Q.length === 2];
    const row = (r, k) => (outer ? entry(left, r, k) : left.data[k]);
    const column = (k, c) => (across ? entry(right, k, c) : right.data[k]);
    const dot = (r, c) => {
      let total = 0;
      for (let k = 0; k < inner[0]; k += 1) total += row(r, k) * column(k, c);
      return total;
    };
    return array(
      [...(outer ? [P[0]] : []), ...(across ? [Q[1]] : [])],
      [...(outer ? [left.letters[0]] : []), ...(across ? [right.letters[1]] : [])],
      (r, c) => (across ? dot(r, c) : dot(c, 0)),
    );
  }

  const ENTRYWISE = {
    "+": (a, b) => a + b,
    "-": (a, b) => a - b,
    "*": (a, b) => a * b,
    "/": (a, b) => a / b,
  };

  // Sizes are compared from the right; one of 1, or none, is repeated.
  function entrywise(sign, left, right) {
    const axes = Math.max(left.shape.length, right.shape.length);
    const [l, r] = [left, right].map(({ shape, letters }) => ({
      shape: [...Array(axes - shape.length).fill(1), ...shape],
      letters: [...Array(axes - shape.length).fill("1"), ...letters],
    }));
    const chosen = l.shape.map((size, k) => {
      if (size !== r.shape[k] && size !== 1 && r.shape[k] !== 1)
        fail(`the sizes for ${sign} differ: ${sizedAt(l, k)} and ${sizedAt(r, k)}`);
      return size === 1 ? r : l;
    });
    const at = (value, row, column) => {
      const [rows, columns] = twoAxes(value.shape);
      return entry(value, rows === 1 ? 0 : row, columns === 1 ? 0 : column);
    };
    return array(
      chosen.map((from, k) => from.shape[k]),
      chosen.map((from, k) => from.letters[k]),
      (row, column) => ENTRYWISE[sign](at(left, row, column), at(right, row, column)),
    );
  }

  // Runs a tree: {value, values: node → array, stop: {node, words} if it stops}. What can be
  // computed beside the place where it stops is computed, so that it can be drawn.
  function run(tree, named) {
    const values = new Map();
    let stop = null;

    function valueOf(node) {
      const parts = node.kind === "op" ? [node.left, node.right] : node.of ? [node.of] : [];
      const operands = parts.map(valueOf);
      let value = null;
      try {
        if (!operands.includes(null)) value = computed(node, operands, named);
      } catch (error) {
        stop = stop || { node, words: error.message };
      }
      values.set(node, value);
      return value;
    }
    return { value: valueOf(tree), values, stop };
  }

  function computed(node, [left, right], named) {
    switch (node.kind) {
      case "name":
        return named.get(node.name);
      case "number":
        return array([], [], () => node.value);
      case "T":
        return transposed(left);
      case "negative":
        return array(left.shape, left.letters, (r, c) => -entry(left, r, c));
      case "widened":
        return widened(left, node.column);
      case "reduced":
        return reduced(left, node);
      case "group":
        return left;
      default:
        return node.sign === "@" ? product(left, right) : entrywise(node.sign, left, right);
    }
  }

  // Which entries of the arrays of a line make one entry of its result: node → {row, column}, where
  // null is all of them.
  function lit(tree, { values }, at) {
    const found = new Map();
    const axes = (node) => values.get(node).shape.length;

    function go(node, place) {
      if (node.kind === "op") both(node, place);
      else if (!node.of) found.set(node, place);
      else go(node.of, within(node, place));
    }

    function within(node, { row, column }) {
      if (node.kind === "T" && axes(node) === 2) return { row: column, column: row };
      if (node.kind === "widened") return { row: 0, column: node.column ? row : column };
      if (node.kind !== "reduced") return { row, column };
      if (node.axis === null || axes(node.of) === 1) return { row: null, column: null };
      return node.axis === 0 ? { row: null, column } : { row: column, column: null };
    }

    function both({ sign, left, right }, { row, column }) {
      if (sign === "@") {
        go(left, { row: axes(right) === 1 ? column : row, column: null });
        go(right, axes(right) === 1 ? { row: 0, column: null } : { row: null, column });
        return;
      }
      for (const part of [left, right]) {
        const [rows, columns] = twoAxes(values.get(part).shape);
        go(part, { row: rows === 1 ? 0 : row, column: columns === 1 ? 0 : column });
      }
    }

    go(tree, at);
    return found;
  }

  kit.arrays = { parse, code, run, array, entry, twoAxes, transposed, lit };
})(window.explorables);
