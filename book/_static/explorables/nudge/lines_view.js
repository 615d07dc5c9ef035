// Number lines below each other: what one number does to the next, as strands between them.
(function (kit) {
  "use strict";
  const { drawn, put } = kit;
  const { ROLES } = kit.nudgeNames;
  const STEP = 0.05;
  const DEEP = 30; // pixels that the strands leave free below a line, for its numbers
  const HIGH = 34; // and above the next, for its name
  const APART = 3; // half of what is between the shares of two paths

  // linesView({state, move}): `state` is asked where things are, as a key may come before what the last
  // one did is drawn; `move` takes which number is moved ("x" or a place on the way), and how far.
  kit.linesView = function ({ state, move }) {
    const svg = drawn("svg", {
      class: "lines-of-numbers",
      role: "group",
      "aria-label": "Number lines: what is moved, the numbers on the way, the result",
    });
    let made = "";
    let parts = null;

    function draw(picture) {
      const { geometry } = picture;
      put(svg, { viewBox: `0 0 ${geometry.width} ${geometry.height}` });
      const key = `${picture.example}`;
      if (key !== made) parts = make(picture);
      made = key;
      drawLines(picture);
      drawStrands(picture);
      parts.holds.forEach(({ tell }) => tell());
    }

    // The elements of an example; other numbers of it are written into them.
    function make({ nudge: { inner }, letters }) {
      const first = line("x");
      const ways = inner.map((_, k) => line(`${k}`, ROLES[k]));
      const last = line("");
      const strands = inner.map((_, k) => [strand(ROLES[k]), strand(ROLES[k])]);
      const segments = inner.map((_, k) => drawn("path", { class: `segment ${ROLES[k]}` }));
      const all = [first, ...ways, last];
      svg.replaceChildren(
        ...strands.flat().map(({ node }) => node),
        ...all.map(({ node }) => node),
        ...segments,
        ...[first, ...ways].map(({ held }) => held.node),
        last.end,
      );
      const holds = [first, ...ways].map((one) => hold(one, letters));
      return { first, ways, last, strands, segments, holds };
    }

    function line(moved, role = "ink") {
      const axis = drawn("path", { class: "axis" });
      const name = drawn("text", { class: "line-name", "text-anchor": "middle" });
      const base = drawn("path", { class: "base" });
      const step = drawn("path", { class: `step-of ${role}` });
      const ticks = drawn("g", {});
      const held = kit.handle(drawn("circle", { r: 6, class: `spot held ${role}` }));
      const end = drawn("circle", { r: 4, class: "spot" });
      const node = drawn("g", {}, axis, step, base, ticks, name);
      return { moved, node, axis, name, base, step, ticks, held, end, at: null };
    }

    function strand(role) {
      const ground = drawn("path", { class: `strand ${role}` });
      const label = drawn("text", { class: `strand-rate ${role}`, "text-anchor": "middle" });
      return { node: drawn("g", {}, ground, label), ground, label };
    }

    function hold(one, { x, inner }) {
      const alone = inner.length > 1 ? " alone" : "";
      const name = one.moved === "x" ? x : `${inner[one.moved]}${alone}`;
      return kit.draggable(one.held.node, {
        label: `Move ${name}`,
        axes: "x",
        place: (left, top) => [one.back(kit.placeIn(svg)(left, top)[0]), 0],
        value: () => [state().moved === one.moved ? state().step : 0, 0],
        step: STEP,
        move: ([to]) => move(one.moved, kit.nudge.stepOf(Math.round(to / STEP) / (1 / STEP))),
      });
    }

    function drawLines({ letters, rates, now: there, windows, geometry }) {
      const lines = [
        [parts.first, letters.x, rates.x, there.x, windows.x, geometry.x],
        ...parts.ways.map((one, k) => [
          one,
          letters.inner[k],
          rates.values[k],
          there.values[k],
          windows.inner[k],
          geometry.inner[k],
        ]),
        [parts.last, letters.result, rates.result, there.result, windows.result, geometry.result],
      ];
      lines.forEach((all) => drawLine(...all));
    }

    function drawLine(one, letter, base, end, reach, { from, to, y }) {
      const scale = (to - from) / 2 / reach;
      const middle = (from + to) / 2;
      const pixel = (value) => middle + scale * (value - base);
      one.at = (value) => [pixel(value), y];
      one.back = (x) => (x - middle) / scale;
      put(one.axis, { d: `M${from} ${y}H${to}` });
      put(one.base, { d: `M${middle} ${y - 7}v14` });
      if (one.moved) put(one.step, { d: `M${middle} ${y}H${pixel(end).toFixed(1)}` });
      put(one.name, { x: middle, y: y - 16 });
      kit.write(one.name, words(letter, base, end));
      drawTicks(one, [base - reach, base + reach], pixel, y);
      one.held.draw([pixel(end), y]);
      put(one.end, { cx: pixel(end).toFixed(1), cy: y });
    }

    // They stay as they are while a number is moved.
    function drawTicks(one, ends, pixel, y) {
      const key = [...ends, pixel(ends[0]), y].join();
      if (key === one.ticked) return;
      one.ticked = key;
      one.ticks.replaceChildren(
        ...kit.ticks(ends).flatMap(([value, text]) => {
          const x = pixel(value).toFixed(1);
          return [
            drawn("path", { class: "axis", d: `M${x} ${y}v4` }),
            drawn("text", { class: "tick", x, y: y + 17, "text-anchor": "middle" }, text),
          ];
        }),
      );
    }

    const words = (letter, base, end) =>
      end === base
        ? `${letter} = ${kit.short(base)}`
        : `${letter}: ${kit.short(base)} → ${kit.short(end)}`;

    // From where a number was and is to where the next was and is. On the last line one path's
    // share begins where that of the path before ends.
    function drawStrands({ rates, now: there, moved, step, known }) {
      const { first, ways, last, strands, segments } = parts;
      let from = rates.result;
      ways.forEach((way, k) => {
        const to = from + there.parts[k];
        const here = [rates.values[k], there.values[k]];
        const ratio = there.moves[k] && there.parts[k] / there.moves[k];
        const inner = moved === "x";
        // Two strands may cross: their numbers stand one below the other.
        const share = ways.length > 1 ? [0.33, 0.67][k] : 0.5;
        drawStrand(strands[k][0], [rates.x, there.x].map(first.at), here.map(way.at), {
          seen: inner,
          share,
          of: `rate.slope.${k}`,
          ratio: step && known(`slope.${k}`) ? there.moves[k] / step : null,
        });
        drawStrand(strands[k][1], here.map(way.at), [from, to].map(last.at), {
          seen: inner || moved === way.moved,
          share,
          of: `rate.partial.${k}`,
          ratio: there.moves[k] && known(`partial.${k}`) ? ratio : null,
        });
        const [start, end] = [from, to].map((value) => last.at(value)[0].toFixed(1));
        put(segments[k], {
          d: `M${start} ${last.at(0)[1] + APART * (2 * k + 1 - ways.length)}H${end}`,
        });
        from = to;
      });
    }

    // `share` is how far down its number stands.
    function drawStrand({ node, ground, label }, above, below, { seen, share, of, ratio }) {
      put(node, { visibility: seen ? "visible" : "hidden" });
      const [top, bottom] = [above[0][1] + DEEP, below[0][1] - HIGH];
      const points = [
        [above[0][0], top],
        [above[1][0], top],
        [below[1][0], bottom],
        [below[0][0], bottom],
      ];
      put(ground, { d: `M${points.map((p) => p.map((n) => n.toFixed(1)).join(" ")).join("L")}Z` });
      put(label, {
        x: (above[1][0] + share * (below[1][0] - above[1][0]) + 8).toFixed(1),
        y: (top + share * (bottom - top) + 4).toFixed(1),
      });
      put(label, { visibility: seen && ratio !== null ? "visible" : "hidden", "data-of": of });
      if (ratio !== null) kit.show(label, ratio, `× ${kit.rough(ratio)}`);
    }

    return { svg, draw };
  };
})(window.explorables);
