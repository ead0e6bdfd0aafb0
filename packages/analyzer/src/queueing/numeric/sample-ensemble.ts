/** Scale of the stretch move. */
const STRETCH = 2;

export interface Sample {
  readonly at: readonly number[];
  readonly logDensity: number;
}

/**
 * Draws from a distribution of a few variables that is known up to a factor: the stretch move, which needs no tuning
 * and follows ridges, because it moves each walker along the line to another one.
 *
 * @param logDensity −Infinity outside its domain
 * @param walkers starting points inside the domain, an even number and more than twice the variables
 * @param sweeps moves of each walker; the first half is dropped
 * @see Goodman and Weare 2010, Communications in Applied Mathematics and Computational Science 5(1)
 */
export function sampleEnsemble(
  logDensity: (point: readonly number[]) => number,
  walkers: readonly (readonly number[])[],
  sweeps: number,
  random: () => number,
): readonly Sample[] {
  const current: Sample[] = walkers.map((at) => ({ at, logDensity: logDensity(at) }));
  const half = current.length / 2;
  const samples: Sample[] = [];
  for (let sweep = 0; sweep < sweeps; sweep++) {
    for (let index = 0; index < current.length; index++) {
      const own = current[index] as Sample;
      // Partners are of the other half.
      const other = current[(index < half ? half : 0) + Math.floor(half * random())] as Sample;
      const z = (1 + (STRETCH - 1) * random()) ** 2 / STRETCH;
      const at = own.at.map(
        (value, axis) => (other.at[axis] as number) + z * (value - (other.at[axis] as number)),
      );
      const density = logDensity(at);
      const gain = (at.length - 1) * Math.log(z) + density - own.logDensity;
      if (Math.log(1 - random()) < gain) current[index] = { at, logDensity: density };
    }
    if (sweep >= sweeps / 2) samples.push(...current);
  }
  return samples;
}
