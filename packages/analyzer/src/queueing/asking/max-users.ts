import type { PredictionInput } from "../fitting/prediction-input.ts";
import type { Goal } from "../goal.ts";
import { type Prediction, predict } from "./predict.ts";

export interface MaxUsers {
  readonly thinkTimeSeconds: number;
  /** Most users at which the goal holds; 0: not even one. */
  readonly users: number;
  /** Most users at which it holds at the worse end of the 95% intervals too. */
  readonly conservativeUsers: number;
  /** True where no more than `users` (or `conservativeUsers`) were tried, and the goal still held. */
  readonly atLeast?: boolean;
  readonly conservativeAtLeast?: boolean;
}

/**
 * The most users per think time, up to `most`, that keep a goal.
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
 * findMaxUsers(parseGoal("mean<3s"), [0], model.prediction)[0]?.users; // 9
 * ```
 */
export function findMaxUsers(
  goal: Goal,
  thinkTimes: readonly number[],
  input: PredictionInput,
  most = 1000,
): readonly MaxUsers[] {
  return thinkTimes.map((thinkTimeSeconds) => {
    const known = new Map<number, Prediction | undefined>();
    const at = (users: number) => {
      const found =
        known.get(users) ?? predict([{ users, thinkTimeSeconds }], input, goal.thresholdsSeconds)[0];
      known.set(users, found);
      return found;
    };
    const search = (side: "best" | "sure") => {
      const fits = (users: number) => {
        const prediction = at(users);
        return prediction !== undefined && goal.holds(prediction, side);
      };
      // More users are never faster: bisection.
      let [low, high] = [0, 1];
      while (high < most && fits(high)) [low, high] = [high, Math.min(most, high * 2)];
      if (high === most && fits(most)) return most;
      while (high - low > 1) {
        const middle = Math.floor((low + high) / 2);
        if (fits(middle)) low = middle;
        else high = middle;
      }
      return low;
    };
    const users = search("best");
    const conservativeUsers = Math.min(users, search("sure"));
    return {
      ...{ thinkTimeSeconds, users, conservativeUsers },
      ...(users === most && { atLeast: true }),
      ...(conservativeUsers === most && { conservativeAtLeast: true }),
    };
  });
}
