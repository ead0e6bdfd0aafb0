import { areOpenLoops, isClosedLoop } from "../../core/condition.ts";
import type { ReportFigure } from "../../plot/figure.ts";
import { styleOf } from "../../plot/over-load/data.ts";
import { type DrawnLine, loadChart } from "../../plot/over-load/layout.ts";
import { type Load, OFFERED_RATE, USERS } from "../../plot/over-load/load.ts";
import { mean } from "../../stats/mean.ts";
import type { LiveCell, LiveResult } from "./live-state.ts";

const TITLE = "Response time so far";
const QUANTITIES = [
  { name: "95th percentile", of: ({ p95Seconds }: LiveResult) => p95Seconds },
  { name: "mean", of: ({ meanSeconds }: LiveResult) => meanSeconds },
];

/**
 * The response times of the cells that have ended, over the load: what a run shows before its first report. Undefined
 * if none has ended.
 */
export function firstLook(all: readonly LiveCell[]): ReportFigure | undefined {
  const ended = all.filter(({ result }) => result?.p95Seconds !== undefined);
  if (ended.length === 0) return undefined;
  const isOpen = areOpenLoops(ended);
  const cells = ended.filter((cell) => isClosedLoop(cell) !== isOpen);
  const load = isOpen ? OFFERED_RATE : USERS;
  return {
    section: "load",
    title: TITLE,
    chart: loadChart({
      ...{ title: TITLE, axis: "response time (s)", load, lines: linesOf(cells, load) },
      maxLoad: Math.max(...cells.map(load.of)),
    }),
    notes: ["Whole runs, without intervals; repetitions are averaged. The report of all cells has both."],
  };
}

/** A line per think time or arrival process, of each quantity. */
function linesOf(cells: readonly LiveCell[], load: Load): readonly DrawnLine[] {
  const keys = load.keysOf(cells);
  return QUANTITIES.flatMap(({ name, of }, which) =>
    keys.map((key, index) => ({
      ...styleOf(name, which, load.nameOf(key), index, keys.length),
      points: pointsOf(
        cells.filter((cell) => load.keyOf(cell) === key),
        load,
        of,
      ),
    })),
  );
}

function pointsOf(
  cells: readonly LiveCell[],
  load: Load,
  of: (result: LiveResult) => number | undefined,
): DrawnLine["points"] {
  const loads = [...new Set(cells.map(load.of))].sort((a, b) => a - b);
  return loads.flatMap((one) => {
    const ofLoad = cells.filter((cell) => load.of(cell) === one);
    const value = mean(ofLoad.flatMap(({ result }) => (result && of(result)) ?? []));
    return value === undefined ? [] : [{ load: one, value }];
  });
}
