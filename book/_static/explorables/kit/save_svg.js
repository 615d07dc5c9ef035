// A drawing as a file: what the style sheet of the page gives it is written into it.
(function (kit) {
  "use strict";
  const GIVEN = [
    "fill",
    "fill-opacity",
    "stroke",
    "stroke-width",
    "stroke-dasharray",
    "stroke-opacity",
    "stroke-linecap",
    "opacity",
    "font-family",
    "font-size",
    "font-weight",
    "font-style",
    "text-anchor",
    "dominant-baseline",
    "paint-order",
    "visibility",
    "display",
  ];

  function alone(svg) {
    const copy = svg.cloneNode(true);
    const parts = [svg, ...svg.querySelectorAll("*")];
    [copy, ...copy.querySelectorAll("*")].forEach((part, k) => {
      const style = getComputedStyle(parts[k]);
      const shown = GIVEN.map((name) => `${name}:${style.getPropertyValue(name)}`).join(";");
      for (const { name } of [...part.attributes]) {
        if (/^(class|tabindex|role|aria-|data-|style)/.test(name)) part.removeAttribute(name);
      }
      part.setAttribute("style", shown);
    });
    const { width, height } = svg.viewBox.baseVal;
    kit.put(copy, { xmlns: "http://www.w3.org/2000/svg", width, height });
    copy.style.background = getComputedStyle(document.body).backgroundColor;
    return new XMLSerializer().serializeToString(copy);
  }

  kit.svgText = alone;

  kit.saveSvg = function (svg, name) {
    const file = URL.createObjectURL(new Blob([alone(svg)], { type: "image/svg+xml" }));
    kit.element("a", { href: file, download: `${name}.svg` }).click();
    setTimeout(() => URL.revokeObjectURL(file), 1000);
  };
})(window.explorables);
