/**
 * The one list of what a quantity is called: filters, training selections, thresholds and goals share it as far as
 * they have the quantity. An old spelling is read too, and written nowhere.
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

/** The name that counts, for a name as it was typed. */
export function canonicalName(name: string): string {
  const [first = "", ...rest] = name.split(".");
  const known = Object.hasOwn(OLD_SPELLINGS, first) ? (OLD_SPELLINGS[first] as string) : first;
  const last = rest.map((one) => (one === "p50" ? "median" : one));
  return [known, ...last].join(".");
}
