// Where units, connections and their labels stand; all lengths are pixels of the drawing.
(function (kit) {
  "use strict";

  const CLOSE = 90; // pixels between two columns, in which a label and its name have no room

  // The places of all units for a drawing of a width. On a telephone units come closer.
  function layout(sizes, width) {
    const narrow = width < 480;
    const radius = narrow ? 18 : 23;
    const most = Math.max(...sizes);
    const spacing = (narrow ? 66 : 80) * (most > 4 ? 0.92 : 1);
    const [top, bottom, left, right] = [70, 50, narrow ? 24 : 44, narrow ? 94 : 128];
    const height = top + bottom + (most - 1) * spacing;
    const gap = (width - left - right) / (sizes.length - 1);
    const columns = sizes.map((size, column) => {
      const step = spacing * Math.min(1.3, (most - 1) / Math.max(size - 1, 1));
      const middle = top + ((most - 1) * spacing) / 2;
      return [...Array(size).keys()].map((k) => ({
        x: left + column * gap,
        y: middle + (k - (size - 1) / 2) * step,
      }));
    });
    return { width, height, radius, columns, narrow, close: gap < CLOSE };
  }

  // The connection of a parameter, from edge to edge of its units; that of a bias is short, from
  // below.
  function line({ columns, radius }, [layer, i, j]) {
    const end = columns[layer + 1][i];
    const from = j < 0 ? { x: end.x - radius - 8, y: end.y + radius + 12 } : columns[layer][j];
    const [dx, dy] = [end.x - from.x, end.y - from.y];
    const length = Math.hypot(dx, dy);
    const at = (distance) => ({
      x: from.x + (dx * distance) / length,
      y: from.y + (dy * distance) / length,
    });
    return { start: at(j < 0 ? 0 : radius + 1), end: at(length - radius - 2) };
  }

  const between = ({ start, end }, share) => ({
    x: start.x + share * (end.x - start.x),
    y: start.y + share * (end.y - start.y),
  });

  const LETTER = 7; // pixels of a letter of a label, rather more than less
  const SHARES = [0.34, 0.27, 0.41, 0.2, 0.5, 0.13]; // of the way, from the end where lines meet less

  // The room of a label, around the middle of its foot.
  const room = ({ x, y }, words, height = 14) => ({
    left: x - (LETTER * words.length) / 2,
    right: x + (LETTER * words.length) / 2,
    top: y - height,
    bottom: y,
  });

  const common = (a, b) =>
    Math.max(0, Math.min(a.right, b.right) - Math.max(a.left, b.left)) *
    Math.max(0, Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top));

  // Where on its line a label covers least of what is there already.
  function free(way, fan, words, taken) {
    const places = SHARES.map((share) => between(way, fan === "out" ? 1 - share : share));
    const covered = places.map((at) => {
      const own = room({ x: at.x, y: at.y + 8 }, words, 16);
      return taken.reduce((sum, other) => sum + common(own, other), 0);
    });
    return places[covered.indexOf(Math.min(...covered))];
  }

  // The number of a connection, on a ground of its own, so that the line does not run through it.
  function edgeLabel(of) {
    const ground = kit.drawn("rect", { class: "ground", height: 16, rx: 3 });
    const text = kit.drawn("text", { class: "edge-label", "text-anchor": "middle", "data-of": of });
    const node = kit.drawn("g", {}, ground, text);

    function draw({ x, y }, value, words, visible) {
      const wide = LETTER * words.length + 6;
      kit.put(node, { visibility: visible ? "visible" : "hidden" });
      kit.put(ground, { x: (x - wide / 2).toFixed(1), y: (y - 8).toFixed(1), width: wide });
      kit.put(text, { x: x.toFixed(1), y: (y + 4).toFixed(1) });
      kit.show(text, value, words);
    }
    return { node, draw };
  }

  kit.geometry = { layout, line, between, room, free, edgeLabel };
})(window.explorables);
