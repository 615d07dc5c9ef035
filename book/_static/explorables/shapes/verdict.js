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
  const dot = (left, right) => left.reduce((sum, value, k) => sum + value * right[k], 0);
  const norm = (data) => Math.sqrt(dot(data, data));

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

  // {kind, ran, error, off, words} of a tree, for a target among the arrays of a pass; `off` says
  // in words how far off it is.
  function verdict(tree, code, target, named) {
    const ran = run(tree, named);
    const wanted = named.get(target);
    if (ran.stop) return { kind: "stops", ran, words: `NumPy stops: ${letter(ran.stop.words)}.` };
    const { value } = ran;
    if (!same(value.shape, wanted.shape)) {
      const [made, asked] = [value, wanted].map((one) => shape(one.shape));
      const gives = `It runs, and gives ${made}, where ${asked} is wanted.`;
      return { kind: "shape", ran, words: gives + byChance(ran) };
    }
    const size = error(value, wanted);
    if (!(size < TINY)) {
      const off = offInWords(value, wanted, size);
      const words = `It runs, has the right shape, and is wrong: ${off}.${byChance(ran)}`;
      return { kind: "wrong", ran, error: size, off, words };
    }
    const kind = isSound(tree, code, target) ? "right" : "lucky";
    return { kind, ran, error: size, words: kind === "right" ? "" : LUCKY + byChance(ran) };
  }

  const LUCKY = "It gives the right numbers with these sizes, and wrong ones with others.";

  const few = (number) => kit.format(number, 2).replace(/\.?0+$/, "");

  // How far off it is: as a multiple of what is right where it is one, else the relative error.
  function offInWords({ data }, { data: right }, size) {
    if (!Number.isFinite(size)) return "off by more than can be counted";
    if (!norm(right)) return `off by ${kit.format(size, 2)}`;
    const times = dot(data, right) / dot(right, right);
    const rest = norm(data.map((number, k) => number - times * right[k]));
    if (!(rest <= TINY * norm(right))) return `relative error ${kit.format(size, 2)}`;
    if (Math.abs(times) < TINY) return "all of it is 0";
    if (times < 0)
      return Math.abs(times + 1) < TINY ? "the sign is turned round" : `${few(times)} times as large`;
    return times > 1 ? `${few(times)} times too large` : `${few(1 / times)} times too small`;
  }

  // What alone makes a line run: sizes of two letters meet in it, and happen to fit.
  function byChance({ values }) {
    for (const [{ kind, sign, left, right }] of values) {
      if (kind !== "op") continue;
      const [one, other] = [left, right].map((node) => values.get(node));
      const found = (sign === "@" ? inner : facing)(one, other).find(([p, q]) => p.name !== q.name);
      if (found) return ` It runs only because ${letter(chance(found))}.`;
    }
    return "";
  }

  const axis = ({ shape: sizes, letters }, k) => ({ size: sizes.at(k), name: letters.at(k) });
  const inner = (one, other) => [[axis(one, -1), axis(other, 0)]];

  // The axes that meet entry by entry, from the last one on; what was made to be repeated is none.
  function facing(one, other) {
    const count = Math.min(one.shape.length, other.shape.length);
    return Array.from({ length: count }, (_, k) => [axis(one, -1 - k), axis(other, -1 - k)]).filter(
      (pair) => pair.every(({ name }) => name !== "1"),
    );
  }

  function chance([{ size, name }, other]) {
    if (size === other.size) return `${name} = ${other.name} = ${size}`;
    return `${size === 1 ? name : other.name} = 1`;
  }

  kit.shapeVerdict = verdict;
})(window.explorables);
