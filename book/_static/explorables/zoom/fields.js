// The numbers of the zoom, to be typed.
(function (kit) {
  "use strict";
  const { element } = kit;
  const { PLACE, FAR, BOUND } = kit.zoom;
  const { DIGITS } = kit.zoomNames;
  const { replaced } = kit.network;

  // zoomFields(drawer, {change}): `change` takes a part of a state.
  kit.zoomFields = function (drawer, { change }) {
    let now = null;
    const groups = [
      vector("Where", "x", "x", PLACE),
      vector("Direction of the input", "v", "v", FAR),
      vector("Rates of the outputs", "u", "u", FAR),
    ];
    const own = [0, 1].flatMap((i) => [0, 1].map((j) => ownEntry(i, j)));
    const matrix = group("My own numbers for J", own);
    drawer.append(...groups.map(({ node }) => node), matrix);
    const fields = [...groups.flatMap((one) => one.fields), ...own];

    function draw(picture) {
      now = picture;
      if (drawer.open) fields.forEach(({ field, value }) => field.set(value(now)));
    }

    function vector(legend, part, letter, far) {
      const made = [0, 1].map((k) =>
        field(
          `${letter}${DIGITS[k]}`,
          far,
          (p) => p[part][k],
          (value) => change({ [part]: replaced(now[part], k, value) }),
        ),
      );
      return { node: group(legend, made), fields: made };
    }

    // A number of one's own is drawn at once.
    function ownEntry(i, j) {
      const changed = (value) =>
        change({ own: replaced(now.own, i, replaced(now.own[i], j, value)), matrix: "own" });
      return field(`J${DIGITS[i]}${DIGITS[j]}`, BOUND, (p) => p.own[i][j], changed);
    }

    function field(label, far, value, changed) {
      const made = kit.numberField({ label, value: 0, least: -far, most: far, change: changed });
      return { field: made, value };
    }

    function group(legend, made) {
      const nodes = made.map(({ field: one }) => one.node);
      return element("fieldset", { class: "numbers" }, element("legend", {}, legend), ...nodes);
    }

    return { draw };
  };
})(window.explorables);
