import type { Count } from "./tally.ts";

/** What is claimed about the share of a count. */
export interface Claim {
  /**
   * `holds`: a share near the nominal one. `at most`, `at least`: a share on one side of it. `information`: no
   * claim.
   */
  readonly kind: "holds" | "at most" | "at least" | "information";
  /** 0..1; ignored for `information`. */
  readonly nominal: number;
  /** How far the share may be off. */
  readonly tolerance: number;
}

/** 95% intervals may be off by three points. */
export const COVERAGE: Claim = { kind: "holds", nominal: 0.95, tolerance: 0.03 };
/** Wrong verdicts at a nominal 5% are at most 6%. */
export const WRONG_VERDICTS: Claim = { kind: "at most", nominal: 0.05, tolerance: 0.01 };
export const INFORMATION: Claim = { kind: "information", nominal: 0, tolerance: 0 };

/** `wide`: an interval holds more often than it claims, so it could be narrower. */
export type Finding = "right" | "wide" | "miss" | "not shown";

/** The share of hits, with its Monte-Carlo standard error. */
export function shareOf({ hits, trials }: Count): { readonly share: number; readonly error: number } {
  const share = hits / trials;
  return { share, error: Math.sqrt((share * (1 - share)) / trials) };
}

/** A share beyond the tolerance by more than this many Monte-Carlo errors is not due to chance. */
const ERRORS = 2;

/** Judges a claim, allowing for the Monte-Carlo error. */
export function judgeClaim({ kind, nominal, tolerance }: Claim, count: Count): Finding {
  if (count.trials === 0) return "not shown";
  const { share, error } = shareOf(count);
  const slack = tolerance + ERRORS * error;
  const isLow = share < nominal - slack;
  const isHigh = share > nominal + slack;
  if (kind === "information") return "right";
  if (kind === "at most") return isHigh ? "miss" : "right";
  if (kind === "at least") return isLow ? "miss" : "right";
  if (isLow) return "miss";
  return isHigh ? "wide" : "right";
}
