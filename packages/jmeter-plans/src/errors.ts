import { SlbenchError } from "@slbench/client/error";

export type PlanErrorCode =
  | "EXPERIMENT_NOT_YAML"
  | "EXPERIMENT_BAD_FIELD"
  | "PLAN_BAD_TEXT"
  | "PLAN_NOT_OURS";

/** Wrong input from outside: an experiment file, or a plan to read back. All of them are wrong usage: exit code 2. */
export const PlanError = SlbenchError<PlanErrorCode>;
export type PlanError = SlbenchError<PlanErrorCode>;
