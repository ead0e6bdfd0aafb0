import { addRun, nextProbe, startSearch } from "../finding/search.ts";
import { parseSearchGoal } from "../finding/search-goal.ts";
import { makeSearchReport, type SearchReport } from "../finding/search-report.ts";
import { drawNormal } from "../stats/draw-normal.ts";
import { createRandom } from "../stats/random.ts";

/**
 * A search on a host of one server: p95 grows by 0.2 s per user, so that 9 users stay below 2 s; beyond 12 users every
 * tenth request fails.
 */
export function testSearch(budgetSeconds = 3600): SearchReport {
  const random = createRandom(11);
  const goal = parseSearchGoal("success>=0.95 and p95<2s");
  let state = startSearch({
    ...{ goal, confidence: 0.95, tolerance: { steps: 1 }, budgetSeconds, thinkTimeSeconds: 0 },
  });
  for (let next = nextProbe(state); next.kind === "probe"; next = nextProbe(state)) {
    const { load } = next;
    const seconds = 0.2 * (load + 0.5) * Math.exp(0.04 * drawNormal(random));
    const trials = 50 * load;
    const hits = load > 12 ? Math.round(0.9 * trials) : trials;
    state = addRun(state, {
      ...{ load, seconds: 60, responseSeconds: 0.15 * load },
      figures: [
        { kind: "success", hits, trials },
        { kind: "time", seconds, margin: Math.log(2 / seconds) },
      ],
    });
  }
  const cells = state.runs.map(({ load }, index) => `u${String(load).padStart(2, "0")}-t0-r${index + 1}`);
  return makeSearchReport(state, { for: "users", tolerance: "1", step: 1, cells });
}
