// The runs of a race, each computed once, and the search for the best learning rates, which goes on
// between two drawings.
(function (kit) {
  "use strict";
  const { run, finish, searching } = kit.search;
  const SLICE = 6; // milliseconds, for which a search holds up nobody
  const KEPT = 200; // runs that are remembered

  // raceRuns({found}): `found()` is called when a search has ended.
  kit.raceRuns = function ({ found }) {
    const runs = new Map();
    const rates = new Map();
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

    // The learning rate of a lane; nothing as long as it is searched for.
    function rateOf(state, lane) {
      if (state.mode === "same") return state.eta;
      const best = rates.get(laneAt(state, lane));
      return best === undefined ? null : best;
    }

    // All of a lane that is shown.
    function of(state, lane) {
      const rate = rateOf(state, lane);
      if (rate === null) return { rate, path: [], heights: [], arrived: null };
      const race = kit.lands.raceOf(state);
      const how = { kind: lane.kind, variant: lane.variant, learning_rate: rate };
      const made = remembered(runs, `${laneAt(state, lane)} ${rate}`, () => run(race, how));
      return { rate, ...made, arrived: finish(made, race) };
    }

    // Searches for what a state lacks; what it searched for before is dropped.
    function search(state) {
      const lanes = kit.fields.FIELDS[state.field];
      const open = lanes.filter((lane) => rateOf(state, lane) === null);
      const wanted = open.length ? `${placeOf(state)} ${state.field}` : "";
      if (wanted === searched) return;
      searched = wanted;
      clearTimeout(timer);
      if (open.length) timer = setTimeout(goOn, 0, all(state, open));
    }

    function* all(state, lanes) {
      const race = kit.lands.raceOf(state);
      for (const lane of lanes) {
        const { kind, variant } = lane;
        rates.set(laneAt(state, lane), yield* searching(race, { kind, variant }));
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
