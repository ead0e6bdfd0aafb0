/**
 * What a search's loads stand for. Loads are whole numbers that are harder to serve the greater they are: users, steps
 * of a rate, or replicas taken away from one more than the most.
 */
export interface LoadScale {
  readonly for: "users" | "rate" | "replicas";
  /** Users, requests per second, or replicas of one step of the search. */
  readonly step: number;
  /** The greatest number of replicas that is tried; of a search for replicas alone. */
  readonly mostReplicas?: number;
}

/**
 * Users, requests per second, or replicas of a load.
 *
 * @example
 * ```ts
 * valueOfLoad(3, { for: "rate", step: 0.1 }); // 0.3
 * valueOfLoad(1, { for: "replicas", step: 1, mostReplicas: 4 }); // 4
 * ```
 */
export function valueOfLoad(load: number, { step, mostReplicas }: LoadScale): number {
  if (mostReplicas !== undefined) return mostReplicas + 1 - load;
  // 0.1 × 3 is 0.3, whatever the last bit says.
  return Number((load * step).toPrecision(12));
}

/**
 * The load that stands for users, requests per second, or replicas.
 *
 * @example
 * ```ts
 * loadOfValue(4, { for: "replicas", step: 1, mostReplicas: 4 }); // 1
 * ```
 */
export const loadOfValue = (value: number, { step, mostReplicas }: LoadScale): number =>
  mostReplicas === undefined ? Math.round(value / step) : mostReplicas + 1 - value;
