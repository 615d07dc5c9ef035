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
  // or, where it needs nothing of the frame,
  //   mount(place)         makes all of it
  kit.define = (name, kind) => kinds.set(name, kind);

  kit.mount = function (place, fetchLater) {
    const kind = kinds.get(place.dataset.explorable);
    const mount = kind.mount || ((to) => framed(to, kind, fetchLater));
    place.explorable = place.explorable || mount(place);
    place.classList.add("explorable-on");
    return place.explorable;
  };

  const dataOf = (place) =>
    JSON.parse(place.querySelector('script[type="application/json"]').textContent);

  function framed(place, kind, fetchLater) {
    const { explorable: name, title } = place.dataset;
    const { formula, more } = kit.formulas(place);
    const data = dataOf(place);
    const voice = kit.announcer();
    const notice = kit.element("p", { class: "notice", role: "status" });
    const stage = kit.element("div", { class: "stage" });
    const root = kit.element("section", { class: "explorable-live", "aria-label": title }, stage);
    const painter = kit.redraw(() => shown.draw(frame.state));
    const note = (words) => kit.write(notice, words);
    const frame = { name, title, place, data, formula, root, stage, painter, say: voice.say };
    const first = beginning(kind, place, data);
    const address = addressed(frame, kind, first, note);
    Object.assign(frame, { first, state: first, change, show, touched, link: address.link });

    // Another state, in part or in whole, and what is said of it.
    function change(patch, words = "") {
      frame.state = { ...frame.state, ...patch };
      note("");
      if (words) voice.say(words);
      address.keep();
      painter.ask();
    }

    function show(state) {
      frame.state = state;
      painter.now();
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
      painter.ask();
    }

    function followLink() {
      if (!address.read()) return;
      touched();
      painter.ask();
    }

    const shown = kind.build(frame);
    root.append(notice, toolbar(frame, shown, note), voice.region);
    for (const event of ["pointerenter", "pointerdown", "focusin"]) {
      root.addEventListener(event, touched);
    }
    followLink();
    place.append(root);
    painter.now();
    new ResizeObserver(painter.ask).observe(stage);
    addEventListener("hashchange", followLink);
    return frame;
  }

  // Where one begins: in the situation that the page names, if it names one.
  function beginning(kind, place, data) {
    const named = place.dataset.start;
    return named ? kind.decode(kit.url.texts(named), data) : kind.start(data);
  }

  // The state of a frame as a link: read, made, and kept in the address of the page.
  function addressed(frame, kind, first, note) {
    const { name, data } = frame;
    const write = kit.url.writer(name);
    const texts = () => ({ v: VERSION, ...kind.encode(frame.state, data) });

    // Whether the address speaks of this explorable; what it says wrongly is not guessed at.
    function read() {
      const found = kit.url.read(name);
      if (!found) return false;
      const { v, ...rest } = found;
      try {
        if (v !== VERSION) throw new Error(`version ${v}`);
        frame.state = kind.decode(rest, data);
        note("");
      } catch {
        frame.state = first;
        note(BROKEN);
      }
      return true;
    }

    return { read, keep: () => write(texts()), link: () => kit.url.address(name, texts()) };
  }

  function toolbar(frame, shown, note) {
    const { root, name, title, say } = frame;
    const large = kit.button("Lecture mode", whole(enlarge), { "aria-pressed": "false" });
    let lecture = null;

    // What is done by scripts that come later.
    function whole(act) {
      return () => frame.touched().then(act);
    }

    function enlarge() {
      const turn = shown.turn || (() => {});
      lecture = lecture || kit.lecture(root, { turn, changed: enlarged });
      lecture.toggle();
    }

    function enlarged(on) {
      kit.put(large, { "aria-pressed": `${on}` });
      say(on ? "Lecture mode: arrow keys turn the steps, Escape ends it" : "Lecture mode ended");
      frame.painter.ask();
    }

    async function copyLink() {
      try {
        await navigator.clipboard.writeText(frame.link());
        say("Link copied");
        note("Link copied: it opens this situation.");
      } catch {
        location.replace(frame.link());
        note("The address of this page is now a link to this situation.");
      }
    }

    return kit.element(
      "div",
      { class: "tools", role: "group", "aria-label": `Tools of ${title}` },
      kit.button("Start over", () => frame.change(frame.first, "Back at the beginning")),
      kit.button("Copy link", copyLink),
      kit.button(
        "Save as SVG",
        whole(() => kit.saveSvg(shown.drawing(), name)),
      ),
      large,
    );
  }

  kit.dataOf = dataOf;
})(window.explorables);
