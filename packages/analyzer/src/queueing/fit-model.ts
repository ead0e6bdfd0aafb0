import { bootstrapFits, runToRunError } from "./bootstrap.ts";
import { chooseVariant, type VariantScore } from "./choose-variant.ts";
import { QueueingError } from "./errors.ts";
import type { MeanParameters, Variant } from "./fit.ts";
import { fitVariation } from "./fit-variation.ts";
import { checkHeldOut, type HeldOut } from "./held-out.ts";
import { average, type ModelCell, type Observation, observe, prepare } from "./observation.ts";
import type { ModelParameters } from "./parameters.ts";
import { type Interval, interval, type PredictionInput } from "./predict.ts";
import { judge, type Verdict } from "./verdict.ts";

export interface FitOptions {
  readonly limitSeconds: number;
  /** Cells that are fitted; absent: all, and the check of held-out cells fits the lighter half. */
  readonly train?: (cell: { readonly users: number; readonly thinkTimeSeconds: number }) => boolean;
  readonly replications?: number;
  readonly seed?: number;
}

export interface Residual {
  readonly users: number;
  readonly thinkTimeSeconds: number;
  readonly measuredSeconds: number;
  /** predicted ÷ measured − 1, uncut means. */
  readonly errorRatio: number;
}

type FittedName = Exclude<keyof MeanParameters, "discipline">;

/** A fitted model: all that predictions need, and how far it goes. */
export interface QueueingModel {
  readonly variant: Variant;
  readonly variants: readonly VariantScore[];
  readonly parameters: ModelParameters;
  /** 90 % intervals; `servers.high` is absent where no load showed an upper end. */
  readonly intervals: Readonly<Record<FittedName, { readonly low: number; readonly high?: number }>>;
  readonly runErrorRatio: number;
  readonly residuals: readonly Residual[];
  readonly heldOut: HeldOut;
  readonly verdict: Verdict;
  readonly prediction: PredictionInput;
  readonly observations: readonly Observation[];
}

/**
 * Fits the model to measured cells.
 * @throws {QueueingError} MODEL_NO_CELLS, MODEL_TOO_FEW_CELLS, MODEL_ALL_FAILED, MODEL_BAD_UNITS
 */
export function fitModel(cells: readonly ModelCell[], options: FitOptions): QueueingModel {
  const { limitSeconds, seed = 1 } = options;
  const wanted = cells.filter((cell) => options.train?.(cell) ?? true);
  const prepared = wanted.map((cell) => prepare(cell, limitSeconds));
  const training = prepared.flatMap(({ seen }) => seen ?? []);
  demandEnough(cells, wanted, training, limitSeconds);
  const { fit, rivals, scores } = chooseVariant(training);
  const parameters = fitVariation(fit, training);
  const runError = runToRunError(fit, training);
  // What lost a tie may as well be true: the intervals hold what it says too.
  const candidates = [fit, ...rivals];
  const replications = Math.ceil((options.replications ?? 200) / candidates.length);
  const bootstrap = candidates.flatMap((candidate) =>
    bootstrapFits(prepared, candidate, runToRunError(candidate, training), { seed, replications }),
  );
  const most = Math.max(...training.map((seen) => seen.users));
  // At the cap in more than a twentieth of the refits: the data allow for any larger number too.
  const serversOpen =
    bootstrap.filter((means) => means.servers >= most - 1e-6).length > bootstrap.length / 20;
  const framesPerClient = average(training.map((seen) => seen.frames / seen.users));
  const heldOut = checkHeldOut(...splitForCheck(cells, training, options, limitSeconds), limitSeconds);
  const of = (name: FittedName): Interval =>
    interval(
      bootstrap.map((means) => means[name]),
      fit.parameters[name],
    );
  return {
    variant: fit.variant,
    variants: scores,
    parameters,
    intervals: {
      demandSeconds: of("demandSeconds"),
      servers: serversOpen ? { low: of("servers").low } : of("servers"),
      contention: of("contention"),
      delaySeconds: of("delaySeconds"),
    },
    runErrorRatio: runError,
    residuals: training.map((seen, index) => ({
      users: seen.users,
      thinkTimeSeconds: seen.thinkTimeSeconds,
      measuredSeconds: seen.uncutMeanSeconds,
      errorRatio: Math.expm1(fit.residuals[index] as number),
    })),
    heldOut,
    verdict: judge(fit, training, heldOut, {
      serversOpen,
      drift: drift(wanted),
      summarizedCells: wanted.filter((cell) => cell.summary !== undefined).length,
    }),
    prediction: { parameters, bootstrap, runError, limitSeconds, serversOpen, framesPerClient, seed },
    observations: training,
  };
}

function demandEnough(
  cells: readonly ModelCell[],
  wanted: readonly ModelCell[],
  training: readonly Observation[],
  limitSeconds: number,
): void {
  if (cells.length === 0)
    throw new QueueingError(
      "MODEL_NO_CELLS",
      "there is no cell to fit",
      "measure at least three numbers of users",
    );
  if (wanted.length === 0)
    throw new QueueingError(
      "MODEL_NO_CELLS",
      `none of the ${cells.length} cells is left for training`,
      "widen --train",
    );
  if (training.length === 0) {
    throw new QueueingError(
      "MODEL_ALL_FAILED",
      "no frame was answered in any cell",
      "measure fewer users, or raise the time limit",
    );
  }
  const slow = training.find((seen) => seen.meanRoundTripSeconds > 10 * limitSeconds);
  if (slow !== undefined) {
    throw new QueueingError(
      "MODEL_BAD_UNITS",
      `the mean round trip of ${slow.users} users is ${slow.meanRoundTripSeconds.toFixed(1)} s, more than ten times the limit of ${limitSeconds} s`,
      "check that times are seconds, not milliseconds, and give the limit with --limit",
    );
  }
  const loads = new Set(training.map((seen) => seen.users));
  if (training.length < 2 || loads.size < 2) {
    throw new QueueingError(
      "MODEL_TOO_FEW_CELLS",
      `only ${loads.size} number of users (${[...loads].join(", ")}) has answered frames: demand and servers cannot be told apart`,
      "measure one user, a few, and more than the host has cores",
    );
  }
}

/** With --train: what it left over. Without: the lighter half of the loads predicts the heavier half. */
function splitForCheck(
  cells: readonly ModelCell[],
  training: readonly Observation[],
  options: FitOptions,
  limitSeconds: number,
): [readonly Observation[], readonly Observation[]] {
  if (options.train !== undefined) {
    const { train } = options;
    return [
      training,
      cells.filter((cell) => !train(cell)).flatMap((cell) => observe(cell, limitSeconds) ?? []),
    ];
  }
  const loads = [...new Set(training.map((seen) => seen.users))].sort((a, b) => a - b);
  const border = loads[Math.ceil(loads.length / 2)] ?? Number.POSITIVE_INFINITY;
  return [training.filter((seen) => seen.users <= border), training.filter((seen) => seen.users > border)];
}

/** Largest relative change between the halves of a client's frames, in the lightest cells. */
function drift(cells: readonly ModelCell[]): number {
  const least = Math.min(...cells.map((cell) => cell.users));
  const changes = cells
    .filter((cell) => cell.users === least)
    .flatMap((cell) => cell.clients)
    .filter((client) => client.roundTripSeconds.length >= 10)
    .map(({ roundTripSeconds }) => {
      const half = Math.floor(roundTripSeconds.length / 2);
      return Math.abs(average(roundTripSeconds.slice(half)) / average(roundTripSeconds.slice(0, half)) - 1);
    });
  return Math.max(0, ...changes);
}
