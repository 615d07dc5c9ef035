// The Jacobian zoom: close by, a function is its Jacobian; and the two products with it.
(function (kit) {
  "use strict";
  const { element } = kit;
  const { MAPS, LEAST, MOST } = kit.zoom;
  const { FUNCTIONS, MATRICES, pair } = kit.zoomNames;
  const VIEWS = [
    ["zoom", "Zoom"],
    ["products", "Two products"],
  ];
  const LEGEND =
    "solid: what f makes of the square · dashed: what J makes of it · thick: left over";
  const PRODUCTS_LEGEND = "solid: directions · dashed: rates · thin: lines of equal cost";
  const PENCIL = [-2, -1.5, -1, -0.5, 0.5, 1, 1.5, 2]; // places that are good to compute with

  function build(frame) {
    const { change, formula } = frame;
    const maps = kit.planeMaps.maps(frame.data.example);
    const views = kit.choice({
      label: "View",
      options: VIEWS,
      value: frame.state.view,
      change: (view) => edit({ view }, `${view === "zoom" ? "Zoom" : "Two products"}`),
    });
    const ask = kit.button("Predict first", predictFirst, { "aria-pressed": "false" });
    const which = kit.select({
      label: "Function",
      options: MAPS.map((name) => [name, FUNCTIONS[name]]),
      value: frame.state.map,
      change: (map) => edit({ map, x: maps[map].start }, `Function: ${FUNCTIONS[map]}`),
    });
    const drawnAs = kit.select({
      label: "Dashed is",
      options: Object.entries(MATRICES),
      value: frame.state.matrix,
      change: (matrix) => edit({ matrix, asking: false }, `Drawn is ${MATRICES[matrix]}`),
    });
    const size = kit.slider({
      label: "Half-width",
      value: frame.state.half,
      least: LEAST,
      most: MOST,
      step: 0.05,
      along: { from: Math.log2(LEAST), to: 0, step: 0.25, of: Math.log2, at: (at) => 2 ** at },
      change: shrink,
    });
    const halve = kit.button("Halve it", () => turn(1));
    const sizes = element("div", { class: "sizes" }, size.node, halve);
    const state = () => frame.state;
    const view = kit.zoomView({ state, move: (x) => edit({ x }, `x is ${pair(x)}`), shrink });
    const shown = { zoom: view };
    const canvas = element("div", { class: "canvas" }, view.svg);
    const legend = element("p", { class: "caption" });
    const question = element("div", {});
    const cards = { zoom: kit.zoomCard(formula) };
    const working = element("div", {}, cards.zoom.node);
    const drawer = element(
      "details",
      { toggle: () => frame.painter.ask() },
      element("summary", {}, "Change the numbers"),
    );
    const parts = [];
    frame.stage.append(
      element("div", { class: "bar top" }, views.node, ask),
      element("div", { class: "bar" }, which.node, drawnAs.node),
      canvas,
      legend,
      sizes,
      question,
      working,
      drawer,
    );

    // The parts that came later take their places.
    function complete() {
      shown.products = kit.productsView({
        state,
        aim: (v) => edit({ v }, `v is ${pair(v)}`),
        weigh: (u) => edit({ u }, `u is ${pair(u)}`),
      });
      cards.products = kit.productsCard(formula);
      canvas.append(shown.products.svg);
      working.append(cards.products.node);
      const asked = prediction();
      question.append(asked.node);
      parts.push(asked, kit.zoomFields(drawer, { change: edit }));
    }

    function prediction() {
      const next = kit.button("Another place", elsewhere);
      const answered = () => change({ answered: frame.state.answered + 1 });
      const asking = kit.ask({ answered, after: [next] });

      function draw(picture) {
        const found = kit.zoomQuestions.question(picture);
        asking.draw({
          open: picture.asking,
          label: labelOf(found),
          question: found,
          mistakes: () => kit.zoomQuestions.mistakes(picture),
          place: picture.place,
        });
        next.hidden = Boolean(found);
      }
      return { node: asking.node, draw };
    }

    function labelOf(question) {
      if (!question) return "All is known here.";
      if (question.symbol) return `${question.symbol} =`;
      return "In the end, each halving divides what is left over by";
    }

    // Other numbers: what was answered before says nothing of them.
    function edit(part, words = "") {
      change({ answered: 0, ...part }, words);
    }

    function predictFirst() {
      const asking = !frame.state.asking;
      const words = asking ? "Numbers are asked for before they are shown" : "Numbers are shown";
      edit({ asking, ...(asking ? { matrix: "right" } : {}) }, words);
    }

    function elsewhere() {
      const pick = () => PENCIL[Math.floor(Math.random() * PENCIL.length)];
      const x = [pick(), pick()];
      edit({ x, v: [pick(), pick()], u: [pick(), pick()] }, `x is ${pair(x)}`);
    }

    function shrink(half) {
      change({ half }, `Half-width ${kit.short(half)}. ${leftOver(half)}`);
    }

    function leftOver(half) {
      const { halvings, known } = picture({ ...frame.state, half });
      const [{ clear, size: gap }] = halvings;
      if (!known("ratio")) return "";
      return clear ? `${kit.format(gap, 7)} is left over` : "Nothing to see is left over";
    }

    function turn(by) {
      const half = Math.min(MOST, Math.max(LEAST, frame.state.half / 2 ** by));
      if (half !== frame.state.half) shrink(half);
    }

    const picture = (state) =>
      kit.zoomPicture.of(state, maps, Math.max(280, Math.min(frame.stage.clientWidth || 680, 760)));
    // The view that is wanted, or the first as long as the other has not come.
    const shownView = () => (shown[frame.state.view] ? frame.state.view : "zoom");

    function draw(state) {
      const now = picture(state);
      const name = shownView();
      for (const key of Object.keys(shown)) {
        shown[key].svg.style.display = cards[key].node.style.display = key === name ? "" : "none";
      }
      sizes.style.display = name === "zoom" ? "" : "none";
      shown[name].draw(now);
      cards[name].draw(now);
      views.set(state.view);
      which.set(state.map);
      drawnAs.set(state.matrix);
      size.set(state.half);
      kit.put(halve, { "aria-disabled": state.half <= LEAST ? "true" : false });
      kit.write(legend, name === "zoom" ? LEGEND : PRODUCTS_LEGEND);
      kit.put(ask, { "aria-pressed": `${state.asking}` });
      parts.forEach((part) => part.draw(now));
    }

    return { draw, complete, drawing: () => shown[shownView()].svg, turn };
  }

  const { start, encode, decode } = kit.zoom;
  kit.define("zoom", { start, encode, decode, build });
})(window.explorables);
