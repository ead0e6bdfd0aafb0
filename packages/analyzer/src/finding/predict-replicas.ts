import { applyWhatIf, fitModel, type ModelCell, parseGoal, predict } from "../queueing/index.ts";

export interface ReplicasOptions {
  readonly goal: string;
  readonly users: number;
  readonly thinkTimeSeconds: number;
  /** The clients' time limit. */
  readonly limitSeconds: number;
  /** No more are tried. */
  readonly most: number;
}

/** How many hosts like the measured one keep a goal, as the queueing model predicts it. */
export interface PredictedReplicas {
  /** By its estimate; absent if not even the most are enough. */
  readonly replicas?: number;
  /** At the worse end of its 95% intervals; absent if not even the most are enough. */
  readonly conservativeReplicas?: number;
  readonly most: number;
}

/**
 * Predicts the fewest replicas with which a goal holds at a number of users, from cells that were measured with one.
 *
 * @returns undefined if the model's own check says not to trust it
 * @throws {SlbenchError} MODEL_… if the model cannot be fitted to the cells
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
 * const options = { goal: "mean<2s", users: 16, thinkTimeSeconds: 0, limitSeconds: 25, most: 10 };
 * predictReplicas(cells, options)?.replicas; // 3
 * ```
 */
export function predictReplicas(
  cells: readonly ModelCell[],
  { goal, users, thinkTimeSeconds, limitSeconds, most }: ReplicasOptions,
): PredictedReplicas | undefined {
  const model = fitModel(cells, { limitSeconds });
  if (model.verdict.level === "do not trust") return undefined;
  const wanted = parseGoal(goal);
  const isEnough = (replicas: number, side: "best" | "sure") => {
    const changed = applyWhatIf(model, `replicas=${replicas}`);
    const [prediction] = predict([{ users, thinkTimeSeconds }], changed, wanted.thresholdsSeconds);
    return prediction !== undefined && wanted.holds(prediction, side);
  };
  const replicas = fewest(most, (count) => isEnough(count, "best"));
  const conservativeReplicas = fewest(most, (count) => isEnough(count, "sure"));
  return {
    ...(replicas !== undefined && { replicas }),
    ...(conservativeReplicas !== undefined && { conservativeReplicas }),
    most,
  };
}

/** More replicas never serve worse: bisection. */
function fewest(most: number, isEnough: (count: number) => boolean): number | undefined {
  if (!isEnough(most)) return undefined;
  let [low, high] = [0, most];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (isEnough(middle)) high = middle;
    else low = middle;
  }
  return high;
}
