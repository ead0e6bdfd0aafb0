import type { LiveResult } from "@slbench/analyzer";
import { formatUsers } from "@slbench/analyzer/logs";
import type { Condition } from "@slbench/client/condition";
import { progressOutput } from "../progress-output.ts";
import type { JournalCounts } from "../results/journals.ts";
import type { CellState } from "../results/result-folder.ts";
import { createTimeLeft, type TimedCell } from "./time-left.ts";

/** Shows the progress of a run. */
export interface Progress {
  /** Prints a permanent line. */
  say(line: string): void;
  /** The same for what the user must not miss. */
  warn(line: string): void;
  /** Prints which cell was chosen, and why: `next 6 users, to narrow the bracket`. */
  reason(what: string): void;
  /** The cells of the run, in the order of running, as far as they are known; again if some are added. */
  planned(run: PlannedRun): void;
  cellStarted(cell: CellProgress): void;
  /** About once a second while a cell runs. */
  update(counts: JournalCounts): void;
  cellEnded(end: CellEnd): void;
  /** No cell follows; workers are stopped, and the report is made. */
  measured(): void;
}

export interface PlannedRun {
  /** The experiment's name. */
  readonly experiment: string;
  /** The result folder. */
  readonly folder: string;
  readonly cells: readonly PlannedCell[];
  /** Why cells run in this order: `random order`. */
  readonly order: string;
}

export interface PlannedCell extends Condition {
  readonly name: string;
  readonly condition: string;
  readonly repetition: number;
  readonly state: CellState | "planned" | "running";
}

export interface CellProgress extends TimedCell {
  readonly users: number;
  /** What the cell is, for a line: `4 users, think 1 s`. */
  readonly condition: string;
}

export interface CellEnd {
  readonly state: CellState;
  /** `40 of 40 requests successful` */
  readonly text: string;
  readonly result: LiveResult;
}

export interface ProgressOutput {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** A line every so often is enough for a log file. */
const LOG_EVERY_SECONDS = 15;
/** Seconds that the line of responses per second shows. */
const SPARKLINE_SECONDS = 20;

/** One updated line on a terminal, plain lines elsewhere. */
export function createProgress(
  output: ProgressOutput = progressOutput,
  warnings: Pick<ProgressOutput, "write"> = output === progressOutput ? process.stderr : output,
  nowSeconds: () => number = () => performance.now() / 1000,
): Progress {
  const timeLeft = createTimeLeft(nowSeconds);
  let cell: CellProgress | undefined;
  let loggedAt = 0;
  let lastRequests = 0;
  let perSecond: readonly number[] = [];
  const clear = () => {
    if (output.isTTY) output.write("\r\u001b[K");
  };
  const line = (counts: JournalCounts): string => {
    if (cell === undefined) return "";
    const success =
      counts.requests === 0 ? "" : `, ${((100 * counts.answered) / counts.requests).toFixed(1)}% successful`;
    const left = timeLeft.seconds(counts);
    const planned = cell.plannedRequests === undefined ? "" : `/${cell.plannedRequests}`;
    return (
      `${label(cell)}: ${users(counts, cell)}, ` +
      `${counts.requests}${planned} requests${success}` +
      (left === undefined ? "" : `, about ${duration(left)} left`)
    );
  };
  return {
    say(text) {
      clear();
      output.write(`${text}\n`);
    },
    warn(text) {
      clear();
      warnings.write(`${text}\n`);
    },
    reason(what) {
      clear();
      output.write(`${what}\n`);
    },
    planned() {},
    cellStarted(started) {
      cell = started;
      timeLeft.cellStarted(started);
      loggedAt = nowSeconds();
      lastRequests = 0;
      perSecond = [];
      if (!output.isTTY) output.write(`${label(started)}: started\n`);
    },
    update(counts) {
      perSecond = [...perSecond, counts.requests - lastRequests].slice(-SPARKLINE_SECONDS);
      lastRequests = counts.requests;
      if (output.isTTY) {
        const text = `${line(counts)} ${sparkline(perSecond)}`;
        output.write(`\r\u001b[K${text.slice(0, Math.max(20, (output.columns ?? 80) - 1))}`);
      } else if (nowSeconds() - loggedAt >= LOG_EVERY_SECONDS) {
        loggedAt = nowSeconds();
        output.write(`${line(counts)}\n`);
      }
    },
    cellEnded({ text }) {
      clear();
      if (cell === undefined) return;
      output.write(`${label(cell)}: ${text} (${duration(timeLeft.elapsed())})\n`);
      timeLeft.cellEnded();
      cell = undefined;
    },
    measured() {},
  };
}

/** Passes every call on to all of them. */
export function teeProgress(all: readonly Progress[]): Progress {
  const each = (call: (one: Progress) => void) => {
    for (const one of all) call(one);
  };
  return {
    say: (line) => each((one) => one.say(line)),
    warn: (line) => each((one) => one.warn(line)),
    reason: (what) => each((one) => one.reason(what)),
    planned: (run) => each((one) => one.planned(run)),
    cellStarted: (cell) => each((one) => one.cellStarted(cell)),
    update: (counts) => each((one) => one.update(counts)),
    cellEnded: (end) => each((one) => one.cellEnded(end)),
    measured: () => each((one) => one.measured()),
  };
}

const BARS = "▁▂▃▄▅▆▇█";

/** Values as bars from 0 to the largest: `▁▄█`. */
export function sparkline(values: readonly number[]): string {
  const top = Math.max(1, ...values);
  return values.map((value) => BARS[Math.round(((BARS.length - 1) * value) / top)]).join("");
}

function users({ started, ended }: JournalCounts, cell: CellProgress): string {
  if (started === undefined) return `${ended} of ${formatUsers(cell.users)} done`;
  return `${started - ended} of ${formatUsers(cell.users)} active`;
}

const label = ({ number, cells, condition }: CellProgress) => `[${number}/${cells}] ${condition}`;

/** `42 s`, `3 min 05 s`, `2 h 10 min`. */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, "0")} s`;
  return `${Math.floor(whole / 3600)} h ${String(Math.floor((whole % 3600) / 60)).padStart(2, "0")} min`;
}
