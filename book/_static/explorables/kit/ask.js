// A number that the reader finds before it is shown; a mistake that is known is named.
(function (kit) {
  "use strict";
  const { element, write } = kit;

  // ask({answered, after}): `answered(atOnce)` is called when the number may be shown; `after`
  // stands behind the buttons. `draw` gets
  //   open      whether anything is asked at all
  //   label     what is asked for, or why nothing is
  //   question  {symbol, right}, or nothing where there is nothing to answer
  //   mistakes  () → [{value, words}]
  //   place     a text that is another one where what was said does not hold any more
  kit.ask = function ({ answered, after = [] }) {
    const id = kit.unique("answer");
    const label = element("label", { for: id });
    const input = element("input", {
      id,
      type: "text",
      inputmode: "decimal",
      autocomplete: "off",
      "aria-describedby": `${id}-verdict`,
      keydown: (event) => {
        if (event.key === "Enter") check();
      },
    });
    const verdict = element("p", { id: `${id}-verdict`, class: "verdict", role: "status" });
    const buttons = [kit.button("Check", check), kit.button("Show me", () => done(false, ""))];
    const bar = element("div", { class: "bar answer" }, label, input, ...buttons, ...after);
    const node = element("div", { class: "predict", hidden: true }, bar, verdict);
    let asked = null;
    let at = "";
    let last = NaN; // the number that was asked for before
    let tries = 0;

    function draw({ open, label: words, question, mistakes, place }) {
      asked = question ? { question, mistakes: mistakes() } : null;
      node.hidden = !open;
      if (place !== at) write(verdict, "");
      if (place !== at || (question && question.right !== last)) {
        input.value = "";
        tries = 0;
      }
      at = place;
      last = question ? question.right : last;
      write(label, words);
      input.disabled = !asked;
      buttons.forEach((button) => {
        button.hidden = !asked;
      });
    }

    function check() {
      if (!asked) return;
      const fault = kit.hint(input.value, -Infinity, Infinity);
      if (fault) {
        write(verdict, fault);
        return;
      }
      const { right, words } = kit.judge(input.value, asked.question, asked.mistakes);
      tries += 1;
      if (right) done(tries === 1, words);
      else write(verdict, words);
    }

    function done(atOnce, words) {
      write(verdict, words);
      answered(atOnce);
    }

    return { node, input, draw };
  };
})(window.explorables);
