import { epochMicros } from "./epoch.ts";

/** Whoever asked is gone, or hangs. */
const LONGEST_LIFE_MS = 60_000;

/**
 * Answers each line of standard input with this machine's clock, epoch microseconds, until the input ends. The
 * controller compares it with its own clock (docs/decisions/clocks.md).
 */
export async function tellClock(): Promise<number> {
  setTimeout(() => process.exit(1), LONGEST_LIFE_MS);
  for await (const chunk of process.stdin) {
    const now = epochMicros();
    for (const byte of chunk as Buffer) if (byte === 10) process.stdout.write(`${now}\n`);
  }
  return 0;
}
