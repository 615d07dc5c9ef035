// The parts of a landscape that lie below a height, as closed lines: each square of a grid gives
// the pieces of the line that cross it, and these are joined.
(function (kit) {
  "use strict";
  const ROUND = [
    [0, 0],
    [1, 0],
    [1, 1],
    [0, 1],
  ]; // the corners of a square, as one goes round it

  // Heights at the corners of a grid, with a wall round it at which every line is closed.
  function grid(value, [left, right], [bottom, top], cells) {
    const rows = Math.max(2, Math.round((cells * (top - bottom)) / (right - left)));
    const inside = (i, j) => i >= 0 && j >= 0 && i <= cells && j <= rows;
    const x = (i) => left + (i * (right - left)) / cells;
    const y = (j) => bottom + (j * (top - bottom)) / rows;
    const columns = [];
    for (let i = -1; i <= cells + 1; i += 1) {
      columns.push([]);
      for (let j = -1; j <= rows + 1; j += 1) {
        const height = inside(i, j) ? value([x(i), y(j)]) : Infinity;
        columns.at(-1).push({ i, j, at: [x(i), y(j)], height });
      }
    }
    return columns;
  }

  // The name of the side between two corners, and where the line crosses it.
  const side = (p, q) => [Math.min(p.i, q.i), Math.min(p.j, q.j), p.i === q.i].join();
  function crossing(low, high, level) {
    const share = (level - low.height) / (high.height - low.height);
    return low.at.map((value, k) => value + share * (high.at[k] - value));
  }

  // The pieces in one square: each begins where going round leads out of what is low, and ends
  // where it leads back in.
  function pieces(corners, level, found) {
    const low = corners.map(({ height }) => height <= level);
    const next = (k) => (k + 1) % 4;
    for (let k = 0; k < 4; k += 1) {
      if (!low[k] || low[next(k)]) continue;
      let end = next(k);
      while (low[end] || !low[next(end)]) end = next(end);
      const point = crossing(corners[k], corners[next(k)], level);
      const to = side(corners[end], corners[next(end)]);
      found.set(side(corners[k], corners[next(k)]), { point, to });
    }
  }

  function joined(found) {
    const loops = [];
    while (found.size) {
      const [first] = found.keys();
      const loop = [];
      for (let name = first; found.has(name);) {
        const { point, to } = found.get(name);
        found.delete(name);
        loop.push(point);
        name = to;
      }
      loops.push(loop);
    }
    return loops;
  }

  // contours(value, {x, y}, levels): for each level the closed lines round what is lower.
  kit.contours = function (value, { x, y }, levels, cells = 112) {
    const columns = grid(value, x, y, cells);
    return levels.map((level) => {
      const found = new Map();
      for (let i = 0; i + 1 < columns.length; i += 1) {
        for (let j = 0; j + 1 < columns[0].length; j += 1) {
          const corners = ROUND.map(([right, up]) => columns[i + right][j + up]);
          pieces(corners, level, found);
        }
      }
      return joined(found);
    });
  };
})(window.explorables);
