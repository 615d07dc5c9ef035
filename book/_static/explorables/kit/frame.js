// What every explorable stands in: its state, its link, its live region, its buttons.
(function (kit) {
  "use strict";
  const kinds = new Map();
  const VERSION = "1";
  const BROKEN = "This link is broken or from another version of the book; here is the beginning.";

  // define(name, kind), where a kind has
  //   start(data)          the state at the beginning; a state is a plain object that is never changed
  //   encode(state, data)  what differs from the beginning, as an object of short texts
  //   decode(texts, data)  the state of such an object; it throws where there is none
  //   build(frame)         makes the elements and returns
  //     draw(state)          what shows a state
  //     drawing()            the SVG that is saved
  //     turn(by)             steps, in lecture mode; a kind without steps has none
  //     complete()           makes the rest, with the scripts that came later, if there are some
  kit.define = (name, kind) => kinds.set(name, kind);

  kit.mount = function (place, fetchLater) {
    if (place.explorable) return place.explorable;
    const { explorable: name, title } = place.dataset;
    const kind = kinds.get(name);
    const data = JSON.parse(place.querySelector('script[type="application/json"]').textContent);
    const { formula, more } = kit.formulas(place);
    const frame = { name, title, place, data, formula, state: kind.start(data) };
    const voice = kit.announcer();
    const keep = kit.url.writer(name);
    const painter = kit.redraw(() => shown.draw(frame.state));
    const notice = kit.element("p", { class: "notice", role: "status" });
    const stage = kit.element("div", { class: "stage" });
    const tools = kit.element("div", {
      class: "tools",
      role: "group",
      "aria-label": `Tools of ${title}`,
    });
    const root = kit.element(
      "section",
      { class: "explorable-live", "aria-label": title },
      stage,
      notice,
      tools,
      voice.region,
    );

    // Another state, in part or in whole, and what is said of it.
    function change(patch, words = "") {
      frame.state = { ...frame.state, ...patch };
      kit.write(notice, "");
      if (words) voice.say(words);
      keep(texts());
      painter.ask();
    }

    function show(state) {
      frame.state = state;
      painter.now();
    }

    const texts = () => ({ v: VERSION, ...kind.encode(frame.state, data) });
    const link = () => kit.url.address(name, texts());

    function readAddress() {
      const found = kit.url.read(name);
      if (!found) return;
      const { v, ...rest } = found;
      try {
        if (v !== VERSION) throw new Error(`version ${v}`);
        frame.state = kind.decode(rest, data);
        kit.write(notice, "");
      } catch {
        frame.state = kind.start(data);
        kit.write(notice, BROKEN);
      }
    }

    async function copyLink() {
      try {
        await navigator.clipboard.writeText(link());
        voice.say("Link copied");
        kit.write(notice, "Link copied: it opens this situation.");
      } catch {
        location.replace(link());
        kit.write(notice, "The address of this page is now a link to this situation.");
      }
    }

    function reset() {
      change(kind.start(data), "Back at the beginning");
    }

    // The rest comes when somebody points at it, goes there by keyboard, or follows a link.
    function touched() {
      frame.whole = frame.whole || complete();
      return frame.whole;
    }

    async function complete() {
      await fetchLater();
      more();
      if (shown.complete) shown.complete();
      lecture = kit.lecture(root, { turn: shown.turn || (() => {}), changed: inLecture });
      painter.ask();
    }

    Object.assign(frame, {
      root,
      stage,
      change,
      touched,
      show,
      say: voice.say,
      link,
      painter,
      encode: texts,
    });
    const shown = kind.build(frame);
    let lecture = null;
    const large = kit.button("Lecture mode", () => touched().then(() => lecture.toggle()), {
      "aria-pressed": "false",
    });
    tools.append(
      kit.button("Start over", reset),
      kit.button("Copy link", copyLink),
      kit.button("Save as SVG", () => touched().then(() => kit.saveSvg(shown.drawing(), name))),
      large,
    );

    function inLecture(on) {
      kit.put(large, { "aria-pressed": `${on}` });
      voice.say(
        on ? "Lecture mode: arrow keys turn the steps, Escape ends it" : "Lecture mode ended",
      );
      painter.ask();
    }

    readAddress();
    for (const event of ["pointerenter", "pointerdown", "focusin"])
      root.addEventListener(event, touched);
    if (kit.url.read(name)) touched();
    place.append(root);
    place.classList.add("explorable-on");
    painter.now();
    new ResizeObserver(painter.ask).observe(stage);
    addEventListener("hashchange", () => {
      if (!kit.url.read(name)) return;
      readAddress();
      touched();
      painter.ask();
    });
    place.explorable = frame;
    return frame;
  };
})(window.explorables);
