export { SlbenchError } from "@slbench/client/error";

export type PlanErrorCode =
  | "EXPERIMENT_NOT_YAML"
  | "EXPERIMENT_BAD_FIELD"
  | "PLAN_BAD_TEXT"
  | "PLAN_NOT_OURS";
