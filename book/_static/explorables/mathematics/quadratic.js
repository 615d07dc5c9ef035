// Descent in a valley, C = ½ θ₁² + ½ κ θ₂²: where it walks, how fast, and what would be best.
// A setting is {method, eta, alpha, kappa, from}; a product is ηλ, learning rate times curvature.
(function (kit) {
  "use strict";
  const METHODS = ["descent", "momentum", "nesterov"];
  const FAR = 1e100; // a walk that is gone so far is not followed any more
  const TOUCHING = 1e-12; // of two roots that are one but for rounding

  const memory = ({ method, alpha }) => (method === "descent" ? 0 : alpha);
  const lookAhead = ({ method, alpha }) => (method === "nesterov" ? alpha : 0);
  const curvatures = (kappa) => [1, kappa];
  const cost = (kappa, [x, y]) => 0.5 * x ** 2 + 0.5 * kappa * y ** 2;

  // One step after the other, as a function that says where it leads; a walk of its own each time.
  function walker(setting) {
    const { eta, kappa, from } = setting;
    const alpha = memory(setting);
    const ahead = lookAhead(setting);
    let [x, y] = from;
    let [dx, dy] = [0, 0];
    return () => {
      dx = alpha * dx - eta * (x + ahead * dx);
      dy = alpha * dy - eta * (kappa * (y + ahead * dy));
      x += dx;
      y += dy;
      return [x, y];
    };
  }

  // The start and what comes after it; shorter than asked for where it leads out of all bounds.
  function walk(setting, steps) {
    const next = walker(setting);
    const path = [setting.from];
    while (path.length <= steps) {
      const point = next();
      if (!(Math.hypot(...point) < FAR)) break;
      path.push(point);
    }
    return path;
  }

  // The step from which on the walk stays closer than a share of its first distance; none if that
  // is not within `most` steps.
  function arrival(setting, share = 1e-3, most = 4000) {
    const next = walker(setting);
    const goal = share * Math.hypot(...setting.from);
    let last = Math.hypot(...setting.from) > 0 ? 0 : -1;
    for (let step = 1; step <= most; step += 1) {
      const distance = Math.hypot(...next());
      if (!(distance < FAR)) return null;
      if (distance >= goal && distance > 0) last = step;
    }
    return last < most ? last + 1 : null;
  }

  // w at a step is (sum) · w one step before − (product) · w two steps before: the numbers r with
  // r² − sum · r + product = 0 say how it goes.
  function equation(method, product, alpha) {
    if (method === "descent") return { sum: 1 - product, product: 0 };
    if (method === "momentum") return { sum: 1 + alpha - product, product: alpha };
    return { sum: (1 + alpha) * (1 - product), product: alpha * (1 - product) };
  }

  // How one direction goes in the long run: {kind, rate, roots, swing}. The rate is the factor by
  // which what is left shrinks in a step, the swing the number of steps from crest to crest.
  function motion(method, product, alpha) {
    const { sum, product: last } = equation(method, product, alpha);
    const inner = sum ** 2 - 4 * last;
    const touching = Math.abs(inner) <= TOUCHING * (sum ** 2 + 4 * Math.abs(last));
    if (touching) return { kind: "critical", rate: Math.abs(sum) / 2, roots: [sum / 2, sum / 2] };
    if (inner < 0) {
      const rate = Math.sqrt(last);
      const swing = (2 * Math.PI) / Math.acos(sum / (2 * rate));
      return { kind: "swings", rate, swing, roots: null };
    }
    const half = Math.sqrt(inner) / 2;
    const first = sum / 2 + (sum < 0 ? -half : half);
    const kind = first > 0 ? "creeps" : "jumps";
    return { kind, rate: Math.abs(first), roots: [first, sum - first] };
  }

  // The learning rate below which every walk in the valley arrives.
  function limit({ method, alpha, kappa }) {
    if (method === "descent") return 2 / kappa;
    if (method === "momentum") return (2 * (1 + alpha)) / kappa;
    return (2 * (1 + alpha)) / ((1 + 2 * alpha) * kappa);
  }

  // The setting with the smallest rate: of Nesterov's method by Lessard, Recht and Packard 2016.
  function best({ method, kappa }) {
    const root = Math.sqrt(kappa);
    if (method === "descent") return { eta: 2 / (1 + kappa) };
    if (method === "momentum")
      return { eta: 4 / (1 + root) ** 2, alpha: ((root - 1) / (root + 1)) ** 2 };
    const larger = Math.sqrt(3 * kappa + 1);
    return { eta: 4 / (3 * kappa + 1), alpha: (larger - 2) / (larger + 2) };
  }

  // The products between which the rate is at most as given, for an α; nothing where there are none.
  function within(method, rate, alpha) {
    if (method === "nesterov") {
      const swings = alpha > rate / (2 - rate);
      const low = 1 - rate ** 2 / (swings ? alpha : rate - alpha * (1 - rate));
      return [low, 1 + rate ** 2 / (rate + alpha * (1 + rate))];
    }
    if (alpha > rate ** 2) return null;
    return [(1 - rate) * (1 - alpha / rate), (1 + rate) * (1 + alpha / rate)];
  }

  // The products between which a direction swings, for an α.
  function swinging(method, alpha) {
    if (method === "nesterov") return [((1 - alpha) / (1 + alpha)) ** 2, 1];
    return [(1 - Math.sqrt(alpha)) ** 2, (1 + Math.sqrt(alpha)) ** 2];
  }

  kit.quadratic = {
    METHODS,
    curvatures,
    cost,
    walk,
    arrival,
    equation,
    motion,
    limit,
    best,
    within,
    swinging,
  };
})(window.explorables);
