// What the networks of a race answer to the four patterns of XOR, beside the targets.
(function (kit) {
  "use strict";
  const { drawn, put } = kit;
  const { PATTERNS } = kit.objectives;
  const LANES = 7;

  // answers(): `draw(picture, box)`.
  kit.answers = function () {
    const panel = kit.panel({ name: "answers" });
    const targets = PATTERNS.map(() => drawn("circle", { class: "here", r: 9 }));
    const trails = [...Array(LANES).keys()].map((k) => kit.trail(`lane${k}`));
    panel.over.append(...targets, ...trails.map(({ node }) => node));

    function draw(picture, box) {
      put(panel.node, { display: picture.window ? "none" : false });
      if (picture.window) return;
      panel.place(...box, [-0.6, 3.6], [-0.08, 1.08]);
      PATTERNS.forEach(([, , y], k) => put(targets[k], { cx: panel.atX(k), cy: panel.atY(y) }));
      trails.forEach(({ node, draw: line }, k) => {
        const lane = picture.lanes[k];
        line(
          panel,
          lane && lane.answers ? lane.answers.map((a, at) => [at, a]) : [],
          lane && lane.main,
        );
        put(node, { class: kit.words("walk", lane && lane.faint && "faint") });
      });
      panel.ticks({
        x: PATTERNS.map(([x1, x2], k) => [k, `${x1}, ${x2}`]),
        y: [0, 0.5, 1].map((y) => [y, `${y}`]),
        nameX: "x₁, x₂",
        nameY: "answers, and the targets as rings",
      });
    }

    return { node: panel.node, draw };
  };
})(window.explorables);
