import type { Count } from "./tally.ts";

/** What is claimed of a count. */
export interface Claim {
  /**
   * `holds`: a share near the nominal one. `at most`, `at least`: a share on one side of it. `information`: nothing
   * is claimed.
   */
  readonly kind: "holds" | "at most" | "at least" | "information";
  /** 0..1; of no meaning for information. */
  readonly nominal: number;
  /** How far the share may be off. */
  readonly tolerance: number;
}

/** 95% intervals are right within three points. */
export const COVERAGE: Claim = { kind: "holds", nominal: 0.95, tolerance: 0.03 };
/** Wrong verdicts at a nominal 5% are at most 6%. */
export const WRONG_VERDICTS: Claim = { kind: "at most", nominal: 0.05, tolerance: 0.01 };
export const INFORMATION: Claim = { kind: "information", nominal: 0, tolerance: 0 };

/** `wide`: an interval holds more often than it says, which is weaker than it could be. */
export type Finding = "right" | "wide" | "miss" | "not shown";

/** How often it happened, with the standard error that the number of simulations leaves. */
export function shareOf({ hits, trials }: Count): { readonly share: number; readonly error: number } {
  const share = hits / trials;
  return { share, error: Math.sqrt((share * (1 - share)) / trials) };
}

/** Beyond the tolerance by more than two Monte-Carlo errors is no chance. */
const ERRORS = 2;

/** Whether a claim is right, as far as the number of simulations tells. */
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
