// A line of NumPy as a drawing: its arrays as boxes, what stands between them, and its result.
(function (kit) {
  "use strict";
  const { drawn, put } = kit;
  const { label, role, carriesMean } = kit.shapeNames;
  const { lit, entry, twoAxes } = kit.arrays;
  const { make: makeBox, sizeOf, cellFor, ABOVE, BELOW } = kit.arrayBox;
  const SIGNS = { "*": "⊙", "-": "−" };
  // Signs before which a line may be broken.
  const BREAKS = ["@", "⊙", "/", "+", "−", "=", "≠"];
  const GAP = 5;

  const { entryName } = kit.shapeNames;

  const sign = (text) => ({ sign: text });

  // What a tree is drawn as, from left to right: boxes and signs.
  function parts(node, block) {
    const name = nameOf(node);
    if (name && block.ran.values.get(node).shape.length) return [boxOf(node, name, block)];
    switch (node.kind) {
      case "name":
        return [sign(label(node.name))];
      case "number":
        return [sign(`${node.value}`)];
      case "group":
        return [sign("("), ...parts(node.of, block), sign(")")];
      case "negative":
        return [sign("−"), ...parts(node.of, block)];
      case "T":
        return [...parts(node.of, block), sign("ᵀ")];
      case "widened":
        return [...parts(node.of, block), sign(node.column ? "[:, None]" : "[None, :]")];
      case "reduced":
        return [
          ...parts(node.of, block),
          sign(kit.arrays.code({ ...node, of: { kind: "name", name: "" } })),
        ];
      default:
        return operation(node, block);
    }
  }

  // The name of an array, also where it is turned over.
  function nameOf(node) {
    if (node.kind === "name") return node.name;
    return node.kind === "T" || node.kind === "widened" ? nameOf(node.of) : "";
  }

  function boxOf(node, name, { ran, columns }) {
    const value = ran.values.get(node);
    const turned = (node.kind === "T") !== Boolean(columns);
    const place = (r, c) => (turned ? [c, r] : [r, c]);
    const single = node.kind === "widened" || value.shape.length === 1;
    return {
      node,
      label: label(name) + (node.kind === "T" ? "ᵀ" : ""),
      role: role(name),
      mean: carriesMean(name),
      value,
      edges: [],
      of: (r, c) => [name, ...(single ? [Math.max(r, c)] : place(r, c))].join("."),
    };
  }

  function operation(node, block) {
    const [left, right] = [parts(node.left, block), parts(node.right, block)];
    const boxes = [left, right].map((side) => side.filter(({ value }) => value));
    const stopped = !block.hidden && block.ran.stop && block.ran.stop.node === node;
    if (node.sign === "@") meet(boxes, stopped);
    else if (stopped)
      boxes.flat().forEach((box) => (box.edges = box.value.shape.map(() => "clash")));
    else repeat([node.left, node.right], boxes, block.ran.values.get(node));
    return [...left, sign(SIGNS[node.sign] || node.sign), ...right];
  }

  // The sizes that a product sums over stand side by side.
  function meet([left, right], stopped) {
    const [l, r] = [left.at(-1), right[0]];
    if (!l || !r) return;
    const how = stopped ? "clash" : "meets";
    l.edges[l.value.shape.length - 1] = how;
    r.edges[0] = how;
  }

  // What is repeated is drawn as often as it is.
  function repeat(nodes, boxes, value) {
    if (!value) return;
    nodes.forEach((node, k) => {
      const [box] = boxes[k];
      const drawnAlone = box && boxes[k].length === 1 && box.node === node;
      if (drawnAlone && box.value.data.length < value.data.length) box.ghost = value.shape;
    });
  }

  // The whole line: the tree, its result, and what would be right where it is not.
  function line(block) {
    const items = [...parts(block.tree, block), sign("=")];
    if (block.hidden) return [...items, { unknown: "?" }];
    if (!block.result) items.push({ unknown: "stops" });
    else items.push(resultBox(block));
    if (block.off) items.push(sign("≠"), wantedBox(block));
    return items;
  }

  function resultBox({ target, result, wanted, off, columns, kind, blank }) {
    const place = (r, c) => (columns && result.shape.length === 2 ? [c, r] : [r, c]);
    const compare = off && kind === "wrong";
    return {
      result: true,
      hit: true,
      blank,
      label: off ? "this line" : label(target),
      role: off ? "backward" : role(target),
      mean: !off && carriesMean(target),
      off,
      value: result,
      edges: [],
      of: (r, c) => entryName("result", result, ...place(r, c)),
      wrong: compare && ((r, c) => Math.abs(entry(result, r, c) - entry(wanted, r, c)) > 1e-9),
      spoken: (r, c) => kit.shapeNames.place(result, r, c),
    };
  }

  function wantedBox({ target, wanted, columns, kind }) {
    const place = (r, c) => (columns && wanted.shape.length === 2 ? [c, r] : [r, c]);
    return {
      wanted: kind === "wrong",
      label: label(target),
      role: role(target),
      mean: carriesMean(target),
      value: wanted,
      edges: [],
      of: (r, c) => entryName("wanted", wanted, ...place(r, c)),
    };
  }

  // Pieces that are not parted: a box with the sign before it and the brackets around it.
  function pieces(items) {
    const found = [];
    for (const item of items) {
      const last = found.at(-1);
      const full = last && last.some(({ value, unknown }) => value || unknown);
      const opens = item.value || item.unknown || item.sign === "(";
      if (!last || BREAKS.includes(item.sign) || (full && opens)) found.push([item]);
      else last.push(item);
    }
    return found;
  }

  const roomOf = (item, cell) => {
    if (item.value) return sizeOf(item, cell);
    if (item.unknown) return { width: 60, height: 44 };
    const { length } = item.sign;
    return { width: length > 1 ? 7.2 * length + 6 : 15, height: 0 };
  };

  // kit.shapeEquation({point}): `draw(picture)`. It is made anew where the line, the sizes or the
  // width are others; where another entry is lit, only the light moves.
  kit.shapeEquation = function ({ point }) {
    const svg = drawn("svg", { class: "equation", role: "group" });
    let made = "";
    let lamps = [];

    function draw(picture) {
      if (picture.key !== made) make(picture);
      made = picture.key;
      lamps.forEach((lamp) => lamp(picture.at));
    }

    function make(picture) {
      const { width, narrow } = picture;
      const focused = svg.contains(document.activeElement);
      lamps = [];
      let [top, widest] = [0, width];
      const groups = [];
      for (const block of picture.blocks) {
        const items = line(block);
        const cell = cellFor(
          items.filter(({ value }) => value),
          narrow,
        );
        const placed = place(items, cell, width, top + (block.title ? 20 : 0));
        groups.push(...title(block, top), ...placed.map((one) => drawItem(one, cell, block)));
        widest = Math.max(widest, ...placed.map(({ x, room }) => x + room.width));
        top = Math.max(...placed.map(({ bottom }) => bottom));
      }
      put(svg, { viewBox: `0 0 ${widest} ${top}`, "aria-label": picture.spoken });
      svg.replaceChildren(...groups);
      if (focused) refocus(picture.at);
    }

    // Who points by keyboard stays there when the numbers change.
    function refocus([r, c]) {
      const place = svg.querySelector(`[data-at="${r}.${c}"]`);
      if (place) place.focus({ preventScroll: true });
    }

    const title = (block, top) =>
      block.title ? [drawn("text", { x: 2, y: top + 14, class: "heading" }, block.title)] : [];

    // From left to right; what finds no room begins another line. Boxes of a line are centred.
    function place(items, cell, width, first) {
      const lines = [[]];
      let x = 2;
      for (const piece of pieces(items)) {
        const rooms = piece.map((item) => roomOf(item, cell));
        const wide = rooms.reduce((sum, room) => sum + room.width + GAP, 0);
        if (x + wide - GAP > width && lines.at(-1).length) {
          lines.push([]);
          x = 14;
        }
        piece.forEach((item, k) => {
          lines.at(-1).push({ item, room: rooms[k], x });
          x += rooms[k].width + GAP;
        });
      }
      let top = first;
      return lines.flatMap((line) => {
        const tall = Math.max(...line.map(({ room }) => room.height));
        const [middle, bottom] = [top + ABOVE + tall / 2, top + ABOVE + tall + BELOW];
        top = bottom;
        return line.map((one) => ({ ...one, middle, bottom }));
      });
    }

    function drawItem({ item, room, x, middle }, cell, block) {
      const centre = { x: x + room.width / 2, "text-anchor": "middle" };
      if (item.sign) return drawn("text", { ...centre, y: middle + 5, class: "sign" }, item.sign);
      const top = middle - room.height / 2;
      if (item.unknown)
        return drawn(
          "g",
          { class: "unknown" },
          drawn("rect", {
            x,
            y: top,
            width: room.width,
            height: room.height,
            rx: 4,
            class: "ghost",
          }),
          drawn("text", { ...centre, y: middle + 5 }, item.unknown),
        );
      const turned = (r, c) => (block.columns && block.wanted.shape.length === 2 ? [c, r] : [r, c]);
      const box = makeBox(item, {
        left: x,
        top,
        cell,
        point: block.columns ? (r, c, on) => point(...turned(r, c), on) : point,
      });
      lamps.push((at) => box.light(placeOf(item, block, turned(...at))));
      return box.node;
    }

    // What of a box is lit when an entry of the result is pointed at.
    function placeOf(item, { tree, ran, result, hidden }, [row, column]) {
      if (!result || hidden) return null;
      const at = within(result, { row, column });
      if (item.result || item.wanted) return at;
      const found = [...lit(tree, ran, at)].find(([node]) => node === nameNode(item.node));
      return found ? turnedInto(item.node, found[1]) : null;
    }
    return { svg, draw };
  };

  const nameNode = (node) => (node && node.of ? nameNode(node.of) : node);

  // The place in an array as it is drawn, from the place in the array as it is named.
  function turnedInto(node, place) {
    if (!node.of) return place;
    const inner = turnedInto(node.of, place);
    if (node.kind === "T") return { row: inner.column, column: inner.row };
    return node.column ? { row: inner.column, column: 0 } : { row: 0, column: inner.column };
  }

  // The place that is pointed at, or the last that there is.
  function within({ shape }, { row, column }) {
    const [rows, columns] = twoAxes(shape);
    return { row: Math.min(row, rows - 1), column: Math.min(column, columns - 1) };
  }

  kit.placeWithin = within;
})(window.explorables);
