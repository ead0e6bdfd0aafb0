import type { JournalCounts } from "../results/journals.ts";

/** What of a cell shows how long it takes. */
export interface TimedCell {
  /** From 1, of `cells`. */
  readonly number: number;
  readonly cells: number;
  /** Absent if users send for `durationSeconds`. */
  readonly plannedRequests?: number;
  readonly durationSeconds?: number;
}

/** Predicts how long a run still takes. */
export interface TimeLeft {
  cellStarted(cell: TimedCell): void;
  cellEnded(): void;
  /** Seconds since the cell began. */
  elapsed(): number;
  /** Seconds until the run ends; undefined until a cell has ended. */
  seconds(counts: Pick<JournalCounts, "requests">): number | undefined;
}

/**
 * Expects the remaining cells to take as long as the ended ones, and the running one to continue at its pace once it
 * has a tenth of its requests.
 */
export function createTimeLeft(nowSeconds: () => number): TimeLeft {
  let cell: TimedCell | undefined;
  let began = nowSeconds();
  let ended = 0;
  let secondsOfEnded = 0;
  const elapsed = () => nowSeconds() - began;
  return {
    elapsed,
    cellStarted(started) {
      cell = started;
      began = nowSeconds();
    },
    cellEnded() {
      if (cell === undefined) return;
      ended++;
      secondsOfEnded += elapsed();
      cell = undefined;
    },
    seconds({ requests }) {
      if (cell === undefined || ended === 0) return undefined;
      const perCell = secondsOfEnded / ended;
      const done =
        cell.plannedRequests === undefined
          ? elapsed() / (cell.durationSeconds ?? 1)
          : requests / cell.plannedRequests;
      const share = Math.min(1, done);
      const running = share > 0.1 ? (elapsed() * (1 - share)) / share : Math.max(0, perCell - elapsed());
      return running + perCell * (cell.cells - cell.number);
    },
  };
}
