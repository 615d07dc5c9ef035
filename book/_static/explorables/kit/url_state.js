// A situation in the address of the page: #microscope?v=1&step=8
(function (kit) {
  "use strict";
  const PAUSE = 400; // milliseconds; browsers refuse addresses that change more often

  const texts = (query) => Object.fromEntries(new URLSearchParams(query));

  // What the address says of an explorable, as texts by name; nothing if it speaks of another one.
  function read(name) {
    const [named, query] = location.hash.slice(1).split(/\?(.*)/s);
    return named === name && query !== undefined
      ? texts(query)
      : null;
  }

  function address(name, texts) {
    const query = new URLSearchParams(texts).toString().replace(/%2C/g, ",");
    return `${location.href.split("#")[0]}#${name}?${query}`;
  }

  // The last of several changes is written, when it is quiet again.
  function writer(name) {
    let timer = 0;
    return function (texts) {
      clearTimeout(timer);
      timer = setTimeout(() => {
        try {
          history.replaceState(history.state, "", address(name, texts));
        } catch {
          // An address that may not change, as in some frames: then it only cannot be reloaded.
        }
      }, PAUSE);
    };
  }

  // What is empty is no number, though Number makes it 0.
  const list = (text) => text.split(",").map((part) => (part.trim() ? Number(part) : NaN));

  // Numbers of a link: as many as expected, all finite and within bounds, or the link is broken.
  function numbers(text, count, least = -100, most = 100) {
    const values = list(text);
    const good = (value) => value >= least && value <= most;
    if (values.length !== count || !values.every(good))
      throw new Error(`${text}: not ${count} numbers`);
    return values;
  }

  function oneOf(text, known) {
    if (!known.includes(text)) throw new Error(`${text}: not one of ${known}`);
    return text;
  }

  kit.url = { texts, read, address, writer, numbers, oneOf };
})(window.explorables);
