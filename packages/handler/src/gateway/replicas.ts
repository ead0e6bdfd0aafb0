import type { Backend } from "../detector.ts";
import type { GatewayOptions } from "./options.ts";
import { invokeAny, type Pool } from "./pool.ts";
import { createReplicaProcesses } from "./replica-processes.ts";
import { createRetryPause } from "./retry-pause.ts";
import type { Watchdog } from "./watchdog.ts";

/**
 * Starts a fixed number of replicas of mode http and waits until they are ready. A replica that dies later is
 * replaced.
 * @param log receives a line when a replica dies or cannot be replaced
 * @param changed called when the number of ready replicas changes
 * @throws the first error if any replica cannot start
 */
export async function startReplicas(
  options: GatewayOptions,
  log: (line: string) => void,
  changed: () => void,
): Promise<Pool> {
  const processes = createReplicaProcesses(options);
  const ready: Watchdog[] = [];
  const pause = createRetryPause();
  let stopped = false;
  let backend: Backend | undefined;

  const start = async (): Promise<void> => {
    const replica = await processes.start();
    const { watchdog } = replica;
    if (stopped) return;
    backend ??= replica.backend;
    ready.push(watchdog);
    changed();
    void replica.ended.then((how) => {
      ready.splice(ready.indexOf(watchdog), 1);
      changed();
      if (stopped) return;
      log(`replica ${watchdog.name} died (${how}); replacing it`);
      replace();
    });
  };
  const replace = (): void => {
    start().then(pause.reset, (error: unknown) => {
      if (stopped) return;
      const seconds = pause.next();
      const reason = error instanceof Error ? error.message : String(error);
      log(`cannot replace a replica (${reason}); next attempt in ${seconds} s`);
      setTimeout(() => {
        if (!stopped) replace();
      }, seconds * 1000);
    });
  };
  const stop = async () => {
    stopped = true;
    await processes.stop();
  };

  try {
    await Promise.all(Array.from({ length: options.replicas }, start));
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    backend: backend ?? "none",
    count: () => ({ wanted: options.replicas, ready: ready.length, starting: 0, ending: 0, queued: 0 }),
    invoke: invokeAny(ready, options.functionName),
    drain() {
      stopped = true;
      for (const watchdog of ready) watchdog.drain();
      processes.drain();
    },
    stop,
  };
}
