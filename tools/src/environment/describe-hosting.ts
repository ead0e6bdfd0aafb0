import { formatCount } from "@slbench/analyzer";
import type { Experiment } from "@slbench/jmeter-plans";

type Hosting = Pick<Experiment["function"], "replicas" | "concurrency" | "mode" | "autoscale">;

/**
 * How slbench hosts the local function, in words.
 *
 * @param isSearched whether a search gives each cell a number of replicas of its own
 * @example
 * ```ts
 * describeHosting({ replicas: 2, concurrency: 4, mode: "http" }); // "2 replicas, mode http, 4 requests at once each"
 * ```
 */
export function describeHosting(
  { replicas, concurrency, mode, autoscale }: Hosting,
  isSearched = false,
): string {
  const limit = concurrency === 0 ? [] : [`${formatCount(concurrency, "request")} at once each`];
  if (autoscale === undefined)
    return [
      isSearched ? "replicas as each cell's name says" : formatCount(replicas, "replica"),
      `mode ${mode}`,
      ...limit,
    ].join(", ");
  const { rule, ...settings } = autoscale;
  const values = Object.entries(settings).map(([name, value]) => `${name} ${value}`);
  return [`replicas by rule ${rule} (${values.join(", ")})`, ...limit].join(", ");
}
