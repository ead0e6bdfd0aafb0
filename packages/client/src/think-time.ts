import { ClientError } from "./errors.ts";

/** How long a user thinks before the next frame. */
export interface ThinkTime {
  readonly meanSeconds: number;
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
    return { meanSeconds: fixed, draw: () => fixed };
  const [, mean] = /^exponential:([0-9.]+)$/.exec(text) ?? [];
  if (mean !== undefined && Number(mean) > 0) {
    const meanSeconds = Number(mean);
    return { meanSeconds, draw: (random) => -Math.log(1 - random()) * meanSeconds };
  }
  const [, low, high] = /^uniform:([0-9.]+?)\.\.([0-9.]+)$/.exec(text) ?? [];
  if (low !== undefined && high !== undefined && Number(low) <= Number(high)) {
    const from = Number(low);
    const width = Number(high) - from;
    return { meanSeconds: from + width / 2, draw: (random) => from + random() * width };
  }
  throw new ClientError("CLIENT_USAGE", `--think-time is "${text}"`, `give seconds, one of ${FORMS}`);
}
