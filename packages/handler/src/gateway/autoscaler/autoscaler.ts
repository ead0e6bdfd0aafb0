/**
 * The rules by which Knative, OpenFaaS and AWS Lambda choose replicas, without their platforms.
 * @module @slbench/handler/autoscaler
 */
import { createKpa } from "./kpa.ts";
import type { Autoscaler } from "./load.ts";
import { createOpenFaas } from "./openfaas.ts";
import type { AutoscalerOptions } from "./options.ts";
import { createPerRequest } from "./per-request.ts";

export type { Autoscaler, Load } from "./load.ts";
export {
  type AutoscalerOptions,
  type KpaOptions,
  kpaDefaults,
  type OpenFaasOptions,
  openFaasDefaults,
  type PerRequestOptions,
} from "./options.ts";
export { chooseReplica, type PlacedReplica, replicasToRemove } from "./placement.ts";

/**
 * The rule of a platform.
 * @example
 * const scaler = createAutoscaler({ rule: "per-request", keepAliveSeconds: 60, maxReplicas: 10 });
 * scaler.observe(0, { inFlight: 0, queued: 1, ready: 0, starting: 0 });
 * scaler.wanted(0); // 1
 */
export function createAutoscaler(options: AutoscalerOptions): Autoscaler {
  switch (options.rule) {
    case "kpa":
      return createKpa(options);
    case "openfaas":
      return createOpenFaas(options);
    case "per-request":
      return createPerRequest(options);
  }
}
