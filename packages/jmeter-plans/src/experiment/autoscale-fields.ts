import { z } from "zod";
import { positiveSeconds, seconds, whole } from "./number-fields.ts";

const MAX_REPLICAS = 1000;
/** Time between two decisions. */
const interval = z.number().min(0.1).max(3600);
const ratio = z.number().min(1).max(1_000_000);

const common = {
  minReplicas: z
    .number()
    .int()
    .nonnegative()
    .max(MAX_REPLICAS)
    .exactOptional()
    .describe("Fewest replicas; default 0, for openfaas 1"),
  maxReplicas: whole.max(MAX_REPLICAS).describe("Most replicas"),
  startSeconds: seconds
    .exactOptional()
    .describe("A replica serves this long after its start at the earliest; default: as it takes"),
};
const target = z
  .number()
  .positive()
  .max(1_000_000)
  .describe(
    "kpa and openfaas: load per replica to aim at, in requests (kpa, capacity), requests per second (rps) or milli-CPU (cpu)",
  );

const kpa = z.strictObject({
  rule: z
    .literal("kpa")
    .describe("Knative's autoscaler, OpenFaaS Pro's, or a replica per request as on AWS Lambda"),
  target,
  ...common,
  stableWindowSeconds: positiveSeconds
    .exactOptional()
    .describe("kpa: window of the average load; default 60"),
  panicWindowSeconds: positiveSeconds
    .exactOptional()
    .describe("kpa: window that shows a burst; default a tenth of the stable window"),
  panicThreshold: ratio
    .exactOptional()
    .describe("kpa: panic if a burst needs this many times the ready replicas; default 2"),
  maxScaleUpRate: ratio
    .exactOptional()
    .describe("kpa: largest ratio of wanted to ready replicas; default 1000"),
  maxScaleDownRate: ratio
    .exactOptional()
    .describe("kpa: largest ratio of ready to wanted replicas; default 2"),
  scaleToZeroGraceSeconds: seconds
    .exactOptional()
    .describe("kpa: how long the last replica stays after the rule wants none; default 0"),
  tickSeconds: interval.exactOptional().describe("kpa: time between two decisions; default 2"),
});

const openfaas = z.strictObject({
  rule: z.literal("openfaas"),
  by: z.enum(["capacity", "rps", "cpu"]).describe("openfaas: what counts as load"),
  target,
  targetProportion: z
    .number()
    .positive()
    .max(1)
    .exactOptional()
    .describe("openfaas: share of the target at which it scales; default 0.9"),
  ...common,
  minReplicas: whole
    .max(MAX_REPLICAS)
    .exactOptional()
    .describe(common.minReplicas.description as string),
  zeroAfterSeconds: seconds
    .exactOptional()
    .describe("openfaas: scale to zero after this time without a request; default: never"),
  scaleDownWindowSeconds: z
    .number()
    .nonnegative()
    .max(300)
    .exactOptional()
    .describe("openfaas: never fewer replicas than recommended within this time; default 0"),
  intervalSeconds: interval.exactOptional().describe("openfaas: time between two decisions; default 15"),
});

const perRequest = z.strictObject({
  rule: z.literal("per-request"),
  keepAliveSeconds: seconds.describe("per-request: an idle replica leaves after this time"),
  ...common,
});

/** How the local function chooses its number of replicas. */
export const autoscaleField = z
  .discriminatedUnion("rule", [kpa, openfaas, perRequest])
  .superRefine((value, context) => {
    const issue = (name: string, message: string) =>
      context.addIssue({ code: "custom", path: [name], message });
    const { minReplicas = 0, maxReplicas } = value;
    if (minReplicas > maxReplicas)
      issue("minReplicas", `it must be at most maxReplicas, which is ${maxReplicas}`);
    if (value.rule !== "kpa") return;
    const { stableWindowSeconds = 60, panicWindowSeconds = 0 } = value;
    if (panicWindowSeconds > stableWindowSeconds)
      issue("panicWindowSeconds", `it must be at most the stable window of ${stableWindowSeconds} s`);
  });

export type Autoscale = z.output<typeof autoscaleField>;
