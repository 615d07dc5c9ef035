// What becomes of a line: it stops, gives another shape, wrong numbers, or the right ones.
(function (kit) {
  "use strict";
  const { run } = kit.arrays;
  const { pass } = kit.minibatch;
  const { letter, shape } = kit.shapeNames;
  const PROBES = [
    [[5, 4, 2, 3, 6], 1],
    [[4, 3, 5, 2, 6], 2],
    // Sizes and numbers: all sizes differ, so who is right here is not so by accident.
  ];
  const TINY = 1e-9;
  const passes = PROBES.map(
    ([sizes, numbers]) =>
      () =>
        pass(sizes, numbers),
  );
  const sound = new Map();

  const same = (left, right) => left.join() === right.join();
  const norm = (data) => Math.sqrt(data.reduce((sum, value) => sum + value * value, 0));

  // Whether a line gives what is wanted whatever the sizes are.
  function isSound(tree, code, target) {
    const key = `${target} ${code}`;
    if (!sound.has(key))
      sound.set(
        key,
        passes.every((made) => equal(tree, target, made())),
      );
    return sound.get(key);
  }

  function equal(tree, target, named) {
    const { value } = run(tree, named);
    const wanted = named.get(target);
    return value !== null && same(value.shape, wanted.shape) && error(value, wanted) < TINY;
  }

  // How far off: the length of the difference, as a multiple of what is right.
  function error(value, wanted) {
    const difference = norm(value.data.map((number, k) => number - wanted.data[k]));
    const size = norm(wanted.data);
    return size ? difference / size : difference;
  }

  // {kind, ran, error, words} of a tree, for a target among the arrays of a pass.
  function verdict(tree, code, target, named) {
    const ran = run(tree, named);
    const wanted = named.get(target);
    if (ran.stop) return { kind: "stops", ran, words: `NumPy stops: ${letter(ran.stop.words)}.` };
    const { value } = ran;
    if (!same(value.shape, wanted.shape)) {
      const [made, asked] = [value, wanted].map((one) => shape(one.shape));
      return { kind: "shape", ran, words: `It runs, and gives ${made}, where ${asked} is wanted.` };
    }
    const off = error(value, wanted);
    if (!(off < TINY)) return { kind: "wrong", ran, error: off, words: offInWords(off, wanted) };
    const kind = isSound(tree, code, target) ? "right" : "lucky";
    return { kind, ran, error: off, words: kind === "right" ? "" : LUCKY };
  }

  const LUCKY = "It gives the right numbers with these sizes, and wrong ones with others.";

  function offInWords(off, wanted) {
    const size = Number.isFinite(off) ? kit.format(off, 2) : "more than can be counted";
    const by = norm(wanted.data) && Number.isFinite(off) ? `${size} times what is right` : size;
    return `It runs, has the right shape, and is wrong: off by ${by}.`;
  }

  kit.shapeVerdict = verdict;
})(window.explorables);
