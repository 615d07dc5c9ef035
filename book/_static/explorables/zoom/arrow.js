// An arrow between two places of a drawing, with a name behind its tip.
(function (kit) {
  "use strict";
  const { drawn, put } = kit;
  const HEAD = 9; // pixels of the head of an arrow
  const NAME = 13; // pixels from its tip to its name

  // An arrow between two places of a drawing, as {node, draw}; its name stands behind its tip. What
  // ends in a handle needs no head.
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

  kit.arrow = arrow;
})(window.explorables);
