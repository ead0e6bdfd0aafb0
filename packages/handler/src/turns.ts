/**
 * Runs one task at a time, first come first served.
 *
 * Two pictures at once would share the same cores: each would take twice as long, memory use would double,
 * and the times of the stages would be meaningless.
 */
export function createTurns(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = last.then(work);
    last = mine.catch(() => {});
    return mine;
  };
}
