import { createProgress, type Progress, teeProgress } from "../run/progress.ts";

/** Where a run shows its progress besides standard error. */
export interface WatchFlags {
  readonly watch?: boolean;
  readonly metrics?: number;
}

/**
 * Runs with progress on standard error and, if wanted, on a live page, which ends as the report, and as metrics.
 * @param name of what is run, for the page
 * @param run returns the report's file; undefined if no report was written
 */
export async function watched(
  { watch: isWatched = false, metrics: port }: WatchFlags,
  command: string,
  name: string,
  run: (progress: Progress) => Promise<string | undefined>,
): Promise<void> {
  const watch = isWatched ? await (await import("../live/watch.ts")).startWatch(name) : undefined;
  const metrics =
    port === undefined ? undefined : await (await import("../live/metrics.ts")).startMetrics(port);
  if (watch !== undefined) process.stderr.write(`${command}: watch it at ${watch.url}\n`);
  if (metrics !== undefined) process.stderr.write(`${command}: metrics at ${metrics.url}\n`);
  const also = [watch, metrics].flatMap((one) => one?.progress ?? []);
  let reportFile: string | undefined;
  try {
    reportFile = await run(teeProgress([createProgress(), ...also]));
  } finally {
    await metrics?.close();
    await watch?.end(reportFile);
  }
}
