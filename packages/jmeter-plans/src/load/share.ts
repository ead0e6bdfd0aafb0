/** How many of a cell's users worker `index` (from 0) of `workers` runs: as even as can be, the first get more. */
export function usersOnWorker(users: number, workers: number, index: number): number {
  return Math.floor((users + workers - 1 - index) / workers);
}
