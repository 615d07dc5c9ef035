// The optimizers of backprop.optimizers, on plain arrays: pure functions, the state passed around.
(function (kit) {
  "use strict";
  const zeros = (params) => params.map(() => 0);
  const combine = (left, right, both) => left.map((value, k) => both(value, right[k]));

  // An optimizer has the names and defaults of the package: its hyperparameters, the names of its
  // formulas, of which the first is ours, and `update(gradients, state, how)` → [changes, state].
  // State is {step, …}, all of it zero before the first step, but what `init` says.
  const GradientDescent = {
    defaults: {},
    variants: [""],
    init: () => ({ step: 0 }),
    update: (g, { step }, { learning_rate: eta }) => [
      g.map((value) => -eta * value),
      { step: step + 1 },
    ],
  };

  const velocity = (params) => ({ step: 0, velocity: zeros(params) });
  const Momentum = {
    defaults: { momentum: 0.9 },
    variants: ["classical", "framework", "average"],
    init: velocity,
    update(g, state, { learning_rate: eta, momentum: alpha, variant }) {
      const [ofGradient, ofUpdate] = {
        classical: [-eta, 1],
        framework: [1, -eta],
        average: [1 - alpha, -eta],
      }[variant];
      const v = combine(state.velocity, g, (old, now) => alpha * old + ofGradient * now);
      return [v.map((value) => ofUpdate * value), { step: state.step + 1, velocity: v }];
    },
  };

  const Nesterov = {
    defaults: { momentum: 0.9 },
    variants: ["sutskever", "lookahead_iterate", "pytorch"],
    init: velocity,
    lookahead: (params, state, { momentum: alpha, variant }) =>
      variant === "sutskever"
        ? combine(params, state.velocity, (value, v) => value + alpha * v)
        : params,
    update(g, state, { learning_rate: eta, momentum: alpha, variant }) {
      const [inVelocity, ofGradient, ofVelocity] = {
        sutskever: [-eta, 0, 1],
        lookahead_iterate: [-eta, -eta, alpha],
        pytorch: [1, -eta, -eta * alpha],
      }[variant];
      const v = combine(state.velocity, g, (old, now) => alpha * old + inVelocity * now);
      const changes = combine(v, g, (value, now) => ofVelocity * value + ofGradient * now);
      return [changes, { step: state.step + 1, velocity: v }];
    },
  };

  const root = (square, { eps, variant }) =>
    variant === "eps_inside" ? Math.sqrt(square + eps) : Math.sqrt(square) + eps;
  const scaled = (g, squares, how) =>
    combine(g, squares, (now, square) => (-how.learning_rate * now) / root(square, how));

  const Adagrad = {
    defaults: { eps: 1e-8, initial_accumulator: 0 },
    variants: ["eps_outside", "eps_inside"],
    init: (params, how) => ({ step: 0, squares: params.map(() => how.initial_accumulator) }),
    update(g, state, how) {
      const squares = combine(state.squares, g, (old, now) => old + now * now);
      return [scaled(g, squares, how), { step: state.step + 1, squares }];
    },
  };

  const RMSprop = {
    defaults: { decay: 0.9, eps: 1e-8 },
    variants: ["eps_outside", "eps_inside"],
    init: (params) => ({ step: 0, squares: zeros(params) }),
    update(g, state, how) {
      const rho = how.decay;
      const squares = combine(state.squares, g, (old, now) => rho * old + (1 - rho) * now * now);
      return [scaled(g, squares, how), { step: state.step + 1, squares }];
    },
  };

  const average = (beta, old, now) => combine(old, now, (m, g) => (1 - beta) * g + beta * m);
  const averageOfSquares = (beta, old, now) =>
    combine(old, now, (v, g) => g * g * (1 - beta) + beta * v);

  const Adam = {
    defaults: { beta1: 0.9, beta2: 0.999, eps: 1e-8 },
    variants: ["algorithm1", "eps_hat", "no_bias_correction"],
    init: (params) => ({ step: 0, m: zeros(params), v: zeros(params) }),
    update(g, state, { learning_rate: eta, beta1, beta2, eps: given, variant }) {
      const t = state.step + 1;
      const m = average(beta1, state.m, g);
      const v = averageOfSquares(beta2, state.v, g);
      const corrected = variant !== "no_bias_correction";
      const mScale = corrected ? 1 - beta1 ** t : 1;
      const rootScale = corrected ? Math.sqrt(1 - beta2 ** t) : 1;
      const eps = given * (variant === "eps_hat" ? 1 : rootScale);
      const factor = (-eta * rootScale) / mScale;
      return [combine(m, v, (mk, vk) => (factor * mk) / (Math.sqrt(vk) + eps)), { step: t, m, v }];
    },
  };

  // μ of a step, by the schedule that some forms have.
  function momentumAt(t, { beta1, momentum_decay: given, variant }) {
    if (variant === "constant" || variant === "ruder") return beta1;
    const psi = given === undefined ? (variant === "keras" ? 1 : 0.004) : given;
    return beta1 * (1 - 0.5 * 0.96 ** (t * psi));
  }

  const Nadam = {
    defaults: { beta1: 0.9, beta2: 0.999, eps: 1e-8 },
    variants: ["constant", "dozat", "pytorch", "keras", "ruder"],
    init: (params) => ({ step: 0, m: zeros(params), v: zeros(params), product: 1 }),
    update(g, state, how) {
      const { learning_rate: eta, beta1, beta2, variant } = how;
      const t = state.step + 1;
      const [mu, next] = [momentumAt(t, how), momentumAt(t + 1, how)];
      const product = state.product * mu;
      const belowM = variant === "ruder" ? product : product * next;
      const m = average(variant === "dozat" ? mu : beta1, state.m, g);
      const v = averageOfSquares(beta2, state.v, g);
      const rootScale = Math.sqrt(1 - beta2 ** t);
      const step = -eta * rootScale;
      const [ofM, ofG] = [(step * next) / (1 - belowM), (step * (1 - mu)) / (1 - product)];
      const eps = how.eps * rootScale;
      const changes = m.map((mk, k) => (ofM * mk + ofG * g[k]) / (Math.sqrt(v[k]) + eps));
      return [changes, { step: t, m, v, product }];
    },
  };

  const KINDS = { GradientDescent, Momentum, Nesterov, Adagrad, RMSprop, Adam, Nadam };

  // All that an optimizer goes by: what is asked for, and its defaults.
  function settled({ kind, ...asked }) {
    const { defaults, variants } = KINDS[kind];
    return { kind, variant: variants[0], ...defaults, ...asked };
  }

  const add = (params, changes) => combine(params, changes, (value, change) => value + change);

  // The parameters before the first step and after each, as backprop.descent.descend has them. A
  // walk ends where it leads out of all bounds, and that is where `FAR` is.
  const FAR = 1e100;
  function descend(start, gradient, optimizer, steps) {
    const how = settled(optimizer);
    const { init, update, lookahead = (params) => params } = KINDS[how.kind];
    let [params, state] = [start, init(start, how)];
    const path = [params];
    while (path.length <= steps) {
      let changes;
      [changes, state] = update(gradient(lookahead(params, state, how)), state, how);
      params = add(params, changes);
      if (!params.every((value) => Math.abs(value) < FAR)) break;
      path.push(params);
    }
    return path;
  }

  // The changes that an optimizer makes of gradients, which do not depend on where it is.
  function changesOf(gradients, optimizer) {
    const how = settled(optimizer);
    let state = KINDS[how.kind].init(gradients[0], how);
    return gradients.map((g) => {
      let changes;
      [changes, state] = KINDS[how.kind].update(g, state, how);
      return changes;
    });
  }

  kit.optimizers = { KINDS, settled, descend, changesOf };
})(window.explorables);
