import { type QueueingErrorCode, SlbenchError } from "../errors.ts";
import type { ColdStartFinding } from "../fitting/cold-starts.ts";
import type { Observation } from "../fitting/observation.ts";
import type { PredictionInput } from "../fitting/prediction-input.ts";
import { parseGoal } from "../goal.ts";
import type { AutoscalerOptions } from "../serverless/rules.ts";
import type { ModelParameters } from "../station/parameters.ts";
import type { PlatformLoad } from "./platform-loads.ts";
import {
  type PlatformPrediction,
  type PlatformQuestion,
  type PlatformSetting,
  predictPlatform,
} from "./predict-platform.ts";
import { findStartTimes } from "./start-times.ts";

/** What is asked about autoscaled replicas: every setting under every load. */
export interface PlatformQuestions {
  readonly rules: readonly AutoscalerOptions[];
  /** Requests that a replica takes at a time; 0 for no limit. */
  readonly concurrency: number;
  readonly loads: readonly PlatformLoad[];
  /** What the cheapest setting has to keep. */
  readonly goal?: string;
  /** Seconds that a replica takes to start; absent: as the cells show. */
  readonly startSeconds?: number;
  /** Servers that all replicas share; absent: each has its own. */
  readonly cores?: number;
}

export interface PlatformAnswer {
  readonly startTime: { readonly source: "given" | "measured"; readonly meanSeconds: number };
  /** What the predictions take for granted, as sentences. */
  readonly assumptions: readonly string[];
  readonly predictions: readonly PlatformPrediction[];
  readonly goal?: {
    readonly text: string;
    /** Of each load: the setting that keeps the goal with the fewest replica-seconds; absent if none does. */
    readonly answers: readonly {
      readonly load: PlatformLoad;
      readonly cheapest?: PlatformPrediction;
      /** Whether it keeps the goal at the worse end of its interval too. */
      readonly isSure: boolean;
    }[];
  };
}

interface Fitted {
  readonly observations: readonly Observation[];
  readonly prediction: PredictionInput;
  readonly coldStarts?: ColdStartFinding;
  readonly replicas?: number | "changing";
}

/**
 * Predicts autoscaled replicas, each of which is like a measured one.
 * @throws {SlbenchError} MODEL_BAD_QUESTION if the cells do not show how long a replica takes to start, or what one serves
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
 * const rules = [{ rule: "per-request", keepAliveSeconds: 10, maxReplicas: 50 }] as const;
 * const questions = { rules, concurrency: 1, loads: [parseBurst("5@60s")], startSeconds: 2 };
 * askPlatform(model, questions).predictions[0]?.coldShare; // 1
 * ```
 */
export function askPlatform(model: Fitted, questions: PlatformQuestions): PlatformAnswer {
  const { concurrency, loads, cores = Number.POSITIVE_INFINITY } = questions;
  const startTimes = findStartTimes(questions.startSeconds, model.coldStarts);
  const variationError = variationErrorOf(model.observations);
  const goal = questions.goal === undefined ? undefined : parseGoal(questions.goal);
  const settings = questions.rules.map(
    // A replica per request takes one at a time.
    (rule): PlatformSetting => ({ rule, concurrency: rule.rule === "per-request" ? 1 : concurrency }),
  );
  const predictions = loads.flatMap((load) =>
    settings.map((setting) => {
      const question: PlatformQuestion = {
        ...{ startTimes, variationError, hostServers: cores },
        thresholdsSeconds: goal?.thresholdsSeconds ?? [],
        replicaOf: replicaOf(model.replicas, setting),
      };
      return predictPlatform(load, setting, question, model.prediction);
    }),
  );
  return {
    startTime: { source: startTimes.source, meanSeconds: startTimes.meanSeconds },
    assumptions: assumptionsOf(model, questions),
    predictions,
    ...(goal !== undefined && {
      goal: {
        text: goal.text,
        answers: loads.map((load) => {
          const own = predictions.filter((one) => one.load === load);
          const sure = own.filter((one) => goal.holds(one, "sure"));
          const kept = sure.length > 0 ? sure : own.filter((one) => goal.holds(one, "best"));
          const [cheapest] = kept.toSorted((a, b) => a.replicaSecondsPerRequest - b.replicaSecondsPerRequest);
          return { load, isSure: sure.length > 0, ...(cheapest !== undefined && { cheapest }) };
        }),
      },
    }),
  };
}

/** Of a normal sample's standard deviation: 1 ÷ √(2 (n − 1)), with the requests that the variation comes from. */
function variationErrorOf(observations: readonly Observation[]): number {
  const least = Math.min(...observations.map(({ users }) => users));
  const lightest = observations.filter(({ users }) => users === least);
  const requests = lightest.reduce((sum, seen) => sum + seen.requests, 0);
  return 1 / Math.sqrt(2 * Math.max(1, requests - 1));
}

/** How one replica follows from the measured host. */
function replicaOf(
  replicas: Fitted["replicas"],
  { concurrency }: PlatformSetting,
): (station: ModelParameters) => ModelParameters {
  const own = ({ coldStarts: _, replicas: __, ...station }: ModelParameters): ModelParameters => station;
  if (concurrency === 1) return (station) => ({ ...own(station), servers: 1, contention: 0 });
  if (replicas === "changing")
    throw new SlbenchError<QueueingErrorCode>(
      "MODEL_BAD_QUESTION",
      "the number of replicas changed while these cells were measured, so it is not known how many requests one replica serves at a time",
      { hint: "ask with --concurrency 1, or measure with a fixed number of replicas", exitCode: 2 },
    );
  const count = replicas ?? 1;
  return (station) => ({
    ...own(station),
    servers: Math.max(1, station.servers / count),
    ...(station.knee !== undefined && {
      knee: { ...station.knee, beyond: Math.max(1, station.knee.beyond / count) },
    }),
  });
}

function assumptionsOf(
  { replicas }: Fitted,
  { cores, concurrency, rules }: PlatformQuestions,
): readonly string[] {
  const like =
    typeof replicas === "number" && replicas > 1
      ? `one of the ${replicas} measured ones`
      : replicas === "changing"
        ? "a measured one"
        : "the measured host";
  const isOne = concurrency === 1 || rules.every(({ rule }) => rule === "per-request");
  const limit = concurrency === 0 ? "any number of requests" : `${concurrency} requests`;
  return [
    `Each replica is like ${like}, and takes ${isOne ? "one request" : limit} at a time.`,
    cores === undefined
      ? "Each has a machine of its own."
      : `All of them share ${cores} ${cores === 1 ? "core" : "cores"}.`,
    "A request goes to the replica with the fewest, and waits at the gateway if none is free.",
  ];
}
