import { type ClientErrorCode, SlbenchError } from "./errors.ts";
import { MAX_TIMER_SECONDS } from "./wait.ts";

/** How long a user thinks before the next request. */
export interface ThinkTime {
  /** The text that was parsed. */
  readonly text: string;
  readonly meanSeconds: number;
  /** Whether it is drawn from a distribution. */
  readonly isDrawn: boolean;
  readonly draw: (random: () => number) => number;
}

const FORMS = "2, exponential:2, uniform:1..3";

/**
 * Reads a think time in seconds: a number is fixed, `exponential:MEAN` and `uniform:LOW..HIGH` are drawn.
 * @throws {SlbenchError} CLIENT_USAGE for anything else, and for a mean above a timer's limit
 */
export function parseThinkTime(text: string): ThinkTime {
  const thinkTime = parseForm(text);
  if (thinkTime !== undefined && thinkTime.meanSeconds <= MAX_TIMER_SECONDS) return thinkTime;
  const hint = `give seconds up to ${MAX_TIMER_SECONDS}, one of ${FORMS}`;
  throw new SlbenchError<ClientErrorCode>("CLIENT_USAGE", `--think-time is "${text}"`, { hint, exitCode: 2 });
}

function parseForm(text: string): ThinkTime | undefined {
  const fixed = Number(text);
  if (text.trim() !== "" && Number.isFinite(fixed) && fixed >= 0)
    return { text, meanSeconds: fixed, isDrawn: false, draw: () => fixed };
  const [, mean] = /^exponential:([0-9.]+)$/.exec(text) ?? [];
  const meanSeconds = Number(mean);
  if (meanSeconds > 0)
    return { text, meanSeconds, isDrawn: true, draw: (random) => -Math.log(1 - random()) * meanSeconds };
  const [, low, high] = /^uniform:([0-9.]+?)\.\.([0-9.]+)$/.exec(text) ?? [];
  const from = Number(low);
  const width = Number(high) - from;
  if (width >= 0)
    return { text, meanSeconds: from + width / 2, isDrawn: true, draw: (random) => from + random() * width };
  return undefined;
}
