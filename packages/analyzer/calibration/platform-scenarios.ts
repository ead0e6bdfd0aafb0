import type { PlatformLoad } from "../src/queueing/index.ts";
import type { AutoscalerOptions } from "../src/queueing/serverless/rules.ts";
import type { ModelParameters } from "../src/queueing/station/parameters.ts";

/** A simulated platform that predictions of autoscaled replicas are judged on. */
export interface PlatformScenario {
  readonly name: string;
  /** One replica, whose cold starts take as long as a replica's start. */
  readonly replica: ModelParameters & Required<Pick<ModelParameters, "coldStarts">>;
  readonly rule: AutoscalerOptions;
  readonly concurrency: number;
  readonly load: PlatformLoad;
}

const replica = (
  demandSeconds: number,
  startSeconds: number,
  more: Partial<ModelParameters> = {},
): PlatformScenario["replica"] => ({
  ...{ demandSeconds, servers: 1, contention: 0, delaySeconds: 0, demandVariation: 0.15 },
  coldStarts: { seconds: startSeconds, variation: 0.15, keepAliveSeconds: 4 },
  ...more,
});

const kpa = (target: number, maxReplicas: number): AutoscalerOptions => ({
  ...{ rule: "kpa", target, maxReplicas, stableWindowSeconds: 20 },
});
const perRequest: AutoscalerOptions = { rule: "per-request", keepAliveSeconds: 30, maxReplicas: 50 };

export const PLATFORM_SCENARIOS: readonly PlatformScenario[] = [
  {
    name: "KPA from zero, target 1, bursts of 30 within 15 s every 60 s",
    replica: replica(0.5, 5),
    rule: kpa(1, 8),
    concurrency: 1,
    load: { kind: "burst", requests: 30, everySeconds: 60, withinSeconds: 15 },
  },
  {
    name: "KPA, target 2, four requests share a replica, 4 requests per second",
    replica: replica(0.5, 3, { servers: 2 }),
    rule: { ...kpa(2, 10), minReplicas: 1 },
    concurrency: 4,
    load: { kind: "rate", arrivalsPerSecond: 4 },
  },
  {
    name: "a replica per request, keep-alive 30 s, 0.1 requests per second",
    replica: replica(1, 3),
    rule: perRequest,
    concurrency: 1,
    load: { kind: "rate", arrivalsPerSecond: 0.1 },
  },
  {
    name: "a replica per request, keep-alive 30 s, bursts of 10 every 40 s",
    replica: replica(1, 3),
    rule: perRequest,
    concurrency: 1,
    load: { kind: "burst", requests: 10, everySeconds: 40 },
  },
  {
    name: "OpenFaaS by capacity, target 2, bursts of 20 within 30 s every 90 s",
    replica: replica(1, 4),
    rule: { rule: "openfaas", by: "capacity", target: 2, maxReplicas: 10 },
    concurrency: 2,
    load: { kind: "burst", requests: 20, everySeconds: 90, withinSeconds: 30 },
  },
];
