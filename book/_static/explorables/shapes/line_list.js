// The lines that people write for a step, each with what becomes of it.
(function (kit) {
  "use strict";
  const { element, put, write } = kit;
  const OUTCOMES = {
    stops: "stops",
    shape: "another shape",
    wrong: "runs, off by",
    lucky: "right here, by accident",
    right: "right",
  };

  // kit.lineList({choose}): `draw(picture)`; `choose(code)` takes a line, or null for the right one.
  kit.lineList = function ({ choose }) {
    const title = element("p", { class: "list-title" });
    const list = element("ul", { class: "lines" });
    const own = element("div", {});
    const node = element("div", { class: "line-list" }, title, list, own);
    let made = "";
    let rows = [];

    function draw({ target, lines, chosen, open }) {
      const key = lines.map(({ code }) => code).join();
      if (key !== made) make(lines);
      made = key;
      write(title, `Lines that people write for ${target}`);
      lines.forEach(({ code, verdict }, k) => {
        const { button, outcome } = rows[k];
        put(button, { "aria-pressed": `${code === chosen.code}` });
        put(outcome, { class: `outcome ${open(code) ? verdict.kind : ""}` });
        tell(outcome, open(code) ? verdict : null);
      });
    }

    function tell(node, verdict) {
      if (!verdict) write(node, "?");
      else if (verdict.kind === "wrong") kit.show(node, verdict.error, outcomeInWords(verdict));
      else write(node, OUTCOMES[verdict.kind]);
    }

    const outcomeInWords = ({ error }) => `${OUTCOMES.wrong} ${kit.format(error, 2)}×`;

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
    return { node, own, draw };
  };
})(window.explorables);
