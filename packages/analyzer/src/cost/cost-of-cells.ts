import { type Condition, conditionOf } from "../core/condition.ts";
import type { RequestRow } from "../core/request-row.ts";
import { measuredRows, type RowSource } from "../rows/rows.ts";
import { figureWithScope, type ScopedFigure } from "../stats/figure-with-scope.ts";
import { mean } from "../stats/mean.ts";
import type { RunFigure } from "../stats/run-figure.ts";
import type { RunSummary } from "../summary/run-summary.ts";
import { type Price, priceOfRequest, type ReplicaSize } from "./price.ts";

/** What 1000 valid responses cost in one cell. */
export interface CellCost {
  readonly condition: Condition;
  /** In the price's currency, with the interval over runs; absent if no response was valid. */
  readonly perThousand?: ScopedFigure;
  /** Valid responses per second, mean over runs: what one machine delivers. Absent if unknown. */
  readonly throughputPerSecond?: number;
  /**
   * Where the charged durations are from: the function's own times, or, without them, the round trips, which are
   * longer. Absent for a price by the hour, which charges none.
   */
  readonly durations?: "handler" | "round trip";
}

/** An analysis, as far as costs need it. */
export interface CostSource extends RowSource {
  readonly summary: { readonly cells: readonly (Condition & { readonly runs: readonly RunSummary[] })[] };
}

/**
 * The cost of 1000 valid responses in each cell. Failed requests are charged too, so they make the valid ones dearer.
 *
 * @example
 * ```ts
 * const price = { schema: "slbench.price/1", name: "vm", title: "VM", region: "-", date: "2026-01-01", source: "-", currency: "USD", perHour: 1 } as const;
 * costOfCells(analyze([]), price, { memoryGb: 1, vcpus: 1 }); // []
 * ```
 */
export function costOfCells(source: CostSource, price: Price, size: ReplicaSize): readonly CellCost[] {
  return source.summary.cells.map((cell, index): CellCost => {
    const throughput = mean(cell.runs.flatMap(({ throughputPerSecond: value }) => value ?? []));
    const { runs, durations }: Charges =
      "perHour" in price
        ? { runs: hourlyRuns(cell.runs, price.perHour) }
        : chargeRuns(requestsOf(source, index), (seconds) => priceOfRequest(seconds, price.perUse, size));
    const figure = figureWithScope(runs);
    return {
      condition: conditionOf(cell),
      ...(durations !== undefined && { durations }),
      ...(figure !== undefined && { perThousand: figure }),
      ...(throughput !== undefined && { throughputPerSecond: throughput }),
    };
  });
}

/** What 1000 valid responses cost in each run. */
interface Charges extends Pick<CellCost, "durations"> {
  readonly runs: readonly RunFigure[];
}

/** The measured requests of one cell. */
const requestsOf = ({ summary, clients }: CostSource, index: number): Iterable<RequestRow> =>
  measuredRows({
    summary: { cells: summary.cells.slice(index, index + 1) },
    clients: clients.slice(index, index + 1),
  });

/** Charges each request for the function's own time, or for its round trip if the response does not report it. */
function chargeRuns(rows: Iterable<RequestRow>, priceOf: (seconds: number) => number): Charges {
  const runs = new Map<number, { cost: number; valid: number }>();
  let durations: Charges["durations"] = "handler";
  for (const { repetition, handlerSeconds, roundTripSeconds, outcome } of rows) {
    const run = runs.get(repetition) ?? { cost: 0, valid: 0 };
    run.cost += priceOf(handlerSeconds ?? roundTripSeconds);
    if (outcome === "ok") run.valid++;
    if (outcome === "ok" && handlerSeconds === undefined) durations = "round trip";
    runs.set(repetition, run);
  }
  return {
    durations,
    runs: [...runs.values()].flatMap(({ cost, valid }) =>
      valid === 0 ? [] : [{ value: (1000 * cost) / valid }],
    ),
  };
}

/** What a machine costs until it has delivered 1000 valid responses. */
const hourlyRuns = (runs: readonly RunSummary[], perHour: number): readonly RunFigure[] =>
  runs.flatMap(({ throughputPerSecond: rate }) =>
    rate === undefined || rate <= 0 ? [] : [{ value: (1000 * perHour) / 3600 / rate }],
  );

/**
 * From how many valid responses per second on a machine by the hour is cheaper than a charge per use.
 * @param perHour of the machine
 * @param perThousand of the charge per use
 *
 * @example
 * ```ts
 * breakEvenPerSecond(0.36, 0.1); // 1
 * ```
 */
export const breakEvenPerSecond = (perHour: number, perThousand: number): number =>
  (1000 * perHour) / 3600 / perThousand;
