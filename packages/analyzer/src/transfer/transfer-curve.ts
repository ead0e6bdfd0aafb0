import type { Condition } from "../core/condition.ts";
import {
  applyWhatIf,
  fitModel,
  type ModelCell,
  type ModelClient,
  type Prediction,
  predict,
  type QueueingModel,
} from "../queueing/index.ts";
import { findRoot } from "../queueing/numeric/find-root.ts";
import { compareRuns } from "../stats/compare-runs.ts";
import { figureWithScope, type ScopedFigure } from "../stats/figure-with-scope.ts";
import { mean } from "../stats/mean.ts";
import type { RunFigure } from "../stats/run-figure.ts";

/** A curve that was measured on one machine, carried over to another one by few cells. */
export interface Transfer {
  /** How much longer a request takes on this machine than on that one: demand here ÷ demand there. */
  readonly demandRatio: ScopedFigure;
  /**
   * `same`: light and heavy cells show the same ratio within 10%, so one factor carries the whole curve over. `another`:
   * they differ, for example because this machine has fewer cores. `not decided`: too few cells or runs.
   */
  readonly shape: "same" | "another" | "not decided";
  /** About how many more runs per cell would decide the shape; absent if it is decided, or that is not known. */
  readonly runsNeeded?: number;
  /** The cells measured here, from light to heavy. */
  readonly cells: readonly TransferredCell[];
  /** Every condition of that machine on this one; of `same` shape only by measurement, otherwise by assumption. */
  readonly predictions: readonly Prediction[];
}

export interface TransferredCell extends Condition {
  /** Mean round trip here, failed requests included, s. */
  readonly meanSeconds: number;
  /** The ratio that makes the model predict this mean; the mean over runs. */
  readonly demandRatio: number;
}

export interface TransferOptions {
  /** The clients' time limit, s. */
  readonly limitSeconds: number;
  readonly seed?: number;
}

/** Machines that differ more than this are not compared. */
const MOST_RATIO = 100;

/**
 * Fits the model to that machine's cells and finds the factor on its demand that explains the cells measured here.
 *
 * @param there cells of the machine whose whole curve is known
 * @param here one or two cells of this machine, the same function and requests
 * @throws {SlbenchError} those of fitModel()
 *
 * @example
 * ```ts
 * const clients = (users: number, seconds: number) =>
 *   Array.from({ length: users }, (_, client) => ({
 *     roundTripSeconds: Array.from({ length: 30 }, (_, n) => seconds * (1 + 0.02 * ((n + client) % 5))),
 *     successfulRequests: 30,
 *   }));
 * const curve = (factor: number) =>
 *   [[1, 0.5], [2, 0.6], [4, 1.2], [8, 2.4]].map(([users = 1, seconds = 1]) => ({
 *     ...{ users, thinkTimeSeconds: 0, clients: clients(users, factor * seconds) },
 *   }));
 * transferCurve(curve(1), curve(0.5).slice(0, 1), { limitSeconds: 25 }).demandRatio.value.toFixed(1); // "0.5"
 * ```
 */
export function transferCurve(
  there: readonly ModelCell[],
  here: readonly ModelCell[],
  { limitSeconds, seed = 1 }: TransferOptions,
): Transfer {
  const model = fitModel(there, { limitSeconds, seed });
  const sorted = here.toSorted(
    (a, b) => a.users / (1 + a.thinkTimeSeconds) - b.users / (1 + b.thinkTimeSeconds),
  );
  const ratios = sorted.map((cell) => ratiosOf(cell, model));
  const demandRatio = figureWithScope(ratios.flat());
  if (demandRatio === undefined) throw new RangeError("no cell of this machine has requests");
  const { shape, runsNeeded } = judgeShape(ratios);
  const input = applyWhatIf(model, `demand*${demandRatio.value}`);
  return {
    ...{ demandRatio, shape },
    ...(runsNeeded !== undefined && { runsNeeded }),
    cells: sorted.map(({ users, thinkTimeSeconds, clients }, index) => ({
      ...{ users, thinkTimeSeconds },
      meanSeconds: meanOf(clients),
      demandRatio: mean((ratios[index] ?? []).map(({ value }) => value)) ?? Number.NaN,
    })),
    predictions: predict(
      there.map(({ users, thinkTimeSeconds }) => ({ users, thinkTimeSeconds })),
      input,
    ),
  };
}

/** Of the lightest and the heaviest cell. */
function judgeShape(ratios: readonly (readonly RunFigure[])[]): Pick<Transfer, "shape" | "runsNeeded"> {
  const [light, heavy] = [ratios[0], ratios.at(-1)];
  if (ratios.length < 2 || light === undefined || heavy === undefined) return { shape: "not decided" };
  const compared = compareRuns(light, heavy);
  if (compared?.verdict === "equivalent") return { shape: "same" };
  if (compared?.verdict === "higher" || compared?.verdict === "lower") return { shape: "another" };
  const { runsNeeded } = compared ?? {};
  return { shape: "not decided", ...(runsNeeded !== undefined && { runsNeeded }) };
}

/** The factor on the demand, in each run of a cell. */
function ratiosOf(cell: ModelCell, model: QueueingModel): readonly RunFigure[] {
  const runs = groupByRun(cell.clients);
  return [...runs.values()].map((clients) => ({ value: findRatio(cell, meanOf(clients), model) }));
}

function groupByRun(clients: readonly ModelClient[]): ReadonlyMap<number, readonly ModelClient[]> {
  const runs = new Map<number, ModelClient[]>();
  for (const client of clients) {
    const { repetition = 1 } = client;
    runs.set(repetition, [...(runs.get(repetition) ?? []), client]);
  }
  return runs;
}

/** The factor on the demand with which the model predicts a mean, by the logarithm. */
function findRatio(condition: Condition, meanSeconds: number, model: QueueingModel): number {
  const { users, thinkTimeSeconds } = condition;
  const excess = (logRatio: number) => {
    const input = applyWhatIf(model, `demand*${Math.exp(logRatio)}`);
    const [predicted] = predict([{ users, thinkTimeSeconds }], input);
    return Math.log((predicted?.meanRoundTripSeconds ?? Number.NaN) / meanSeconds);
  };
  const most = Math.log(MOST_RATIO);
  if (excess(-most) >= 0) return 1 / MOST_RATIO;
  if (excess(most) <= 0) return MOST_RATIO;
  return Math.exp(findRoot(excess, -most, most));
}

const meanOf = (clients: readonly ModelClient[]): number =>
  mean(clients.flatMap(({ roundTripSeconds }) => roundTripSeconds)) ?? Number.NaN;
