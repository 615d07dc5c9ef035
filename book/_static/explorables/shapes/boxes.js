// An array as a box of cells, with its name above, the letters of its sizes and its shape below.
(function (kit) {
  "use strict";
  const { drawn, put, show } = kit;
  const { letter, shape } = kit.shapeNames;
  const { entry, twoAxes } = kit.arrays;
  const [ROW, ABOVE, BELOW] = [22, 24, 38];
  // Pixels of a letter of a name, which a box must have room for.
  const LETTER = 7.2;

  // A number of a cell in few characters.
  const cellText = (value) =>
    Number.isInteger(value) ? kit.short(value) : kit.rough(value).replace(/0$/, "");

  // What a cell needs for the widest of the numbers. On a telephone cells come closer.
  function cellFor(boxes, narrow) {
    const longest = boxes
      .flatMap(({ value }) => value.data)
      .reduce((most, number) => Math.max(most, cellText(number).length), 2);
    return narrow ? Math.max(23, 6.5 * longest + 4) : Math.max(28, 7 * longest + 7);
  }

  const lettersOf = ({ value: { letters } }) =>
    letters.length === 1 ? `(${letter(letters[0])},)` : letters.map(letter).join(" × ");

  function sizeOf(box, cell) {
    const [rows, columns] = twoAxes(box.ghost || box.value.shape);
    const texts = [box.label, lettersOf(box), shape(box.value.shape)];
    const named = Math.max(...texts.map((text) => LETTER * text.length)) + (box.mean ? 26 : 0);
    return { inner: columns * cell, width: Math.max(columns * cell, named), height: rows * ROW };
  }

  // One box, at the left end of its room and the top of its cells: {node, light}, where
  // light(place) shows the entries that are lit.
  function make(box, { left, top, cell, point }) {
    const { inner, width, height } = sizeOf(box, cell);
    const [rows, columns] = twoAxes(box.value.shape);
    const [x, middle] = [left + (width - inner) / 2, left + width / 2];
    const frame = { x, y: top, width: columns * cell, height: rows * ROW, rx: 4 };
    const lamp = drawn("rect", { class: "light", rx: 3, visibility: "hidden" });
    const nodes = [drawn("rect", { ...frame, class: `frame ${box.role}` })];
    if (box.ghost)
      nodes.push(drawn("rect", { ...frame, width: inner, height, class: "ghost", fill: "none" }));
    nodes.push(lamp, ...cells(box, x, top, cell));
    const hits = point && box.hit ? places(box, x, top, cell, point) : [];
    const name = drawn(
      "text",
      { x: middle, y: top - 8, class: `name ${box.role}`, "text-anchor": "middle" },
      box.label,
    );
    if (box.mean) name.append(drawn("tspan", { class: "mean", dx: 4 }, "1/M"));
    nodes.push(name, ...shapeBelow(box, middle, top + height), ...hits.map(({ node }) => node));

    function light(place) {
      const row = place && place.row !== null ? place.row : 0;
      const column = place && place.column !== null ? place.column : 0;
      put(lamp, {
        visibility: place ? "visible" : "hidden",
        x: x + column * cell,
        y: top + row * ROW,
        width: place && place.column !== null ? cell : columns * cell,
        height: place && place.row !== null ? ROW : rows * ROW,
      });
      hits.forEach(({ node, r, c }) => {
        const on = Boolean(place) && r === place.row && c === place.column;
        put(node, { "aria-pressed": `${on}`, tabindex: on ? 0 : -1 });
      });
    }
    return { node: drawn("g", { class: kit.words("array", box.off && "off") }, ...nodes), light };
  }

  function cells({ value, of, wrong, blank }, x, top, cell) {
    const [rows, columns] = twoAxes(value.shape);
    const found = [];
    for (let r = 0; r < rows; r += 1)
      for (let c = 0; c < columns; c += 1) {
        const number = entry(value, r, c);
        const node = drawn("text", {
          x: (x + (c + 0.5) * cell).toFixed(1),
          y: top + r * ROW + 15.5,
          "text-anchor": "middle",
          class: kit.words("cell", wrong && wrong(r, c) && "wrong"),
          "data-of": of(r, c),
        });
        found.push(blank ? kit.write(node, "·") : show(node, number, cellText(number)));
      }
    return found;
  }

  // The entries of a result can be pointed at: one is reached by Tab, the others by arrow keys.
  function places({ value, label, spoken, blank }, x, top, cell, point) {
    const [rows, columns] = twoAxes(value.shape);
    const found = [];
    for (let r = 0; r < rows; r += 1)
      for (let c = 0; c < columns; c += 1) {
        const told = blank ? "" : `: ${cellText(entry(value, r, c))}`;
        const node = drawn("rect", {
          x: x + c * cell,
          y: top + r * ROW,
          width: cell,
          height: ROW,
          class: "place",
          role: "button",
          tabindex: -1,
          "data-at": `${r}.${c}`,
          "aria-label": `${label}, ${spoken(r, c)}${told}`,
          pointerenter: () => point(r, c, false),
          click: () => point(r, c, true),
          keydown: (event) => walk(event, r, c),
        });
        found.push({ node, r, c });
      }

    function walk(event, r, c) {
      const way = { ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1] };
      const by = way[event.key];
      if (!by && event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      event.stopPropagation();
      const [row, column] = by || [0, 0];
      const to = [(r + row + rows) % rows, (c + column + columns) % columns];
      found.find((place) => place.r === to[0] && place.c === to[1]).node.focus();
      point(...to, true);
    }
    return found;
  }

  // Its sizes in letters, those that meet another one marked, and in numbers.
  function shapeBelow(box, x, bottom) {
    const letters = drawn("text", { x, y: bottom + 15, class: "letters", "text-anchor": "middle" });
    const { shape: sizes, letters: names } = box.value;
    const size = (k) => drawn("tspan", { class: box.edges[k] || "" }, letter(names[k]));
    if (sizes.length === 2) letters.append(size(0), " × ", size(1));
    else if (sizes.length) letters.append("(", size(0), ",)");
    const numbers = drawn("text", { x, y: bottom + 29, class: "shape", "text-anchor": "middle" });
    return [letters, kit.write(numbers, shape(sizes))];
  }

  kit.arrayBox = { make, sizeOf, cellFor, cellText, ABOVE, BELOW };
})(window.explorables);
