// The reader says what comes out before it is shown.
(function (kit) {
  "use strict";
  const { element, write } = kit;

  // kit.shapePredict({answered}): `draw(picture)`; `answered()` when the answer may be shown.
  kit.shapePredict = function ({ answered }) {
    const id = kit.unique("answer");
    const label = element("label", { for: id });
    const input = element("input", {
      id,
      type: "text",
      autocomplete: "off",
      "aria-describedby": `${id}-verdict`,
      keydown: (event) => event.key === "Enter" && judge(input.value),
    });
    const typed = element(
      "span",
      { class: "bar" },
      input,
      kit.button("Check", () => judge(input.value)),
    );
    const choices = element("span", { class: "bar choices" });
    const reveal = kit.button("Show me", () => done(""));
    const verdict = element("p", { id: `${id}-verdict`, class: "verdict", role: "status" });
    const node = element(
      "div",
      { class: "predict", hidden: true },
      element("div", { class: "bar answer" }, label, typed, choices, reveal),
      verdict,
    );
    let question = null;
    let situation = "";

    function draw(picture) {
      node.hidden = !picture.asking;
      if (!picture.asking) return;
      question = kit.shapeQuestion(picture);
      // What was said of an answer stays beside the next question on the same entry.
      if (picture.situation !== situation) write(verdict, "");
      situation = picture.situation;
      write(
        label,
        question ? question.words : "All is answered here: go on, or point at another entry.",
      );
      const many = question && question.choices;
      typed.hidden = !question || Boolean(many);
      choices.hidden = !many;
      reveal.hidden = !question;
      if (many && !choices.children.length)
        choices.append(...many.map(([value, words]) => kit.button(words, () => judge(value))));
    }

    function judge(said) {
      if (!question) return;
      const { right, done: over, words } = question.check(said);
      if (right || over) done(words);
      else write(verdict, words);
    }

    function done(words) {
      input.value = "";
      answered();
      write(verdict, words);
    }
    return { node, draw };
  };
})(window.explorables);
