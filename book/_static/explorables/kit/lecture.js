// Lecture mode: the whole screen, large type, and arrow keys that turn the steps.
(function (kit) {
  "use strict";
  const TURNS = { ArrowRight: 1, PageDown: 1, " ": 1, ArrowLeft: -1, PageUp: -1 };
  const OWN_KEYS = "input, select, textarea, summary, [role=slider]";

  // lecture(root, {turn, changed}): `turn(by)` is called for the keys that turn.
  kit.lecture = function (root, { turn, changed }) {
    let on = false;

    function start() {
      set(true);
      // Where a browser refuses the whole screen, the whole window will do.
      if (root.requestFullscreen) root.requestFullscreen().catch(() => {});
    }

    function end() {
      set(false);
      if (document.fullscreenElement) document.exitFullscreen();
    }

    function set(wanted) {
      if (on === wanted) return;
      on = wanted;
      root.classList.toggle("lecture", on);
      document.documentElement.classList.toggle("explorable-lecture", on);
      if (on) addEventListener("keydown", pressed);
      else removeEventListener("keydown", pressed);
      changed(on);
    }

    function pressed(event) {
      if (event.key === "Escape") end();
      const by = TURNS[event.key];
      const space = event.key === " " && event.target.closest && event.target.closest("button");
      if (!by || space || (event.target.closest && event.target.closest(OWN_KEYS))) return;
      event.preventDefault();
      turn(by);
    }

    document.addEventListener("fullscreenchange", () => {
      if (!document.fullscreenElement) set(false);
    });
    return {
      toggle: () => (on ? end() : start()),
      get on() {
        return on;
      },
    };
  };
})(window.explorables);
