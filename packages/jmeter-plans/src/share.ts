/** How many of a cell's users slave `index` (from 0) of `slaves` runs: as even as can be, the first get more. */
export function usersOnSlave(users: number, slaves: number, index: number): number {
  return Math.floor((users + slaves - 1 - index) / slaves);
}
