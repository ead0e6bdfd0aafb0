import {
  applyWhatIf,
  findMaxUsers,
  fitModel,
  type ModelCell,
  parseGoal,
  predict,
  SlbenchError,
} from "../queueing/index.ts";
import type { SearchPrediction } from "./search-report.ts";

export interface BeyondOptions {
  readonly goal: string;
  readonly thinkTimeSeconds: number;
  /** The search's answer. */
  readonly users: number;
  /** The clients' time limit. */
  readonly limitSeconds: number;
}

/** One host more. */
const REPLICAS = 2;

/**
 * What the queueing model, fitted to the search's cells, says beyond the answer. Nothing of it is measured.
 *
 * @returns undefined if the cells cannot be fitted, or the model's own check says not to trust it
 *
 * @example
 * ```ts
 * predictBeyond([], { goal: "p95<2s", thinkTimeSeconds: 0, users: 4, limitSeconds: 25 }); // undefined
 * ```
 */
export function predictBeyond(
  cells: readonly ModelCell[],
  { goal, thinkTimeSeconds, users, limitSeconds }: BeyondOptions,
): SearchPrediction | undefined {
  if (users < 1) return undefined;
  const model = fitIfPossible(cells, limitSeconds);
  if (model === undefined || model.verdict.level === "do not trust") return undefined;
  const { demandSeconds, delaySeconds } = model.parameters;
  const [at] = predict([{ users, thinkTimeSeconds }], model.prediction);
  const waiting = at === undefined ? 0 : 1 - (demandSeconds + delaySeconds) / at.meanUncutSeconds;
  const [more] = findMaxUsers(
    parseGoal(goal),
    [thinkTimeSeconds],
    applyWhatIf(model, `replicas=${REPLICAS}`),
  );
  return {
    queueingShare: Math.max(0, waiting),
    ...(more !== undefined &&
      more.atLeast !== true && {
        replicas: { count: REPLICAS, conservativeUsers: more.conservativeUsers, users: more.users },
      }),
  };
}

function fitIfPossible(cells: readonly ModelCell[], limitSeconds: number) {
  try {
    return fitModel(cells, { limitSeconds });
  } catch (error) {
    // Too few loads, or all failed: the answer stands without a prediction.
    if (error instanceof SlbenchError) return undefined;
    throw error;
  }
}
