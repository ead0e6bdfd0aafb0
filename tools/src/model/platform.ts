import { type AutoscalerOptions, parseNumbers, type Questions } from "@slbench/analyzer";
import { parseAutoscale } from "@slbench/jmeter-plans";
import { SlbenchError, type ToolErrorCode } from "../errors.ts";

/** The options about autoscaled replicas. */
export interface PlatformFlags {
  readonly autoscale: readonly string[];
  readonly target?: string;
  readonly maxReplicas?: string;
  /** Requests that a replica takes at a time; 0 for no limit. */
  readonly concurrency: number;
  readonly burst: readonly string[];
  /** Seconds. */
  readonly coldStart?: number;
  readonly cores?: number;
  readonly goal?: string;
}

/** Most replicas of a rule that is given by its name. */
const MAX_REPLICAS = 100;

/**
 * Reads the rules, each with every target and number of replicas; undefined if none is asked about.
 * @throws {SlbenchError} USAGE_MODEL_AUTOSCALE, EXPERIMENT_…, MODEL_BAD_QUESTION
 */
export function readPlatform(flags: PlatformFlags): Questions["platform"] {
  const { autoscale, coldStart, cores, goal } = flags;
  if (autoscale.length === 0) return refuseAlone(flags);
  const rules = autoscale.flatMap((text) => expand(text, flags));
  const startSeconds = coldStart ?? rules.find((rule) => rule.startSeconds !== undefined)?.startSeconds;
  return {
    rules: rules.map(({ startSeconds: _, ...rule }) => rule),
    concurrency: flags.concurrency,
    ...(startSeconds !== undefined && { startSeconds }),
    ...(cores !== undefined && { cores }),
    ...(goal !== undefined && { goal }),
  };
}

/** The options that say nothing without a rule. */
function refuseAlone({ target, maxReplicas, burst, coldStart, cores, goal }: PlatformFlags): undefined {
  const given = Object.entries({ "--target": target, "--max-replicas": maxReplicas, "--burst": burst[0] })
    .concat(Object.entries({ "--cold-start": coldStart, "--cores": cores, "--goal": goal } as object))
    .find(([, value]) => value !== undefined);
  if (given === undefined) return undefined;
  throw bad(
    `${given[0]} needs a rule that starts replicas`,
    given[0] === "--goal"
      ? "add --autoscale kpa, or find the most users that meet a goal with --max-users"
      : "add --autoscale kpa --target 1, or another rule",
  );
}

type Rule = AutoscalerOptions & { readonly startSeconds?: number };

function expand(text: string, { target, maxReplicas }: PlatformFlags): readonly Rule[] {
  const targets = target === undefined ? undefined : numbers("--target", target);
  const maxima = maxReplicas === undefined ? undefined : wholeNumbers("--max-replicas", maxReplicas);
  const rule = parseAutoscale(/^[a-z-]+$/.test(text) ? named(text, targets?.[0]) : text, "--autoscale");
  const withTargets =
    rule.rule === "per-request"
      ? [rule]
      : (targets ?? [rule.target]).map((one) => ({ ...rule, target: one }));
  return withTargets.flatMap((one) =>
    (maxima ?? [one.maxReplicas]).map((most) => ({
      ...one,
      maxReplicas: most,
      ...(one.minReplicas !== undefined && { minReplicas: Math.min(one.minReplicas, most) }),
    })),
  );
}

/** A rule by its name, as text; an unknown name is reported as in a whole rule. */
function named(rule: string, target: number | undefined): string {
  if (target === undefined && ["kpa", "openfaas"].includes(rule))
    throw bad(`--autoscale ${rule} has no target`, "add the load per replica that it aims at: --target 1");
  if (rule === "per-request")
    throw bad(
      "--autoscale per-request has no keep-alive",
      "write it as '{rule: per-request, keepAliveSeconds: 60, maxReplicas: 100}'",
    );
  const by = rule === "openfaas" ? ", by: capacity" : "";
  const aim = target === undefined ? "" : `, target: ${target}`;
  return `{rule: ${rule}${by}${aim}, maxReplicas: ${MAX_REPLICAS}}`;
}

function numbers(option: string, list: string): readonly number[] {
  const values = parseNumbers(list);
  if (values.every((value) => value > 0)) return values;
  throw bad(`${option} is "${list}"`, `give numbers above 0: ${option} 1,2,4`);
}

function wholeNumbers(option: string, list: string): readonly number[] {
  const values = parseNumbers(list);
  if (values.every((value) => Number.isInteger(value) && value > 0)) return values;
  throw bad(`${option} is "${list}"`, `give whole numbers, 1 or more: ${option} 4,8`);
}

const bad = (message: string, hint: string) =>
  new SlbenchError<ToolErrorCode>("USAGE_MODEL_AUTOSCALE", message, { hint, exitCode: 2 });
