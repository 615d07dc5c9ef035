// What is drawn of a line, where the examples stand in columns: every table is turned over.
(function (kit) {
  "use strict";
  const { columnForm, run, transposed } = kit.arrays;

  kit.inColumns = function (block, named) {
    const turned = new Map([...named].map(([name, value]) => [name, transposed(value)]));
    const tree = columnForm(block.tree, block.ran);
    const ran = run(tree, turned);
    const wanted = turned.get(block.target);
    return {
      ...block,
      ...{ title: "Examples in columns", columns: true, tree, ran, result: ran.value, wanted },
    };
  };
})(window.explorables);
