// Which connection is meant: of those that lie close together the nearest one, and not the one that
// was drawn last.
(function (kit) {
  "use strict";
  const { between } = kit.geometry;

  // How far a point is from a connection.
  function distance({ start, end }, { x, y }) {
    const [dx, dy] = [end.x - start.x, end.y - start.y];
    const share = ((x - start.x) * dx + (y - start.y) * dy) / (dx * dx + dy * dy);
    const foot = between({ start, end }, Math.min(1, Math.max(0, share)));
    return Math.hypot(x - foot.x, y - foot.y);
  }

  kit.nearest = function ({ clientX, clientY }, svg, edges) {
    const at = new DOMPoint(clientX, clientY).matrixTransform(svg.getScreenCTM().inverse());
    const far = edges.map(({ way }) => distance(way, at));
    return edges[far.indexOf(Math.min(...far))];
  };
})(window.explorables);
