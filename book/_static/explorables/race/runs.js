// The runs of a race, each computed once, and the search for the best learning rates, which goes on
// between two drawings.
(function (kit) {
  "use strict";
  const { run, finish, searching } = kit.search;
  const SLICE = 6; // milliseconds, for which a search holds up nobody
  const QUIET = 150; // milliseconds without a change, after which it begins
  const KEPT = 200; // runs that are remembered

  // raceRuns({found}): `found()` is called when a search has ended.
  kit.raceRuns = function ({ found }) {
    const runs = new Map();
    const rates = new Map();
    const former = new Map();
    let searched = "";
    let timer = 0;

    const placeOf = ({ land, from }) => `${land} ${from}`;
    const laneAt = (state, lane) => `${placeOf(state)} ${lane.id}`;

    function remembered(map, key, make) {
      if (!map.has(key)) {
        if (map.size >= KEPT) map.clear();
        map.set(key, make());
      }
      return map.get(key);
    }

    // The learning rate of a lane, and whether it is the one. As long as it is searched for it is
    // the best one of another start, or nothing.
    function rateOf(state, lane) {
      if (state.mode === "same") return { rate: state.eta, sure: true };
      const best = rates.get(laneAt(state, lane));
      if (best !== undefined) return { rate: best, sure: true };
      const other = former.get(`${state.land} ${lane.id}`);
      return { rate: other === undefined ? null : other, sure: false };
    }

    // All of a lane that is shown.
    function of(state, lane) {
      const { rate, sure } = rateOf(state, lane);
      if (rate === null) return { rate, sure, path: [], heights: [], arrived: null };
      const race = kit.lands.raceOf(state);
      const how = { kind: lane.kind, variant: lane.variant, learning_rate: rate };
      const made = remembered(runs, `${laneAt(state, lane)} ${rate}`, () => run(race, how));
      return { rate, sure, ...made, arrived: finish(made, race) };
    }

    // Searches for what a state lacks; what it searched for before is dropped.
    function search(state) {
      const lanes = kit.fields.FIELDS[state.field];
      const open = lanes.filter((lane) => !rateOf(state, lane).sure);
      const wanted = open.length ? `${placeOf(state)} ${state.field}` : "";
      if (wanted === searched) return;
      searched = wanted;
      clearTimeout(timer);
      if (open.length) timer = setTimeout(goOn, QUIET, all(state, open));
    }

    function* all(state, lanes) {
      const race = kit.lands.raceOf(state);
      for (const lane of lanes) {
        const { kind, variant } = lane;
        const rate = yield* searching(race, { kind, variant });
        rates.set(laneAt(state, lane), rate);
        former.set(`${state.land} ${lane.id}`, rate);
      }
    }

    function goOn(steps) {
      const end = performance.now() + SLICE;
      while (performance.now() < end) {
        if (!steps.next().done) continue;
        searched = "";
        found();
        return;
      }
      timer = setTimeout(goOn, 0, steps);
    }

    return { of, search, busy: () => searched !== "" };
  };
})(window.explorables);
