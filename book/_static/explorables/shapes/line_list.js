// The lines that people write for a step, each with what becomes of it.
(function (kit) {
  "use strict";
  const { element, put, write } = kit;
  const OUTCOMES = {
    stops: "stops",
    shape: "another shape",
    lucky: "right here, by accident",
    right: "right",
  };

  // lineList(drawer, {choose}): `draw(picture)`; `choose(code)` takes a line, or null for the right
  // one.
  kit.lineList = function (drawer, { choose }) {
    const list = element("ul", { class: "lines" });
    const own = kit.ownLine({ choose });
    drawer.append(list, own.node);
    let made = "";
    let rows = [];

    function draw(picture) {
      if (!drawer.open) return;
      const { chosen, open } = picture;
      const lines = picture.lines();
      const key = lines.map(({ code }) => code).join();
      if (key !== made) make(lines);
      made = key;
      own.draw(picture);
      lines.forEach(({ code, verdict }, k) => {
        const { button, outcome } = rows[k];
        put(button, { "aria-pressed": `${code === chosen.code}` });
        put(outcome, { class: `outcome ${open(code) ? verdict.kind : ""}` });
        tell(outcome, open(code) ? verdict : null);
      });
    }

    function tell(node, verdict) {
      if (!verdict) write(node, "?");
      else if (verdict.kind === "wrong") kit.show(node, verdict.error, `runs, ${verdict.off}`);
      else write(node, OUTCOMES[verdict.kind]);
    }

    function make(lines) {
      rows = lines.map(({ code, words }) => {
        const outcome = element("span", { "data-of": `error.${code}` });
        const take = () => choose(words ? code : null);
        const button = element(
          "button",
          { type: "button", click: take },
          element("code", {}, code),
          outcome,
        );
        return { button, outcome };
      });
      list.replaceChildren(...rows.map(({ button }) => element("li", {}, button)));
    }
    return { draw };
  };
})(window.explorables);
