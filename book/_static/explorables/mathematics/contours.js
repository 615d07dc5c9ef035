// Lines of equal height of a landscape, by marching through the squares of a grid.
(function (kit) {
  "use strict";

  // Where a line crosses the side between two corners of a square.
  function crossing([p, u], [q, v], level) {
    const share = (level - u) / (v - u);
    return [p[0] + share * (q[0] - p[0]), p[1] + share * (q[1] - p[1])];
  }

  // The pieces of a line in one square, whose corners go round it; two where it is a saddle.
  function pieces(corners, level) {
    const crossed = corners
      .map((corner, k) => [corner, corners[(k + 1) % 4]])
      .filter(([[, u], [, v]]) => u < level !== v < level)
      .map(([from, to]) => crossing(from, to, level));
    const found = [];
    for (let k = 0; k + 1 < crossed.length; k += 2) found.push([crossed[k], crossed[k + 1]]);
    return found;
  }

  // contours(value, [from, to] of x, of y, levels, cells): for each level its pieces, as pairs of
  // points.
  kit.contours = function (value, [left, right], [bottom, top], levels, cells = 48) {
    const rows = Math.max(2, Math.round((cells * (top - bottom)) / (right - left)));
    const grid = [];
    for (let j = 0; j <= rows; j += 1) {
      const y = bottom + (j * (top - bottom)) / rows;
      grid.push([]);
      for (let i = 0; i <= cells; i += 1) {
        const point = [left + (i * (right - left)) / cells, y];
        grid[j].push([point, value(point)]);
      }
    }
    return levels.map((level) => {
      const found = [];
      for (let j = 0; j < rows; j += 1) {
        for (let i = 0; i < cells; i += 1) {
          const square = [grid[j][i], grid[j][i + 1], grid[j + 1][i + 1], grid[j + 1][i]];
          found.push(...pieces(square, level));
        }
      }
      return found;
    });
  };
})(window.explorables);
