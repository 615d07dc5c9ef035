// Elements of HTML and of SVG, made in one call.
(function (kit) {
  "use strict";
  const SVG = "http://www.w3.org/2000/svg";
  let last = 0;

  // An attribute that is false or missing is left out, one that is true has no value; a function is
  // called when the event of its name comes.
  function put(node, attributes) {
    for (const [name, value] of Object.entries(attributes)) {
      if (typeof value === "function") node.addEventListener(name, value);
      else if (value === false || value === undefined || value === null) node.removeAttribute(name);
      else node.setAttribute(name, value === true ? "" : value);
    }
    return node;
  }

  function element(tag, attributes = {}, ...children) {
    const node = put(document.createElement(tag), attributes);
    node.append(...children);
    return node;
  }

  function drawn(tag, attributes = {}, ...children) {
    const node = put(document.createElementNS(SVG, tag), attributes);
    node.append(...children);
    return node;
  }

  // A button that shows words.
  function button(words, click, attributes = {}) {
    return element("button", { type: "button", click, ...attributes }, words);
  }

  // Text is written only where it changes: what is written anew is said anew, and laid out anew.
  // It is words, so a number that was shown there is gone.
  function write(node, text) {
    delete node.dataset.value;
    if (node.textContent !== text) node.textContent = text;
    return node;
  }

  // What of several words there is, as a class or as a text.
  const words = (...parts) => parts.filter(Boolean).join(" ");

  const unique = (name) => `explorable-${name}-${(last += 1)}`;

  Object.assign(kit, { put, element, drawn, button, write, words, unique });
})((window.explorables = window.explorables || {}));
