import type { AutoscalerOptions } from "@slbench/handler/autoscaler";

export { type AutoscalerOptions, createAutoscaler } from "@slbench/handler/autoscaler";

/** Replicas of a platform that has had no requests for long. */
export function idleReplicas(rule: AutoscalerOptions): number {
  const { minReplicas = rule.rule === "openfaas" ? 1 : 0 } = rule;
  return rule.rule === "openfaas" && rule.zeroAfterSeconds !== undefined ? 0 : minReplicas;
}
