/**
 * One piece of work at a time, first come first served.
 *
 * Two pictures at once would only share the same cores: each takes twice as long, twice the memory is
 * held, and no stage's time means anything any more.
 */
export function createTurns(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = last.then(work);
    last = mine.catch(() => {});
    return mine;
  };
}
