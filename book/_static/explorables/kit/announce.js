// Says what changed to those who listen.
(function (kit) {
  "use strict";
  const PAUSE = 150; // milliseconds, in which only the last of several messages counts

  kit.announcer = function () {
    const region = kit.element("p", {
      class: "visually-hidden",
      role: "status",
      "aria-live": "polite",
    });
    let timer = 0;

    function say(words) {
      clearTimeout(timer);
      timer = setTimeout(() => {
        // The same words twice are two messages, and a region speaks only of what changes.
        region.textContent = region.textContent === words ? `${words}\u00a0` : words;
      }, PAUSE);
    }
    return { region, say };
  };
})(window.explorables);
