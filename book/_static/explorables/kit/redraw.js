// One drawing a frame, however often it is asked for.
(function (kit) {
  "use strict";

  kit.redraw = function (draw) {
    let waiting = 0;
    const painter = { count: 0, ask, now };

    function ask() {
      waiting = waiting || requestAnimationFrame(now);
    }

    function now() {
      cancelAnimationFrame(waiting);
      waiting = 0;
      painter.count += 1;
      draw();
    }
    return painter;
  };
})(window.explorables);
