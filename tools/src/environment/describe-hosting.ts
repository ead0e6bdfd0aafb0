import type { Experiment } from "@slbench/jmeter-plans";

type Hosting = Pick<Experiment["function"], "replicas" | "concurrency" | "mode" | "autoscale">;

/**
 * How slbench hosts the local function, in words.
 *
 * @example
 * ```ts
 * describeHosting({ replicas: 2, concurrency: 4, mode: "http" }); // "2 replicas, mode http, 4 requests at once each"
 * ```
 */
export function describeHosting({ replicas, concurrency, mode, autoscale }: Hosting): string {
  const limit =
    concurrency === 0 ? [] : [`${concurrency} ${concurrency === 1 ? "request" : "requests"} at once each`];
  if (autoscale === undefined)
    return [`${replicas} ${replicas === 1 ? "replica" : "replicas"}`, `mode ${mode}`, ...limit].join(", ");
  const { rule, ...settings } = autoscale;
  const values = Object.entries(settings).map(([name, value]) => `${name} ${value}`);
  return [`replicas by rule ${rule} (${values.join(", ")})`, ...limit].join(", ");
}
