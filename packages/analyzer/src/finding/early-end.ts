import { type Criterion, combine, type SearchGoal } from "./search-goal.ts";

/** Follows the responses of a run that is still going on. */
export interface RunWatch {
  /** @param roundTripSeconds as the client sees it: at most its time limit */
  add(roundTripSeconds: number, isSuccessful: boolean): void;
  /** Why the run misses the goal, whatever its other responses are; undefined while it may still keep it. */
  whyMissed(): string | undefined;
}

/**
 * Watches whether a run can still keep a goal. The bound is strict: a run that has missed the goal would miss it even
 * if every other response were instant and successful.
 *
 * @param plannedRequests at least as many as will count in the end
 *
 * @example
 * ```ts
 * const watch = watchRun(parseSearchGoal("p90<2s"), 20);
 * for (const seconds of [1, 3, 3, 3]) watch.add(seconds, true);
 * watch.whyMissed(); // "p90<2s: 3 of 20 requests took longer"
 * ```
 */
export function watchRun({ criteria, tree }: SearchGoal, plannedRequests: number): RunWatch {
  const parts = criteria.map((criterion) => watchCriterion(criterion, plannedRequests));
  return {
    add(roundTripSeconds, isSuccessful) {
      for (const part of parts) part.add(roundTripSeconds, isSuccessful);
    },
    whyMissed() {
      const missed = parts.map((part) => part.whyMissed());
      const holds = combine(tree, (index) => (missed[index] === undefined ? 1 : -1)) > 0;
      return holds ? undefined : missed.filter((why) => why !== undefined).join("; ");
    },
  };
}

function watchCriterion({ text, kind, limit, quantile }: Criterion, planned: number): RunWatch {
  let missed = 0;
  if (kind === "success") {
    return {
      add: (_, isSuccessful) => {
        if (!isSuccessful) missed++;
      },
      whyMissed: () =>
        (planned - missed) / planned < limit ? `${text}: ${missed} of ${planned} requests failed` : undefined,
    };
  }
  if (quantile === undefined) {
    let seconds = 0;
    return {
      add: (roundTripSeconds) => {
        seconds += roundTripSeconds;
      },
      whyMissed: () =>
        seconds >= limit * planned
          ? `${text}: ${planned} requests may take ${Math.round(limit * planned)} s together, and some of them have taken ${Math.round(seconds)} s`
          : undefined,
    };
  }
  // So many slow responses move the lower of the two order statistics that the quantile lies between to the limit.
  const enough = planned - Math.floor((planned - 1) * quantile);
  return {
    add: (roundTripSeconds) => {
      if (roundTripSeconds >= limit) missed++;
    },
    whyMissed: () => (missed >= enough ? `${text}: ${missed} of ${planned} requests took longer` : undefined),
  };
}
