import { type ClientErrorCode, SlbenchError } from "../errors.ts";
import { MAX_TIMER_SECONDS } from "./wait.ts";

/** A day: the longest think time of an experiment, a result or a question. */
export const MAX_THINK_SECONDS = 86_400;

/** How long a user thinks before the next request. */
export interface ThinkTime {
  /** The text that was parsed. */
  readonly text: string;
  readonly meanSeconds: number;
  readonly isConstant: boolean;
  /** Whether it is drawn from a distribution. */
  readonly isDrawn: boolean;
  /** @param sequence of the request that follows */
  readonly draw: (random: () => number, sequence: number) => number;
}

const FORMS = "2, exponential:2, uniform:1..3, idle:60/10";

/**
 * Reads a think time in seconds: a number is constant, `exponential:MEAN` and `uniform:LOW..HIGH` are drawn, and
 * `idle:60/10` is 60 s before every 10th request and none before the others.
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
    return { text, meanSeconds: fixed, isConstant: true, isDrawn: false, draw: () => fixed };
  const [, pause, count] = /^idle:([0-9.]+)\/([1-9][0-9]*)$/.exec(text) ?? [];
  const [pauseSeconds, every] = [Number(pause), Number(count)];
  if (pauseSeconds >= 0)
    return {
      ...{ text, meanSeconds: pauseSeconds / every, isConstant: false, isDrawn: false },
      draw: (_, sequence) => (sequence % every === 0 ? pauseSeconds : 0),
    };
  const drawn = { text, isConstant: false, isDrawn: true };
  const [, mean] = /^exponential:([0-9.]+)$/.exec(text) ?? [];
  const meanSeconds = Number(mean);
  if (meanSeconds > 0)
    return { ...drawn, meanSeconds, draw: (random) => -Math.log(1 - random()) * meanSeconds };
  const [, low, high] = /^uniform:([0-9.]+?)\.\.([0-9.]+)$/.exec(text) ?? [];
  const from = Number(low);
  const width = Number(high) - from;
  if (width >= 0)
    return { ...drawn, meanSeconds: from + width / 2, draw: (random) => from + random() * width };
  return undefined;
}
