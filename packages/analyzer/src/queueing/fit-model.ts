import type { Interval } from "../stats/interval.ts";
import { checkActiveUsers } from "./assessing/active-users.ts";
import { findChangeBetweenRuns, type OneRegime } from "./assessing/change-between-runs.ts";
import { checkColdStarts } from "./assessing/cold-starts.ts";
import { findContradictions } from "./assessing/contradictions.ts";
import { findDrift } from "./assessing/drift.ts";
import { checkFailedCells } from "./assessing/failed-cells.ts";
import { checkHeldOut, type HeldOut } from "./assessing/held-out.ts";
import { leaveOutChanged, type SteadyCells } from "./assessing/leave-out-changed.ts";
import { checkSpeedUps } from "./assessing/speed-ups.ts";
import { checkSuccessRates } from "./assessing/success-misses.ts";
import { describeTimeouts, type TimeoutEvidence } from "./assessing/timeout-evidence.ts";
import { checkUntriedStations } from "./assessing/untried-stations.ts";
import { judge, type Verdict } from "./assessing/verdict.ts";
import { type QueueingErrorCode, SlbenchError } from "./errors.ts";
import type { ClassesFinding } from "./fitting/classes.ts";
import { type ColdStartFinding, findColdStarts } from "./fitting/cold-starts.ts";
import type { DemandBySize } from "./fitting/demand-by-size.ts";
import { fitStation, type StationOptions, type WeightedVariant } from "./fitting/fit-station.ts";
import { prepareWarm } from "./fitting/leave-out-cold.ts";
import { measuredReplicas } from "./fitting/measured-replicas.ts";
import type { FailedCell, ModelCell, Observation } from "./fitting/observation.ts";
import type { PredictionInput } from "./fitting/prediction-input.ts";
import type { PreparedCell } from "./fitting/prepare-cell.ts";
import type { ProcessorNeed } from "./fitting/processor-need.ts";
import type { StationsFinding } from "./fitting/stations.ts";
import { drawInterval } from "./numeric/draw-interval.ts";
import { MAX_USERS } from "./station/closed-network.ts";
import { asOneStation, type ModelParameters } from "./station/parameters.ts";

export interface FitOptions {
  readonly limitSeconds: number;
  /** Training cells; absent: all, and the held-out check fits the lower half of the loads. */
  readonly train?: (cell: { readonly users: number; readonly thinkTimeSeconds: number }) => boolean;
  /** Plausible stations that predictions are made of; default 200. */
  readonly replications?: number;
  readonly seed?: number;
}

export interface Residual {
  readonly users: number;
  readonly thinkTimeSeconds: number;
  readonly measuredSeconds: number;
  /** predicted ÷ measured − 1, at the most plausible station. */
  readonly errorRatio: number;
}

type FittedName = "demandSeconds" | "servers" | "contention" | "delaySeconds";

/** A fitted model: everything that predictions need, and how far it can be trusted. */
export interface QueueingModel {
  /** The kinds of host that may explain the cells, each with its weight in the predictions. */
  readonly variants: readonly WeightedVariant[];
  /** The most plausible station; two stations as one that has the demand of both and their capacity. */
  readonly parameters: ModelParameters;
  /** 95% intervals; `servers.high` is absent if no load showed an upper end. */
  readonly intervals: Readonly<Record<FittedName, { readonly low: number; readonly high?: number }>>;
  /** Whether the demand depends on the size of a request; absent if no sizes are known. */
  readonly demandBySize?: DemandBySize;
  /** Whether requests are of two classes, each with its demand; absent: they are not known to be of several kinds. */
  readonly classes?: ClassesFinding;
  /** Whether the parts of the round trip wait at stations of their own; absent: no reported time shows it. */
  readonly stations?: StationsFinding;
  /** Absent: no cold starts were seen, or it is not known when requests started. */
  readonly coldStarts?: ColdStartFinding;
  /** Replicas that answered; absent: responses do not name them. */
  readonly replicas?: number | "changing";
  /** What a request needs of the processors; absent: not known. */
  readonly processors?: ProcessorNeed;
  readonly runErrorRatio: number;
  readonly residuals: readonly Residual[];
  readonly heldOut: HeldOut;
  readonly verdict: Verdict;
  /** What happens to a request after its time-out. */
  readonly timeoutBehaviour: TimeoutEvidence;
  readonly prediction: PredictionInput;
  readonly observations: readonly Observation[];
}

/** Enough for a fit that only checks cells. */
const MAX_CHECK_DRAWS = 60;

/**
 * Fits the model to measured cells.
 * @throws {SlbenchError} MODEL_NO_CELLS, MODEL_TOO_FEW_CELLS, MODEL_TOO_MANY_USERS, MODEL_ALL_FAILED, MODEL_BAD_UNITS
 *
 * @example
 * ```ts
 * const clients = (users: number, seconds: number) =>
 *   Array.from({ length: users }, (_, client) => ({
 *     roundTripSeconds: Array.from({ length: 30 }, (_, n) => seconds * (1 + 0.02 * ((n + client) % 5))),
 *     successfulRequests: 30,
 *   }));
 * const cells = [[1, 0.5], [2, 0.6], [4, 1.2], [8, 2.4]].map(([users = 1, seconds = 1]) => ({
 *   ...{ users, thinkTimeSeconds: 0, clients: clients(users, seconds) },
 * }));
 * const model = fitModel(cells, { limitSeconds: 25, seed: 1, replications: 5 });
 * model.parameters.demandSeconds.toFixed(1); // "0.5"
 * ```
 */
export function fitModel(measured: readonly ModelCell[], options: FitOptions): QueueingModel {
  const { limitSeconds, seed = 1, replications = 200 } = options;
  const steady = leaveOutChanged(measured, {
    ...{ limitSeconds, seed },
    replications: Math.min(MAX_CHECK_DRAWS, replications),
  });
  return fitSteady(steady, options);
}

/** @param regime found by a fit to more cells; absent: a change between runs is looked for */
function fitSteady(
  { cells, caveats: changes }: SteadyCells,
  options: FitOptions,
  regime?: OneRegime,
): QueueingModel {
  const { limitSeconds, seed = 1, replications = 200, train } = options;
  demandFewUsers(cells);
  const isWanted = cells.map((cell) => train?.(cell) ?? true);
  const evidence = findColdStarts(cells.filter((_, index) => isWanted[index]));
  const coldStarts = evidence?.found;
  const replicas = measuredReplicas(cells.filter((_, index) => isWanted[index]));
  const prepared = cells.map((cell) => prepareWarm(cell, limitSeconds, evidence));
  const wanted = prepared.flatMap(({ cell }, index) => (isWanted[index] ? cell : []));
  const learnt = prepared.filter(({ seen }, index) => seen !== undefined && isWanted[index]);
  const failed = prepared.flatMap((cell) => cell.failed ?? []);
  const training = learnt.flatMap(({ seen }) => seen ?? []);
  demandEnough(cells, wanted, training);
  const caveats = findContradictions(
    cells,
    prepared.flatMap(({ seen }) => seen ?? []),
    limitSeconds,
  );
  demandLoads(training);
  const stationOptions = {
    ...{ limitSeconds, replications, seed },
    ...(evidence !== undefined && { coldStarts: evidence }),
  };
  const station = fitStation(learnt, stationOptions, failed);
  const isContradictory = caveats.some(({ level }) => level === "do not trust");
  const change = regime ?? (isContradictory ? undefined : findChangeBetweenRuns(learnt, station, seed));
  if (regime === undefined && change?.keep !== undefined) {
    const kept = cells.flatMap((cell, index) => (isWanted[index] ? (change.keep?.(cell) ?? []) : cell));
    return fitSteady({ cells: kept, caveats: changes }, options, change);
  }
  const { fitted, residuals, best, prediction, demandBySize } = station;
  const { parameters, plausible, serversOpen } = prediction;
  const left = prepared.filter((_, index) => !isWanted[index]);
  const heldOut =
    train === undefined
      ? checkOnHeavierHalf(learnt, failed, {
          ...stationOptions,
          replications: Math.min(MAX_CHECK_DRAWS, replications),
        })
      : checkHeldOut(station, left, failed);
  const hosts = plausible.map((draw) => asOneStation(draw.parameters));
  const of = (name: FittedName): Interval =>
    drawInterval(
      hosts.map((host) => host[name]),
      parameters[name],
    );
  const servers = serversOpen ? { low: of("servers").low } : of("servers");
  return {
    variants: station.variants,
    parameters,
    intervals: {
      demandSeconds: of("demandSeconds"),
      servers,
      contention: of("contention"),
      delaySeconds: of("delaySeconds"),
    },
    ...(demandBySize !== undefined && { demandBySize }),
    ...(station.classes !== undefined && { classes: station.classes }),
    ...(station.stations !== undefined && { stations: station.stations }),
    ...(coldStarts !== undefined && { coldStarts }),
    ...(replicas !== undefined && { replicas }),
    ...(station.processors !== undefined && { processors: station.processors }),
    runErrorRatio: best.runErrorRatio,
    residuals: fitted.map((seen, index) => ({
      users: seen.users,
      thinkTimeSeconds: seen.thinkTimeSeconds,
      measuredSeconds: seen.modelMeanSeconds,
      errorRatio: Math.expm1(residuals[index] as number),
    })),
    heldOut,
    verdict: judge(station, heldOut, {
      serversOpen,
      drift: findDrift(wanted, parameters, station.classes),
      summarizedCells: wanted.filter((cell) => cell.summary !== undefined).length,
      caveats: [
        ...changes,
        ...(change === undefined ? [] : [change.caveat]),
        ...checkColdStarts(coldStarts),
        ...checkUntriedStations(station),
        ...checkSpeedUps(
          cells.filter((_, index) => isWanted[index]),
          evidence,
          replicas,
        ),
        ...checkActiveUsers(wanted),
        ...caveats,
        ...checkFailedCells(failed, prediction),
        ...checkSuccessRates(training, heldOut, prediction),
      ],
    }),
    timeoutBehaviour: describeTimeouts(station, failed),
    prediction,
    observations: training,
  };
}

function demandFewUsers(cells: readonly ModelCell[]): void {
  const cell = cells.find(({ users }) => users > MAX_USERS);
  if (cell === undefined) return;
  throw new SlbenchError<QueueingErrorCode>(
    "MODEL_TOO_MANY_USERS",
    `a cell has ${cell.users} users, more than the ${MAX_USERS} that the model supports`,
    { hint: "check the cell's users label, or leave the cell out" },
  );
}

function demandEnough(
  cells: readonly ModelCell[],
  wanted: readonly ModelCell[],
  training: readonly Observation[],
): void {
  if (cells.length === 0)
    throw new SlbenchError<QueueingErrorCode>("MODEL_NO_CELLS", "there are no cells to fit", {
      hint: "measure at least three numbers of users",
    });
  if (wanted.length === 0)
    throw new SlbenchError<QueueingErrorCode>(
      "MODEL_NO_CELLS",
      `the training filter matches none of the ${cells.length} cells`,
      { hint: "widen --train" },
    );
  if (training.length === 0) {
    throw new SlbenchError<QueueingErrorCode>("MODEL_ALL_FAILED", "no request succeeded in any cell", {
      hint: "measure fewer users, or raise the time limit",
    });
  }
}

function demandLoads(training: readonly Observation[]): void {
  const loads = new Set(training.map((seen) => seen.users));
  if (training.length < 2 || loads.size < 2) {
    throw new SlbenchError<QueueingErrorCode>(
      "MODEL_TOO_FEW_CELLS",
      `successful requests exist for only ${loads.size} number of users (${[...loads].join(", ")}): demand and servers cannot be separated`,
      { hint: "measure 1 user, a few users, and more users than the host has cores" },
    );
  }
}

/** Fits the lower half of the loads and predicts the upper half, and the cells that failed entirely. */
function checkOnHeavierHalf(
  cells: readonly PreparedCell[],
  failed: readonly FailedCell[],
  options: StationOptions,
): HeldOut {
  const usersOf = (cell: PreparedCell) => cell.seen?.users ?? 0;
  const loads = [...new Set(cells.map(usersOf))].sort((a, b) => a - b);
  const border = loads[Math.ceil(loads.length / 2)] ?? Number.POSITIVE_INFINITY;
  const light = cells.filter((cell) => usersOf(cell) <= border);
  const heavy = cells.filter((cell) => usersOf(cell) > border);
  if (light.length < 2 || heavy.length + failed.length === 0)
    return { trainedUpToUsers: Math.max(...light.map(usersOf)), cells: [] };
  return checkHeldOut(fitStation(light, options), heavy, failed);
}
