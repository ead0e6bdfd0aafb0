import { createProgress, type Progress, teeProgress } from "../run/progress.ts";

/**
 * Runs with progress on standard error and, if wanted, on a live page, which ends as the report.
 * @param name of what is run, for the page
 * @param run returns the report's file; undefined if there is none
 */
export async function watched(
  isWatched: boolean,
  command: string,
  name: string,
  run: (progress: Progress) => Promise<string | undefined>,
): Promise<void> {
  if (!isWatched) return void (await run(createProgress()));
  const { startWatch } = await import("../live/watch.ts");
  const watch = await startWatch(name);
  process.stderr.write(`${command}: watch it at ${watch.url}\n`);
  let reportFile: string | undefined;
  try {
    reportFile = await run(teeProgress([createProgress(), watch.progress]));
  } finally {
    await watch.end(reportFile);
  }
}
