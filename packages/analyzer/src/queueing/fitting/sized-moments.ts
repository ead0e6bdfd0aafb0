import type { ModelClient } from "./observation.ts";

/** Sums over requests with their sizes u and times t. */
export interface SizedMoments {
  readonly count: number;
  readonly u: number;
  readonly t: number;
  readonly uu: number;
  readonly ut: number;
  readonly tt: number;
}

type Stretches = readonly (readonly [from: number, to: number])[];

const NAMES = ["count", "u", "t", "uu", "ut", "tt"] as const;

/**
 * Sums over any ranges of a client's successful requests whose size is known; undefined if the client has no sizes.
 * @param failed 1 for each request that failed
 */
export function sizedSums(
  { sizes, roundTripSeconds }: ModelClient,
  failed: Uint8Array,
): ((stretches: Stretches) => SizedMoments) | undefined {
  if (sizes === undefined) return undefined;
  const prefixes = NAMES.map(() => new Float64Array(sizes.length + 1));
  for (const [index, size] of sizes.entries()) {
    const isCounted = failed[index] === 0 && !Number.isNaN(size);
    const [u, t] = isCounted ? [size, roundTripSeconds[index] as number] : [0, 0];
    for (const [at, value] of [Number(isCounted), u, t, u * u, u * t, t * t].entries()) {
      const prefix = prefixes[at] as Float64Array;
      prefix[index + 1] = (prefix[index] as number) + value;
    }
  }
  return (stretches) => {
    const sums = prefixes.map((prefix) =>
      stretches.reduce((sum, [from, to]) => sum + (prefix[to] as number) - (prefix[from] as number), 0),
    );
    return Object.fromEntries(NAMES.map((name, at) => [name, sums[at]])) as unknown as SizedMoments;
  };
}

export function addSized(all: readonly (SizedMoments | undefined)[]): SizedMoments | undefined {
  const known = all.flatMap((one) => one ?? []);
  return known.length === 0 ? undefined : sumMoments(known);
}

export const sumMoments = (parts: readonly SizedMoments[]): SizedMoments =>
  momentsOf((name) => parts.reduce((sum, part) => sum + part[name], 0));

/** The moments without those of a part. */
export const withoutPart = (whole: SizedMoments, part: SizedMoments): SizedMoments =>
  momentsOf((name) => whole[name] - part[name]);

const momentsOf = (sumOf: (name: keyof SizedMoments) => number): SizedMoments => ({
  count: sumOf("count"),
  u: sumOf("u"),
  t: sumOf("t"),
  uu: sumOf("uu"),
  ut: sumOf("ut"),
  tt: sumOf("tt"),
});

/** r²: the share of the times' variance that a straight line over the sizes explains; 0 if either does not vary. */
export function explainedShare({ count, u, t, uu, ut, tt }: SizedMoments): number {
  const [varU, varT, cov] = [count * uu - u * u, count * tt - t * t, count * ut - u * t];
  const share = cov ** 2 / (varU * varT);
  return Number.isFinite(share) ? Math.min(1, share) : 0;
}
