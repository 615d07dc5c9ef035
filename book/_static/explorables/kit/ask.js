// What the reader finds before it is shown, most often a number; a mistake that is known is named.
(function (kit) {
  "use strict";
  const { element, write } = kit;

  // ask({answered, after}): `answered(atOnce)` is called when the answer may be shown; `after`
  // stands behind the buttons. `draw` gets
  //   open      whether anything is asked at all
  //   label     what is asked for, or why nothing is
  //   question  nothing where there is nothing to answer; of a number {symbol, right}, as `judge`
  //             takes it. What is no number has a `check` of its own, (text) → {right, words}, with
  //             `over` where there is no second try, and may have `choices`, [[text, words], …]
  //   mistakes  () → [{value, words}], where a number is asked for
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
        if (event.key === "Enter") check(input.value);
      },
    });
    const verdict = element("p", { id: `${id}-verdict`, class: "verdict", role: "status" });
    const send = kit.button("Check", () => check(input.value));
    const choices = element("span", { class: "bar choices" });
    const reveal = kit.button("Show me", () => done(false, ""));
    const parts = [label, input, send, choices, reveal, ...after];
    const bar = element("div", { class: "bar answer" }, ...parts);
    const node = element("div", { class: "predict", hidden: true }, bar, verdict);
    let asked = null;
    let offered = null; // the choices that stand there
    let at = "";
    let last = NaN; // the answer that was asked for before
    let tries = 0;

    function draw({ open, label: words, question, mistakes, place }) {
      asked = question && { check: numberCheck(question, mistakes), ...question };
      node.hidden = !open;
      if (place !== at) write(verdict, "");
      if (place !== at || (question && question.right !== last)) {
        input.value = "";
        tries = 0;
      }
      at = place;
      last = question ? question.right : last;
      write(label, words);
      kit.put(input, { inputmode: question && question.check ? "text" : "decimal" });
      offer((question && question.choices) || null);
      input.hidden = send.hidden = !asked || Boolean(offered);
      choices.hidden = !offered;
      reveal.hidden = !asked;
    }

    function offer(given) {
      if (given === offered) return;
      offered = given;
      const buttons = (given || []).map(([text, words]) => kit.button(words, () => check(text)));
      choices.replaceChildren(...buttons);
    }

    function check(text) {
      if (!asked) return;
      const { right, over, fault, words } = asked.check(text);
      if (!fault) tries += 1;
      if (right || over) done(tries === 1, words);
      else write(verdict, words);
    }

    // What was said stays while the next question is asked.
    function done(atOnce, words) {
      input.value = "";
      write(verdict, words);
      answered(atOnce);
    }

    return { node, draw };
  };

  // What is no number is no try.
  function numberCheck(question, mistakes) {
    return (text) => {
      const fault = kit.hint(text, -Infinity, Infinity);
      return fault ? { fault, words: fault } : kit.judge(text, question, mistakes());
    };
  }
})(window.explorables);
