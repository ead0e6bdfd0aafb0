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

/**
 * Sums over a client's successful requests whose size is known; undefined if the client has no sizes.
 * @param failed 1 for each request that failed
 */
export function sizedSums(
  { sizes, roundTripSeconds }: ModelClient,
  failed: Uint8Array,
): SizedMoments | undefined {
  if (sizes === undefined) return undefined;
  const sums = { count: 0, u: 0, t: 0, uu: 0, ut: 0, tt: 0 };
  for (const [index, u] of sizes.entries()) {
    if (failed[index] === 1 || Number.isNaN(u)) continue;
    const t = roundTripSeconds[index] as number;
    sums.count++;
    sums.u += u;
    sums.t += t;
    sums.uu += u * u;
    sums.ut += u * t;
    sums.tt += t * t;
  }
  return sums;
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
