import { ClientError } from "./errors.ts";

/** How long a user thinks before the next frame. */
export interface ThinkTime {
  /** As it was given. */
  readonly text: string;
  readonly meanSeconds: number;
  /** Drawn from a distribution, not fixed. */
  readonly isDrawn: boolean;
  readonly draw: (random: () => number) => number;
}

const FORMS = "2, exponential:2, uniform:1..3";

/**
 * Reads a think time in seconds: a number is fixed, `exponential:MEAN` and `uniform:LOW..HIGH` are drawn.
 * @throws {ClientError} CLIENT_USAGE for anything else
 */
export function parseThinkTime(text: string): ThinkTime {
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
  throw new ClientError("CLIENT_USAGE", `--think-time is "${text}"`, `give seconds, one of ${FORMS}`);
}
