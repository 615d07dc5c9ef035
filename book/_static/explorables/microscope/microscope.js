// The network microscope: every number of a pass, step by step, and what any weight does to the
// cost.
(function (kit) {
  "use strict";
  const { element } = kit;
  const { same } = kit.microscope;
  const VIEWS = [
    ["network", "Network"],
    ["reversed", "Reversed"],
    ["matrices", "Matrices"],
  ];

  function build(frame) {
    const { change, formula } = frame;
    const views = kit.choice({
      label: "View",
      options: VIEWS,
      value: frame.state.view,
      change: (view) => change({ view }, `${view} view`),
    });
    const network = kit.networkView({ choose: look });
    const shown = { network };
    const canvas = element("div", { class: "canvas" }, network.svg);
    const stepper = kit.stepper({ label: "Steps of the pass", change: go });
    const title = element("p", { class: "step-title" });
    const thick = kit.choice({
      label: "Thickness of the connections",
      options: [
        ["weight", "Thick: a large weight"],
        ["gradient", "a large gradient"],
      ],
      value: frame.state.thick,
      change: (of) => change({ thick: of }, `Thick is a large ${of}`),
    });
    const ask = kit.button(
      "Predict first",
      () =>
        change(
          { asking: !frame.state.asking, trainer: false },
          frame.state.asking ? "Numbers are shown" : "Numbers are asked for before they are shown",
        ),
      { "aria-pressed": "false" },
    );
    const practise = kit.button("Practise δ", practiseDelta);
    const question = element("div", {});
    const card = kit.card(formula);
    const below = element("div", {});
    const settings = drawer("Change the network and its numbers");
    const training = drawer("One training step, and many");
    const parts = [card];
    frame.stage.append(
      element(
        "div",
        { class: "bar top" },
        views.node,
        element("span", { class: "bar" }, ask, practise),
      ),
      stepper.node,
      title,
      question,
      canvas,
      thick.node,
      card.node,
      below,
      settings,
      training,
    );
    frame.stage.addEventListener("pointerover", point);
    frame.stage.addEventListener("focusin", point);

    // What folds out; it is drawn when it is open.
    function drawer(words) {
      return element(
        "details",
        { toggle: () => frame.painter.ask() },
        element("summary", {}, words),
      );
    }

    // The parts that came later take their places.
    function complete() {
      const predict = kit.predict({ answered, onward, next: practiseDelta, back });
      const inspector = kit.inspector({
        formula,
        change: edit,
        close: () => change({ chosen: null }, "Closed"),
      });
      const views = [kit.reversedView(), kit.matrixView()];
      [shown.reversed, shown.matrices] = views;
      canvas.append(...views.map(({ svg }) => svg));
      question.append(predict.node);
      below.append(inspector.node);
      parts.push(
        predict,
        inspector,
        kit.settings(settings, { data: frame.data, load, change: edit }),
        kit.training(training, { change: edit }),
      );
    }

    function onward() {
      go(frame.state.step + 1);
    }

    function go(step) {
      const chosen =
        frame.state.chosen && frame.state.chosen[0] === "u" ? frame.state.chosen : null;
      const all = kit.steps.all(frame.state.net);
      change(
        { step, chosen },
        `Step ${step + 1} of ${all.length}. ${kit.steps.title(frame.state.net, all[step])}. ${numberOf(step, all)}`,
      );
    }

    // What a step has computed, for those who listen.
    function numberOf(step, all) {
      const { state } = frame;
      const question = kit.steps.result(
        state,
        kit.network.trace(state.net, state.x, state.y),
        all[step],
      );
      if (!question) return "";
      return state.asking
        ? `${question.symbol} is asked for`
        : `${question.symbol} is ${kit.format(question.right)}`;
    }

    function look(chosen) {
      const again = same(chosen, frame.state.chosen);
      const name =
        chosen[0] === "w"
          ? kit.names.parameterInWords(frame.state.net, chosen.slice(1))
          : kit.names.unit(frame.state.net, ...chosen.slice(1));
      change(
        { chosen: again ? null : chosen },
        again ? "Closed" : `Looking at the ${name}; more below`,
      );
    }

    // Other numbers: what was answered before says nothing of them.
    function edit(part, words = "") {
      change({ ...part, answers: [], costs: part.costs || [] }, words || changed(part));
    }

    function changed({ net = frame.state.net, x = frame.state.x, y = frame.state.y }) {
      return `The cost is ${kit.format(kit.network.cost(net, x, y))}`;
    }

    function load(situation, more = {}) {
      const all = kit.steps.all(situation.net);
      change(
        {
          ...situation,
          chosen: null,
          answers: [],
          costs: [],
          trainer: false,
          step: Math.min(frame.state.step, all.length - 1),
          ...more,
        },
        `A network of ${kit.network.sizes(situation.net).join(", ")} units`,
      );
    }

    // A small network with whole numbers, at the δ of a hidden unit.
    async function practiseDelta() {
      await frame.touched();
      const { step, ...situation } = kit.deltaQuestion();
      const { trainer, mine } = frame.state;
      load(situation, {
        ...{ step, asking: true, trainer: true },
        mine: trainer ? mine : { ...frame.state, trainer: false },
      });
    }

    // From practising to the network that stood there before.
    function back() {
      change({ ...frame.state.mine, mine: null }, "Your network again");
    }

    function answered(atOnce) {
      const {
        step,
        answers,
        trainer,
        score: [right, all],
      } = frame.state;
      change({
        answers: [...answers, step],
        score: trainer ? [right + (atOnce ? 1 : 0), all + 1] : [right, all],
      });
    }

    // A number that is pointed at shows where it comes from.
    function point({ target }) {
      const source = target.closest ? target.closest("[data-of], [data-path]") : null;
      canvas.querySelectorAll(".pointed").forEach((node) => node.classList.remove("pointed"));
      if (!source) return;
      const of =
        source.dataset.path === undefined
          ? [source.dataset.of]
          : [...source.querySelectorAll("[data-of]")].map((node) => node.dataset.of);
      of.forEach((name) =>
        canvas
          .querySelectorAll(`[data-edge="${name}"], .unit-group [data-of="${name}"]`)
          .forEach((node) => node.classList.add("pointed")),
      );
    }

    // The view that is wanted, or the network as long as the others have not come.
    const shownView = (name) => shown[name] || network;

    function draw(state) {
      const picture = pictureOf(state, frame.stage.clientWidth);
      views.set(state.view);
      thick.set(state.thick);
      const view = shownView(state.view);
      thick.node.style.display = view === network ? "" : "none";
      Object.values(shown).forEach(({ svg }) => {
        svg.style.display = svg === view.svg ? "" : "none";
      });
      view.draw(picture);
      const words = kit.steps.title(state.net, picture.now);
      stepper.set(
        state.step,
        picture.all.length,
        `${state.step + 1} of ${picture.all.length}: ${words}`,
      );
      kit.write(title, words);
      kit.put(ask, { "aria-pressed": `${state.asking}` });
      canvas.classList.toggle("stays", state.chosen !== null);
      parts.forEach((part) => part.draw(picture));
    }

    return { draw, complete, drawing: () => shownView(frame.state.view).svg, turn: stepper.go };
  }

  // All that the views show of a state.
  function pictureOf(state, width) {
    const { net, x, y, chosen, step } = state;
    const all = kit.steps.all(net);
    const now = all[step];
    const traced = kit.network.trace(net, x, y);
    const question = kit.steps.result(state, traced, now);
    const hidden = state.asking && question !== null && !state.answers.includes(step);
    if (hidden && kit.early) question.early = kit.early(state, traced, now);
    return {
      ...state,
      all,
      now,
      traced,
      question,
      hidden,
      known: kit.steps.known(net, all, step),
      lit: litEdges(net, now, chosen),
      fan: now.kind === "backward" ? "out" : "in",
      place: JSON.stringify([step, net, x, y]),
      mistakes: () => kit.mistakes(state, traced, now),
      geometry: kit.geometry.layout(
        kit.network.sizes(net),
        Math.max(280, Math.min(width || 680, 760)),
      ),
    };
  }

  // The connections that are lit, each with the colour of what runs along it.
  function litEdges(net, now, chosen) {
    const lit = new Map();
    if (chosen && chosen[0] === "w") {
      const [layer, i] = chosen.slice(1);
      for (const units of kit.network.ways(net, layer, i)) {
        units
          .slice(1)
          .forEach((unit, k) => lit.set(`w.${layer + 1 + k}.${unit}.${units[k]}`, "loss"));
      }
      return lit;
    }
    const [layer, k] = [now.column - 1, now.k];
    if (now.kind === "forward") {
      net.W[layer][k].forEach((_, j) => lit.set(`w.${layer}.${k}.${j}`, "forward"));
      lit.set(`b.${layer}.${k}`, "forward");
    }
    if (now.kind === "backward" && now.column < net.W.length)
      net.W[now.column].forEach((_, i) => lit.set(`w.${now.column}.${i}.${k}`, "backward"));
    return lit;
  }

  const { start, encode, decode } = kit.microscope;
  kit.define("microscope", { start, encode, decode, build });
})(window.explorables);
