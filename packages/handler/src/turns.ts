/** Runs a task when one of its places is free, first come first served. */
export type Turns = <T>(work: () => Promise<T>) => Promise<T>;

/** @param places number of tasks that may run at once */
export function createTurns(places = 1): Turns {
  const waiting: (() => void)[] = [];
  let free = places;
  return async (work) => {
    if (free > 0) free--;
    else await new Promise<void>((begin) => waiting.push(begin));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free++;
      else next();
    }
  };
}
