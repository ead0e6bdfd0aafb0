import { createProgress, type Progress, teeProgress } from "../run/progress.ts";

/** Where a run shows its progress besides standard error. */
export interface WatchFlags {
  readonly watch?: boolean;
  readonly metrics?: number;
  readonly otlp?: URL;
}

/**
 * Runs with progress on standard error and, if wanted, on a live page, which ends as the report, and as metrics for Prometheus or OpenTelemetry.
 * @param name of what is run, for the page
 * @param run returns the report's file; undefined if no report was written
 */
export async function watched(
  { watch: isWatched = false, metrics: port, otlp: endpoint }: WatchFlags,
  command: string,
  name: string,
  run: (progress: Progress) => Promise<string | undefined>,
): Promise<void> {
  const watch = isWatched ? await (await import("../live/watch.ts")).startWatch(name) : undefined;
  const metrics =
    port === undefined ? undefined : await (await import("../live/metrics.ts")).startMetrics(port);
  const warn = (message: string) => void process.stderr.write(`${command}: ${message}\n`);
  const otlp =
    endpoint === undefined
      ? undefined
      : await (await import("../live/otlp.ts")).startOtlp({ endpoint, warn });
  if (watch !== undefined) process.stderr.write(`${command}: watch it at ${watch.url}\n`);
  if (metrics !== undefined) process.stderr.write(`${command}: metrics at ${metrics.url}\n`);
  if (otlp !== undefined) process.stderr.write(`${command}: metrics go to ${otlp.url}\n`);
  const also = [watch, metrics, otlp].flatMap((one) => one?.progress ?? []);
  let reportFile: string | undefined;
  try {
    reportFile = await run(teeProgress([createProgress(), ...also]));
  } finally {
    await metrics?.close();
    await otlp?.close();
    await watch?.end(reportFile);
  }
}
