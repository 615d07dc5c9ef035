// Wakes the explorables of a page, each when it is about to be seen. Until then nothing is loaded.
// What it has for those who touch it, NAME-later.js, comes when it is touched.
(function () {
  "use strict";
  const home = new URL(".", document.currentScript.src);
  const asked = new Map();

  function loaded(tag, attribute, name, version) {
    if (!asked.has(name)) {
      asked.set(
        name,
        new Promise((done, failed) => {
          const node = document.createElement(tag);
          if (tag === "link") node.rel = "stylesheet";
          node.onload = done;
          node.onerror = () => failed(new Error(`${name} did not load`));
          node[attribute] = new URL(`${name}?v=${version}`, home).href;
          document.head.append(node);
        }),
      );
    }
    return asked.get(name);
  }

  async function wake(place) {
    const { explorable: name, version, later } = place.dataset;
    const style = (of) => loaded("link", "href", `${of}.css`, version);
    const script = (of) => loaded("script", "src", `${of}.js`, version);
    await Promise.all([style("kit"), style(name), script("kit")]);
    await script(name);
    const rest = ["kit", ...(later ? [name] : [])];
    window.explorables.mount(place, () => Promise.all(rest.map((of) => script(`${of}-later`))));
  }

  const seen = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue;
        seen.unobserve(target);
        wake(target);
      }
    },
    { rootMargin: "300px 0px" },
  );

  // The part of a link behind # is no anchor that the browser knows, so it is gone to here.
  function goToLinked() {
    const named = /^#([\w-]+)\?/.exec(location.hash);
    const place = named && document.getElementById(named[1]);
    if (place && place.dataset.explorable) place.scrollIntoView();
  }

  document.querySelectorAll("[data-explorable]").forEach((place) => seen.observe(place));
  goToLinked();
  addEventListener("hashchange", goToLinked);
})();
