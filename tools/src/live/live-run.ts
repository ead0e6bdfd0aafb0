import type { CurrentCell, LiveCell, LivePoint, LiveState } from "@slbench/analyzer";
import type { LoadSample } from "../environment/load-samples.ts";
import type { JournalCounts } from "../results/journals.ts";
import type { CellProgress, PlannedRun, Progress } from "../run/progress.ts";
import { createTimeLeft } from "../run/time-left.ts";

/** What a run tells its watchers. */
export interface LiveRun extends Progress {
  /** The state now. */
  state(): LiveState;
  /** The result folder, and the experiment's name; absent before they are known. */
  folder(): string | undefined;
  experiment(): string | undefined;
  /** The page below the panel has changed. */
  reported(): void;
  ended(): void;
}

export interface LiveRunOptions {
  /** Called after every change. */
  readonly changed: () => void;
  /** Called when a cell has ended. */
  readonly cellEnded?: () => void;
  /** How busy this machine is. */
  readonly look?: () => Pick<LoadSample, "busy" | "all">;
  readonly nowSeconds?: () => number;
}

/** Five minutes. */
const MAX_POINTS = 300;

/** Collects what happens in a run. It costs the same whether or not somebody watches. */
export function createLiveRun(options: LiveRunOptions): LiveRun {
  const { changed, cellEnded = () => {}, look, nowSeconds = () => performance.now() / 1000 } = options;
  const timeLeft = createTimeLeft(nowSeconds);
  let run: PlannedRun | undefined;
  let cells: readonly LiveCell[] = [];
  let current: CellProgress | undefined;
  let counts: JournalCounts | undefined;
  let failuresBefore: Readonly<Record<string, number>> = {};
  let points: readonly LivePoint[] = [];
  let machine = look?.();
  let reports = 0;
  let reason: string | undefined;
  let phase: LiveState["phase"] = "preparing";

  const setCell = (number: number, change: Partial<LiveCell>) => {
    cells = cells.map((cell, index) => (index === number - 1 ? { ...cell, ...change } : cell));
  };
  const busyShare = (): number | undefined => {
    const [before, now] = [machine, look?.()];
    machine = now;
    if (before === undefined || now === undefined || now.all <= before.all) return undefined;
    return (now.busy - before.busy) / (now.all - before.all);
  };
  const addPoint = (found: JournalCounts) => {
    const failed = ({ requests = 0, answered = 0 }: Partial<JournalCounts>) => requests - answered;
    const busy = busyShare();
    const activeUsers = activeUsersOf(found);
    points = [
      ...points,
      {
        responses: found.requests - (counts?.requests ?? 0),
        failures: failed(found) - failed(counts ?? {}),
        ...(activeUsers !== undefined && { activeUsers }),
        ...(busy !== undefined && { busy }),
      },
    ].slice(-MAX_POINTS);
  };
  return {
    folder: () => run?.folder,
    experiment: () => run?.experiment,
    say() {},
    warn() {},
    reason(what) {
      reason = what;
    },
    planned(planned) {
      run = planned;
      cells = planned.cells.map((cell) => ({ ...cells.find(({ name }) => name === cell.name), ...cell }));
      changed();
    },
    cellStarted(cell) {
      current = cell;
      counts = undefined;
      phase = "measuring";
      timeLeft.cellStarted(cell);
      setCell(cell.number, { state: "running" });
      changed();
    },
    update(found) {
      addPoint(found);
      counts = found;
      changed();
    },
    cellEnded({ state, result }) {
      if (current !== undefined) setCell(current.number, { state, result });
      failuresBefore = addCounts(failuresBefore, counts?.failures ?? {});
      timeLeft.cellEnded();
      current = undefined;
      counts = undefined;
      phase = "between cells";
      changed();
      cellEnded();
    },
    measured() {
      phase = "reporting";
      changed();
    },
    reported() {
      reports++;
      changed();
    },
    ended() {
      phase = "ended";
      reports++;
      changed();
    },
    state() {
      const secondsLeft = current === undefined ? undefined : timeLeft.seconds(counts ?? { requests: 0 });
      const next = cells.find(({ state }) => state === "planned");
      return {
        atMs: Date.now(),
        ...{ phase, cells, points, reports },
        errors: sortedErrors(addCounts(failuresBefore, counts?.failures ?? {})),
        ...(current !== undefined && {
          current: {
            ...describeCurrent(current, counts, timeLeft.elapsed()),
            ...(reason !== undefined && { reason }),
          },
        }),
        ...(next !== undefined && {
          next: `${next.condition}, repetition ${next.repetition} (${run?.order})`,
        }),
        ...(secondsLeft !== undefined && { secondsLeft }),
      };
    },
  };
}

function describeCurrent(
  cell: CellProgress,
  counts: JournalCounts | undefined,
  seconds: number,
): CurrentCell {
  const { number, condition, users, plannedRequests } = cell;
  const activeUsers = counts && activeUsersOf(counts);
  return {
    ...{ number, condition, users, seconds, requests: counts?.requests ?? 0 },
    ...(activeUsers !== undefined && { activeUsers }),
    ...(plannedRequests !== undefined && { plannedRequests }),
  };
}

const activeUsersOf = ({ started, ended }: JournalCounts) =>
  started === undefined ? undefined : started - ended;

function addCounts(
  one: Readonly<Record<string, number>>,
  other: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return Object.fromEntries([...names].map((name) => [name, (one[name] ?? 0) + (other[name] ?? 0)]));
}

const sortedErrors = (counts: Readonly<Record<string, number>>): LiveState["errors"] =>
  Object.entries(counts)
    .map(([outcome, count]) => ({ outcome, count }))
    .sort((a, b) => b.count - a.count);
