import { shown } from "./check-sums.ts";

/** The figures that differ; if none does, the texts differ. */
export function compareSummaries(recorded: string, remade: string): readonly string[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(recorded);
  } catch (error) {
    return [`summary.json is not JSON: ${(error as Error).message}`];
  }
  const differences = differ(parsed, JSON.parse(remade), "summary.json");
  return differences.length > 0 ? differences : ["summary.json has the same values in another notation"];
}

const MAX_DEPTH = 32;

/** A value for a message; nested ones are only named. */
const valueText = (value: unknown): string =>
  value === undefined
    ? "nothing"
    : typeof value === "object" && value !== null
      ? Array.isArray(value)
        ? "a list"
        : "an object"
      : shown(JSON.stringify(value));

/** Lists where two JSON values differ, with both values. */
function differ(recorded: unknown, remade: unknown, place: string, depth = 0): readonly string[] {
  const isDeep = depth > MAX_DEPTH; // a forged summary must not overflow the stack
  if (
    !isDeep &&
    typeof recorded === "object" &&
    typeof remade === "object" &&
    recorded !== null &&
    remade !== null
  ) {
    const keys = new Set([...Object.keys(recorded), ...Object.keys(remade)]);
    return [...keys].flatMap((key) =>
      differ(
        (recorded as Record<string, unknown>)[key],
        (remade as Record<string, unknown>)[key],
        `${place}.${shown(key)}`,
        depth + 1,
      ),
    );
  }
  const [was, is] = [valueText(recorded), valueText(remade)];
  return recorded === remade ? [] : [`${place}: recorded ${was}, now ${is}`];
}
