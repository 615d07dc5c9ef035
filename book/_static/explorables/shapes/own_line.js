// A line of the reader's own: read as NumPy reads it, run, and drawn.
(function (kit) {
  "use strict";
  const { element, put, write } = kit;
  const KNOWN =
    "X, Y, Y_hat, A1, A2; W, b, Z, slopes, delta, dW, db with 1 to 3; dY for ∂C/∂Ŷ; M, n0 to n3; " +
    "@ * / + −, brackets, .T, .sum(axis=0), .mean(axis=0), [:, None]";

  // kit.ownLine({choose}): `draw(picture)`; `choose(code)` takes a line that can be read.
  kit.ownLine = function ({ choose }) {
    const id = kit.unique("line");
    const label = element("label", { for: id });
    const input = element("input", {
      id,
      type: "text",
      autocomplete: "off",
      autocapitalize: "off",
      spellcheck: "false",
      maxlength: 300,
      "aria-describedby": `${id}-hint ${id}-known`,
      keydown: (event) => event.key === "Enter" && take(),
      input: () => tell(""),
    });
    const hint = element("span", { id: `${id}-hint`, class: "hint", role: "status" });
    const known = element(
      "p",
      { id: `${id}-known`, class: "caption" },
      `What can stand there: ${KNOWN}`,
    );
    const node = element(
      "div",
      { class: "own" },
      element("div", { class: "bar answer" }, label, input, kit.button("Run", take), hint),
      known,
    );

    function tell(words) {
      put(input, { "aria-invalid": words ? "true" : false });
      write(hint, words);
    }

    function take() {
      try {
        choose(kit.arrays.code(kit.shapes.read(input.value)));
        tell("");
      } catch (error) {
        tell(error.message);
      }
    }

    function draw({ step: { target } }) {
      write(label, `Your own: ${target} =`);
    }
    return { node, draw };
  };
})(window.explorables);
