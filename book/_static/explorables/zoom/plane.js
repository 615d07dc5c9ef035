// A plane of the zoom, with axes that are equal.
(function (kit) {
  "use strict";
  const { drawn, put } = kit;

  // A plane in a box, around a middle, equal along both axes; half of its height is `half`.
  function plane(name, title) {
    const panel = kit.panel({ name });
    const heading = drawn("text", { class: "heading", "text-anchor": "end" }, title);
    panel.over.append(heading);

    function frame([left, top, width, height], [x, y], half, letter) {
      const wide = (half * width) / height;
      const ends = [
        [x - wide, x + wide],
        [y - half, y + half],
      ];
      panel.place(left, top, width, height, ...ends);
      panel.ticks({
        x: kit.ticks(ends[0]),
        y: kit.ticks(ends[1]),
        nameX: `${letter}₁`,
        nameY: `${letter}₂`,
      });
      put(heading, { x: left + width, y: top - 7 });
    }
    const pixels = (point) => [panel.atX(point[0]), panel.atY(point[1])];
    return { ...panel, heading, frame, pixels };
  }

  kit.zoomPlane = plane;
})(window.explorables);
