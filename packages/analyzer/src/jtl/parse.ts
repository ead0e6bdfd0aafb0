import type { Sample } from "../sample.ts";
import type { SkippedInput } from "../warnings.ts";
import { JtlReader } from "./reader.ts";

/**
 * Reads a JMeter log that is at hand as a whole.
 * @throws {AnalyzerError} JTL_EMPTY, JTL_NOT_A_JTL
 */
export function parseJtl(
  log: string | Uint8Array,
  source: string,
): { readonly samples: readonly Sample[]; readonly lost: readonly SkippedInput[] } {
  const samples: Sample[] = [];
  const reader = new JtlReader({ source }, { take: (sample) => void samples.push(sample) });
  reader.push(typeof log === "string" ? new TextEncoder().encode(log) : log);
  return { samples, lost: reader.end() };
}
