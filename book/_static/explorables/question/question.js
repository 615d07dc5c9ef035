// A question of the page that is answered in it: by a number, or by one of a few choices.
(function (kit) {
  "use strict";
  const { element } = kit;

  function mount(place) {
    const data = kit.dataOf(place);
    const verdict = element("p", { class: "verdict", role: "status" });
    const around = place.closest(".admonition");
    const folded = around && around.querySelector("details");
    const kept = memory(data);
    if (kept.has()) verdict.textContent = "You have answered this one right before.";

    // Who was right finds the whole answer unfolded, and the book remembers it.
    function tell({ right, words }) {
      verdict.innerHTML = words;
      verdict.dataset.right = `${right}`;
      if (!right) return;
      kept.keep();
      if (folded) folded.open = true;
    }

    const asked = data.choices ? choices(data, tell) : number(data, tell);
    place.append(element("div", { class: "explorable-live plain" }, asked, verdict));
    return { data };
  }

  // Which questions are answered is kept with all else of the book, under the names that live/page has.
  function memory({ page, key }) {
    const root = new URL(document.documentElement.dataset.content_root || "./", location.href);
    const name = `live ${root.pathname}live/ ${page} question ${key}`;
    const attempt = (act) => {
      try {
        return page && act();
      } catch {
        return null; // a browser that keeps nothing
      }
    };
    return {
      has: () => attempt(() => localStorage.getItem(name)),
      keep: () => attempt(() => localStorage.setItem(name, "right")),
    };
  }

  function number({ label, right, mistakes }, tell) {
    const id = kit.unique("answer");
    const name = element("label", { for: id });
    name.innerHTML = label;
    const input = element("input", {
      id,
      type: "text",
      autocomplete: "off",
      autocapitalize: "off",
      keydown: (event) => event.key === "Enter" && check(),
    });

    function check() {
      const fault = kit.hint(input.value, -Infinity, Infinity);
      if (fault) tell({ right: false, words: fault });
      else tell(kit.judge(input.value, { right }, mistakes));
    }

    return element("div", { class: "bar answer" }, name, input, kit.button("Check", check));
  }

  function choices({ label, choices: known }, tell) {
    const title = element("p", { id: kit.unique("asked") });
    title.innerHTML = label;
    const buttons = known.map(({ text, right, words }) => {
      const choose = () => {
        buttons.forEach((other) => kit.put(other, { "aria-pressed": `${other === button}` }));
        tell({ right, words: `${right ? "Right." : "No."} ${words}` });
      };
      const button = kit.button("", choose, { "aria-pressed": "false" });
      button.innerHTML = text;
      return button;
    });
    const group = element("div", { class: "choices", role: "group", "aria-labelledby": title.id });
    group.append(...buttons);
    return element("div", {}, title, group);
  }

  kit.define("question", { mount });
})(window.explorables);
