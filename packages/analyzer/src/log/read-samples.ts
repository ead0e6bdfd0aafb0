import type { Sample } from "../core/sample.ts";
import type { SkippedInput } from "../core/warnings.ts";
import { type JtlOptions, JtlReader } from "./jtl-reader.ts";
import { unzipped } from "./read-log.ts";

/**
 * The samples of a log, in batches of one chunk each, gzip or not; memory does not grow with the log.
 *
 * @param onSkipped gets what could not be used, at the end
 * @throws {SlbenchError} JTL_EMPTY, JTL_NOT_A_JTL
 *
 * @example
 * ```ts
 * const text = "timeStamp,elapsed,label,responseCode,threadName,success\n1,250,GET,200,Users 1-1,true\n";
 * const labels: string[] = [];
 * for await (const batch of readSamples(new Blob([text]).stream(), { source: "inline" }, () => {}))
 *   labels.push(...batch.map(({ label }) => label));
 * labels; // ["GET"]
 * ```
 */
export async function* readSamples(
  bytes: AsyncIterable<Uint8Array>,
  options: JtlOptions,
  onSkipped: (input: SkippedInput) => void,
): AsyncGenerator<readonly Sample[]> {
  let batch: Sample[] = [];
  const reader = new JtlReader(options, { take: (sample) => void batch.push(sample) });
  const damages: SkippedInput[] = [];
  for await (const chunk of unzipped(bytes, options.source, (loss) => damages.push(loss))) {
    reader.push(chunk);
    if (batch.length === 0) continue;
    yield batch;
    batch = [];
  }
  for (const loss of [...reader.end(), ...damages]) onSkipped(loss);
  if (batch.length > 0) yield batch;
}
