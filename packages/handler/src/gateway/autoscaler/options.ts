/**
 * Knative's pod autoscaler (KPA), scaling by concurrency.
 *
 * Source: knative.dev/docs/serving/autoscaling/kpa-specific and knative/serving,
 * `pkg/autoscaler/scaling/autoscaler.go` and `config/core/configmaps/autoscaler.yaml`, which have the same defaults.
 */
export interface KpaOptions {
  readonly rule: "kpa";
  /** Requests per replica to aim at, in flight or queued. Knative: the container's concurrency × 70%. */
  readonly target: number;
  /** Default 0. */
  readonly minReplicas?: number;
  readonly maxReplicas: number;
  /** `stable-window`, default 60. The last replica leaves after a stable window without a request. */
  readonly stableWindowSeconds?: number;
  /** `panic-window-percentage` of the stable window, here in seconds; default 10% of it, so 6. */
  readonly panicWindowSeconds?: number;
  /** `panic-threshold-percentage` ÷ 100, default 2: panic if the panic window needs twice the ready replicas. */
  readonly panicThreshold?: number;
  /** `max-scale-up-rate`, default 1000: largest ratio of wanted to ready replicas. */
  readonly maxScaleUpRate?: number;
  /** `max-scale-down-rate`, default 2: largest ratio of ready to wanted replicas. */
  readonly maxScaleDownRate?: number;
  /**
   * Time the last replica stays after the rule wants none; default 0. Knative's `scale-to-zero-grace-period` (30 s)
   * is an upper bound of that time. It costs nothing if the activator has been in the path for 30 s, which it is for
   * functions with less than 200 requests of spare capacity; the local gateway always is in the path.
   */
  readonly scaleToZeroGraceSeconds?: number;
  /** Time between two decisions, default 2. */
  readonly tickSeconds?: number;
}

/**
 * The autoscaler of OpenFaaS Pro.
 *
 * Source: docs.openfaas.com/architecture/autoscaling for rule and defaults; openfaas/faas-netes,
 * `chart/openfaas/templates/prometheus-cfg.yaml` for the queries, their windows and how often they are evaluated.
 */
export interface OpenFaasOptions {
  readonly rule: "openfaas";
  /**
   * What counts as load (`com.openfaas.scale.type`): the highest number of requests in the gateway within 45 s,
   * completed requests per second over 30 s, or milli-CPU over 10 s.
   */
  readonly by: "capacity" | "rps" | "cpu";
  /** Load per replica to aim at: requests, requests per second, or milli-CPU (1000 is one core). */
  readonly target: number;
  /** `com.openfaas.scale.target-proportion`, default 0.9. */
  readonly targetProportion?: number;
  /** `com.openfaas.scale.min`, default 1, which is also the lowest value. */
  readonly minReplicas?: number;
  readonly maxReplicas: number;
  /** `com.openfaas.scale.zero-duration`: scale to zero after this time without a request; default: never. */
  readonly zeroAfterSeconds?: number;
  /** `com.openfaas.scale.down.window`, 0 to 300: never below the highest recommendation in it; default 0. */
  readonly scaleDownWindowSeconds?: number;
  /** Time between two decisions: Prometheus's evaluation interval in the chart, 15. */
  readonly intervalSeconds?: number;
}

/**
 * A replica per request in flight, kept for its next request: AWS Lambda.
 *
 * Source: docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html. How long Lambda keeps an idle environment is
 * not documented; measure it, or assume some minutes.
 */
export interface PerRequestOptions {
  readonly rule: "per-request";
  /** An idle replica leaves after this time. */
  readonly keepAliveSeconds: number;
  /** Replicas that never leave (provisioned concurrency), default 0. */
  readonly minReplicas?: number;
  /** The concurrency limit of the function. */
  readonly maxReplicas: number;
}

/** The rule by which a platform chooses its number of replicas; a discriminated union on `rule`. */
export type AutoscalerOptions = KpaOptions | OpenFaasOptions | PerRequestOptions;

export const kpaDefaults = {
  minReplicas: 0,
  stableWindowSeconds: 60,
  panicThreshold: 2,
  maxScaleUpRate: 1000,
  maxScaleDownRate: 2,
  scaleToZeroGraceSeconds: 0,
  tickSeconds: 2,
} as const;

/** Knative's `panic-window-percentage` ÷ 100. */
export const PANIC_WINDOW_SHARE = 0.1;

export const openFaasDefaults = {
  targetProportion: 0.9,
  minReplicas: 1,
  zeroAfterSeconds: Number.POSITIVE_INFINITY,
  scaleDownWindowSeconds: 0,
  intervalSeconds: 15,
} as const;
