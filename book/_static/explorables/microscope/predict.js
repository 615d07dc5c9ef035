// The reader types the next number before it is shown; and a trainer for δ, with small networks.
(function (kit) {
  "use strict";
  const { element, write } = kit;
  const SHAPES = [
    [1, 2, 1],
    [2, 2, 1],
    [1, 2, 2],
    [2, 2, 2],
    [2, 3, 1],
    [1, 1, 2, 1],
  ];

  // predict({answered, next}): `draw(picture)` asks what the step of a picture computes.
  kit.predict = function ({ answered, next }) {
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
    const checkButton = kit.button("Check", check);
    const showButton = kit.button("Show me", () => done(false, ""));
    const nextButton = kit.button("Another one", next);
    const score = element("span", { class: "score" });
    const node = element(
      "div",
      { class: "predict", hidden: true },
      element("div", { class: "bar" }, label, input, checkButton, showButton, nextButton, score),
      verdict,
    );
    let asked = null;
    let place = "";
    let tries = 0;

    function draw(picture) {
      const {
        question,
        hidden,
        asking,
        trainer,
        score: [right, all],
      } = picture;
      asked = hidden ? { question, mistakes: picture.mistakes() } : null;
      node.hidden = !asking;
      // The verdict on a number stays beside it until another number is asked for.
      if (picture.place !== place) {
        write(verdict, "");
        input.value = "";
        tries = 0;
      }
      place = picture.place;
      write(label, question ? `${question.symbol} =` : "Nothing is computed here: go on.");
      input.hidden = !question;
      input.disabled = !asked;
      checkButton.hidden = showButton.hidden = !asked;
      nextButton.hidden = !trainer || Boolean(asked);
      write(score, all ? `${right} of ${all} at once` : "");
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

    return { node, draw };
  };

  const pick = (list, random) => list[Math.floor(random() * list.length)];
  const rows = (count, make) => [...Array(count).keys()].map(make);

  // Small whole numbers throughout: the units are ReLU or identity, the errors are whole.
  function randomNetwork(random) {
    const signed = (most) => (1 + Math.floor(random() * most)) * (random() < 0.4 ? -1 : 1);
    const sizes = pick(SHAPES, random);
    const layers = rows(sizes.length - 1, (layer) => layer);
    const net = {
      W: layers.map((l) => rows(sizes[l + 1], () => rows(sizes[l], () => signed(3)))),
      b: layers.map((l) => rows(sizes[l + 1], () => signed(2))),
      hidden: random() < 0.7 ? "relu" : "identity",
      output: "identity",
      loss: "half_squared_error",
    };
    const x = rows(sizes[0], () => signed(2));
    return {
      net,
      x,
      y: kit.network
        .forward(net, x)
        .activations.at(-1)
        .map((a) => a - signed(3)),
    };
  }

  // A random network and the step of a hidden unit in it whose δ is not 0, as {net, x, y, step}.
  kit.deltaQuestion = function (random = Math.random) {
    for (;;) {
      const { net, x, y } = randomNetwork(random);
      const { deltas } = kit.network.trace(net, x, y);
      const asked = kit.steps
        .all(net)
        .flatMap(({ kind, column, k }, step) =>
          kind === "backward" && column < net.W.length && deltas[column - 1][k] ? [step] : [],
        );
      if (asked.length) return { net, x, y, step: pick(asked, random) };
    }
  };
})(window.explorables);
