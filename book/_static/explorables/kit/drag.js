// A point of a drawing that is moved by mouse, by finger and by arrow keys.
(function (kit) {
  "use strict";
  const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

  // draggable(node, {label, axes, place, value, step, move})
  //   axes      "x", "y" or "xy": what an arrow key or a pointer moves
  //   place     (clientX, clientY) → [x, y] in the drawing's own units
  //   value     () → [x, y], where the point is now
  //   step      how far an arrow key moves it; with Shift ten times as far
  //   move      ([x, y]) → void; what is out of bounds is cut off there
  //   words     ([x, y]) → what is said of it
  kit.draggable = function (node, { label, axes = "xy", place, value, step, move, words }) {
    let grip = null;
    kit.put(node, {
      tabindex: 0,
      role: "slider",
      "aria-label": label,
      pointerdown: take,
      pointermove: pull,
      pointerup: drop,
      pointercancel: drop,
      // Else the page scrolls under the finger: of parts of a drawing Chromium does not heed
      // `touch-action`.
      touchstart: (event) => event.preventDefault(),
      keydown: pressed,
    });

    // The point stays as far from the finger as it was when it was taken.
    function take(event) {
      if (event.button) return;
      const [x, y] = place(event.clientX, event.clientY);
      const [atX, atY] = value();
      grip = [atX - x, atY - y];
      node.setPointerCapture(event.pointerId);
      node.focus({ preventScroll: true });
      event.preventDefault();
    }

    function pull(event) {
      if (!grip) return;
      const [x, y] = place(event.clientX, event.clientY);
      to([x + grip[0], y + grip[1]]);
    }

    function drop() {
      grip = null;
    }

    function pressed(event) {
      const way = WAYS[event.key];
      if (!way) return;
      event.preventDefault();
      const far = step * (event.shiftKey ? 10 : 1);
      const [x, y] = value();
      to([x + far * way[0], y + far * way[1]]);
    }

    function to([x, y]) {
      const [atX, atY] = value();
      move([axes === "y" ? atX : x, axes === "x" ? atY : y]);
    }

    function tell() {
      const at = value();
      const single = axes === "y" ? at[1] : at[0];
      kit.put(node, {
        "aria-valuenow": single,
        "aria-valuetext": words ? words(at) : kit.short(single),
      });
    }

    tell();
    return { tell };
  };

  // From a place on the screen to a place in a drawing, in the units of its viewBox.
  kit.placeIn = function (svg) {
    return (clientX, clientY) => {
      const at = new DOMPoint(clientX, clientY).matrixTransform(svg.getScreenCTM().inverse());
      return [at.x, at.y];
    };
  };
})(window.explorables);
