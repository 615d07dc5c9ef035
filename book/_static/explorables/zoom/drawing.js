// What both drawings of the zoom consist of: two planes with axes, arrows, grips.
(function (kit) {
  "use strict";
  const { drawn, put } = kit;
  const HEAD = 9; // pixels of the head of an arrow
  const NAME = 13; // pixels from its tip to its name

  // An arrow between two places of a drawing, as {node, draw}; its name stands behind its tip. What
  // ends in a grip needs no head.
  function arrow(role, name, size = HEAD) {
    const shaft = drawn("path", { class: `arrow ${role}` });
    const head = drawn("path", { class: `arrow head ${role}` });
    const text = drawn("text", { class: `arrow-name ${role}`, "text-anchor": "middle" }, name);
    const node = drawn("g", {}, shaft, head, text);

    function draw(from, to, visible = true) {
      const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
      const length = Math.hypot(dx, dy);
      put(node, { visibility: visible && length > 1 ? "visible" : "hidden" });
      if (length <= 1) return;
      const [ux, uy] = [dx / length, dy / length];
      const long = Math.min(size, length);
      const wing = (way) => [
        to[0] - long * (ux - (way * uy) / 2),
        to[1] - long * (uy + (way * ux) / 2),
      ];
      put(shaft, { d: `M${place(from)}L${place(to)}` });
      put(head, { d: `M${place(wing(1))}L${place(to)}L${place(wing(-1))}` });
      put(text, {
        x: (to[0] + NAME * ux).toFixed(1),
        y: (to[1] + NAME * uy + 4).toFixed(1),
        opacity: length > NAME ? 1 : 0,
      });
    }
    return { node, draw };
  }

  const place = ([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`;

  // What is taken hold of: a mark, and around it room for a finger.
  function grip(mark) {
    const room = drawn("circle", { r: 16, class: "room" });
    const node = drawn("g", { class: "grip" }, room, mark);
    const draw = ([x, y]) => put(node, { transform: `translate(${x.toFixed(1)} ${y.toFixed(1)})` });
    return { node, draw };
  }

  // Numbers for an axis, about four, as [[where, text], …].
  function ticks([from, to]) {
    const rough = (to - from) / 4;
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = power * [1, 2, 5, 10].find((times) => times * power >= rough);
    const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
    const found = [];
    for (let k = Math.ceil(from / step); k * step <= to; k += 1)
      found.push([k * step, kit.rough(k * step, decimals)]);
    return found;
  }

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
      panel.ticks({ x: ticks(ends[0]), y: ticks(ends[1]), nameX: `${letter}₁`, nameY: `${letter}₂` });
      put(heading, { x: left + width, y: top - 7 });
    }
    const pixels = (point) => [panel.atX(point[0]), panel.atY(point[1])];
    return { ...panel, heading, frame, pixels };
  }

  kit.zoomDrawing = { arrow, grip, plane };
})(window.explorables);
