/** The limit of setTimeout(), 2^31 ms or 24 days. It fires at once for more. */
export const MAX_TIMER_SECONDS = 2_147_483;

/** Waits until a time of performance.now(), however far away, or until `stop` aborts. */
export async function waitUntil(dueMs: number, stop: AbortSignal): Promise<void> {
  const longestMs = MAX_TIMER_SECONDS * 1000;
  while (dueMs - performance.now() > longestMs && !stop.aborted) await wait(longestMs, stop);
  await wait(dueMs - performance.now(), stop);
}

async function wait(waitMs: number, stop: AbortSignal): Promise<void> {
  if (waitMs <= 0 || stop.aborted) return;
  await new Promise<void>((resolve) => {
    const finish = () => {
      clearTimeout(timer);
      stop.removeEventListener("abort", finish);
      resolve();
    };
    const timer = setTimeout(finish, waitMs);
    stop.addEventListener("abort", finish);
  });
}
