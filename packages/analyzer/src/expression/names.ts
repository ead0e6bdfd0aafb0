/**
 * Older spellings of names that filters, training selections, thresholds and goals share: they are read, but never
 * written.
 */
const OLD_SPELLINGS: Readonly<Record<string, string>> = {
  thinkTime: "think",
  thinkTimeSeconds: "think",
  successRate: "success",
  successRateOverRequests: "successOverRequests",
  p50: "median",
  failedRequests: "failed",
  crashedClients: "crashed",
};

/** The canonical spelling of a name as typed. */
export function canonicalName(name: string): string {
  const [first = "", ...rest] = name.split(".");
  const known = Object.hasOwn(OLD_SPELLINGS, first) ? (OLD_SPELLINGS[first] as string) : first;
  const last = rest.map((one) => (one === "p50" ? "median" : one));
  return [known, ...last].join(".");
}
