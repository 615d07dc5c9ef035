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
    const nextButton = kit.button("Another one", next);
    const score = element("span", { class: "score" });
    const ask = kit.ask({ answered, after: [nextButton, score] });

    function draw(picture) {
      const {
        question,
        hidden,
        asking,
        trainer,
        score: [right, all],
      } = picture;
      ask.draw({
        open: asking,
        label: labelOf(question, hidden),
        question: hidden ? question : null,
        mistakes: picture.mistakes,
        place: picture.place,
      });
      nextButton.hidden = !trainer || hidden;
      write(score, all ? `${right} of ${all} at once` : "");
    }

    return { node: ask.node, draw };
  };

  function labelOf(question, hidden) {
    if (!question) return "Nothing is computed here: go on.";
    return hidden ? `${question.symbol} =` : `${question.symbol} is shown: go on.`;
  }

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
