import { epochMicros } from "./epoch.ts";

/** By then the controller has gone or hangs. */
const MAX_LIFE_MS = 60_000;

/**
 * Prints this machine's clock in epoch microseconds for each line of standard input, until the input ends.
 * The controller compares it with its own clock (docs/decisions/clocks.md).
 */
export async function printClock(): Promise<number> {
  setTimeout(() => process.exit(1), MAX_LIFE_MS);
  for await (const chunk of process.stdin) {
    const now = epochMicros();
    for (const byte of chunk as Buffer) if (byte === 10) process.stdout.write(`${now}\n`);
  }
  return 0;
}
