import type { Sample } from "../core/sample.ts";
import type { SkippedInput, Warning } from "../core/warnings.ts";
import { JtlReader } from "./jtl-reader.ts";

/**
 * Reads a whole JMeter log from memory.
 * @param source name for messages
 * @throws {SlbenchError} JTL_EMPTY, JTL_NOT_A_JTL
 *
 * @example
 * ```ts
 * const text = "timeStamp,elapsed,label,responseCode,threadName,success\n1,250,GET,200,Users 1-1,true\n";
 * parseJtl(text, "inline").samples[0]?.elapsedMs; // 250
 * ```
 */
export function parseJtl(
  log: string | Uint8Array,
  source: string,
): {
  readonly samples: readonly Sample[];
  readonly skipped: readonly SkippedInput[];
  readonly warnings: readonly Warning[];
} {
  const samples: Sample[] = [];
  const reader = new JtlReader({ source }, { take: (sample) => void samples.push(sample) });
  reader.push(typeof log === "string" ? new TextEncoder().encode(log) : log);
  const skipped = reader.end();
  return { samples, skipped, warnings: reader.warnings };
}
