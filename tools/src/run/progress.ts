import type { JournalCounts } from "../results/journals.ts";

/** Shows the progress of a run: one updated line on a terminal, plain lines elsewhere. */
export interface Progress {
  /** Prints a permanent line. */
  say(line: string): void;
  cellStarted(cell: CellProgress): void;
  update(counts: JournalCounts): void;
  cellEnded(result: string): void;
}

export interface CellProgress {
  /** From 1. */
  readonly number: number;
  readonly cells: number;
  readonly users: number;
  /** What the cell is, for a line: `4 users, think 1 s`. */
  readonly condition: string;
  /** Absent if users send for this time. */
  readonly plannedRequests?: number;
  readonly durationSeconds?: number;
}

export interface ProgressOutput {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** A line every so often is enough for a log file. */
const LOG_EVERY_SECONDS = 15;

export function createProgress(
  output: ProgressOutput = process.stderr,
  nowSeconds: () => number = () => performance.now() / 1000,
): Progress {
  let cell: CellProgress | undefined;
  let loggedAt = 0;
  let secondsOfEndedCells = 0;
  let cellsEnded = 0;
  let cellBegin = 0;
  const clear = () => {
    if (output.isTTY) output.write("\r\u001b[K");
  };
  const line = (counts: JournalCounts): string => {
    if (cell === undefined) return "";
    const success =
      counts.requests === 0 ? "" : `, ${((100 * counts.answered) / counts.requests).toFixed(1)}% successful`;
    const share =
      cell.plannedRequests === undefined
        ? (nowSeconds() - cellBegin) / (cell.durationSeconds ?? 1)
        : counts.requests / cell.plannedRequests;
    const left = etaSeconds(Math.min(1, share));
    const planned = cell.plannedRequests === undefined ? "" : `/${cell.plannedRequests}`;
    return (
      `${label(cell)}: ${users(counts, cell)}, ` +
      `${counts.requests}${planned} requests${success}` +
      (left === undefined ? "" : `, about ${duration(left)} left`)
    );
  };
  /**
   * Expects the remaining cells to take as long as the ended ones, and the running one to continue at its pace
   * once it has a tenth of its requests. Undefined until a cell has ended.
   */
  const etaSeconds = (share: number): number | undefined => {
    if (cell === undefined || cellsEnded === 0) return undefined;
    const perCell = secondsOfEndedCells / cellsEnded;
    const elapsed = nowSeconds() - cellBegin;
    const running = share > 0.1 ? (elapsed * (1 - share)) / share : Math.max(0, perCell - elapsed);
    return running + perCell * (cell.cells - cell.number);
  };
  return {
    say(text) {
      clear();
      output.write(`${text}\n`);
    },
    cellStarted(started) {
      cell = started;
      cellBegin = nowSeconds();
      loggedAt = cellBegin;
      if (!output.isTTY) output.write(`${label(started)}: started\n`);
    },
    update(counts) {
      if (output.isTTY) {
        output.write(`\r\u001b[K${line(counts).slice(0, Math.max(20, (output.columns ?? 80) - 1))}`);
      } else if (nowSeconds() - loggedAt >= LOG_EVERY_SECONDS) {
        loggedAt = nowSeconds();
        output.write(`${line(counts)}\n`);
      }
    },
    cellEnded(result) {
      clear();
      if (cell === undefined) return;
      cellsEnded++;
      secondsOfEndedCells += nowSeconds() - cellBegin;
      output.write(`${label(cell)}: ${result} (${duration(nowSeconds() - cellBegin)})\n`);
      cell = undefined;
    },
  };
}

function users({ started, ended }: JournalCounts, cell: CellProgress): string {
  if (started === undefined) return `${ended} of ${cell.users} users done`;
  return `${started - ended} of ${cell.users} users active`;
}

const label = ({ number, cells, condition }: CellProgress) => `[${number}/${cells}] ${condition}`;

/** `42 s`, `3 min 05 s`, `2 h 10 min`. */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, "0")} s`;
  return `${Math.floor(whole / 3600)} h ${String(Math.floor((whole % 3600) / 60)).padStart(2, "0")} min`;
}
