// Where they run: the landscape, its start, its length, and what counts as the finish.
(function (kit) {
  "use strict";
  const { quadratic, saddle, xor } = kit.objectives;
  const HALL = { x: [-4.6, 2.2], y: [-1.9, 1.9] };
  const AROUND = { x: [-3.4, 3.4], y: [-1.9, 1.9] };
  const SHARE = 0.01; // of the height at the start that is left at the finish

  const LANDS = {
    bowl: {
      words: "Round bowl",
      objective: quadratic([1, 1]),
      window: HALL,
      lowest: [[0, 0]],
      from: [-3.6, 1.2],
      steps: 100,
    },
    ravine: {
      words: "Ravine, κ = 20",
      objective: quadratic([1, 20]),
      window: HALL,
      lowest: [[0, 0]],
      from: [-4, 1],
      steps: 100,
    },
    turned: {
      words: "The ravine turned by 30°",
      objective: quadratic([1, 20], 30),
      window: AROUND,
      lowest: [[0, 0]],
      from: [-2.9, -0.9],
      steps: 100,
    },
    saddle: {
      words: "Saddle",
      objective: saddle,
      window: AROUND,
      lowest: [
        [0, 1],
        [0, -1],
      ],
      from: [-2.6, 0.02],
      steps: 100,
    },
    xor: {
      words: "Cost of a network that learns XOR",
      objective: xor,
      from: [0.8, 0.7, 1.2, 1.1, -0.2, -1, 0.9, -0.8, -0.1],
      steps: 200,
      goal: 0.005,
    },
  };

  // What a search needs of a state: the landscape, the start, the length, the finish.
  function raceOf({ land, from }) {
    const { objective, steps, goal } = LANDS[land];
    const height = objective.value(from) - objective.lowest;
    return { objective, from, steps, goal: goal === undefined ? SHARE * height : goal };
  }

  // Heights of the contours: they lie closer near the lowest point, as squares of equal steps.
  function levels({ objective, window }) {
    const corners = window.x.flatMap((x) => window.y.map((y) => objective.value([x, y])));
    const height = Math.max(...corners) - objective.lowest;
    return [...Array(10).keys()].map((k) => objective.lowest + height * ((k + 0.6) / 10) ** 2);
  }

  kit.lands = { LANDS, raceOf, levels };
})(window.explorables);
