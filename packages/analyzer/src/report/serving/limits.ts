import { generalLimits, type Threshold } from "../../thresholds/threshold.ts";
import { limitPercent } from "../text.ts";

/** The limits within which a function serves its users well. */
export interface ServingLimits {
  /** 0..1, mean over clients. */
  readonly successRate: number;
  readonly p95Seconds: number;
  /** No threshold sets p95Seconds: it is the clients' own time limit, which successful requests always keep. */
  readonly isTimeLimit?: boolean;
  /** The source of the limits, a sentence. */
  readonly source: string;
}

const USUAL_SUCCESS_RATE = 0.99;

/**
 * The limits that thresholds for every cell set on success rate and 95th percentile; the defaults are 99%
 * and the clients' own time limit.
 *
 * @example
 * ```ts
 * servingLimits([parseThreshold("p95<2s")], 25).p95Seconds; // 2
 * ```
 */
export function servingLimits(thresholds: readonly Threshold[], timeoutSeconds: number): ServingLimits {
  const general = thresholds.flatMap((threshold) =>
    generalLimits(threshold).map((limit) => ({ ...limit, text: threshold.text })),
  );
  const rates = general.filter(({ name, operator }) => name === "success" && operator.startsWith(">"));
  const p95s = general.filter(({ name, operator }) => name === "p95" && operator.startsWith("<"));
  const set = new Set([...rates, ...p95s].map(({ text }) => text));
  const defaults = [
    ...(rates.length === 0 ? [`${limitPercent(USUAL_SUCCESS_RATE)} success`] : []),
    ...(p95s.length === 0 ? [`${timeoutSeconds} s, the clients' own time limit`] : []),
  ];
  return {
    successRate: rates.length === 0 ? USUAL_SUCCESS_RATE : Math.max(...rates.map(({ limit }) => limit)),
    p95Seconds: p95s.length === 0 ? timeoutSeconds : Math.min(...p95s.map(({ limit }) => limit)),
    isTimeLimit: p95s.length === 0,
    source: [
      ...(set.size === 0 ? [] : [`Set by the thresholds ${[...set].join(", ")}.`]),
      ...(defaults.length === 0 ? [] : [`Defaults: ${defaults.join("; ")}.`]),
      ...(p95s.length === 0 ? ["Set a threshold such as p95<2s to be stricter."] : []),
    ].join(" "),
  };
}
