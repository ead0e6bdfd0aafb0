import { SlbenchError, type ToolErrorCode } from "../errors.ts";

/** Aborts a signal on the first SIGINT, SIGTERM or SIGHUP; later ones have no effect. */
export interface Interrupt {
  readonly signal: AbortSignal;
  /** Rejects with RUN_INTERRUPTED as soon as the signal is aborted, else settles like the work. */
  race<T>(work: Promise<T>): Promise<T>;
  close(): void;
}

export function listenForInterrupt(): Interrupt {
  const controller = new AbortController();
  const onSignal = () => controller.abort();
  for (const name of signals) process.on(name, onSignal);
  return {
    signal: controller.signal,
    race: (work) => raceInterrupt(controller.signal, work),
    close() {
      for (const name of signals) process.off(name, onSignal);
    },
  };
}

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

export function interruptedError(
  hint = "nothing was measured yet; run the same command again",
): SlbenchError {
  return new SlbenchError<ToolErrorCode>("RUN_INTERRUPTED", "interrupted", { hint, exitCode: 130 });
}

function raceInterrupt<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise<T>((done, fail) => {
    const stop = () => fail(interruptedError());
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
    work.then(done, fail).finally(() => signal.removeEventListener("abort", stop));
  });
}
