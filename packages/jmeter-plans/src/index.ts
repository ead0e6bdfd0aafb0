export { PlanError, type PlanErrorCode } from "./errors.ts";
export { type Experiment, experimentJsonSchema, experimentSchema } from "./experiment.ts";
export { type Cell, experimentCells } from "./matrix.ts";
export { parseExperiment } from "./parse-experiment.ts";
export { clientDeadlineSeconds, type PlanOptions, renderPlan, startDelayMs } from "./plan.ts";
export { type PlanSettings, planSettings, settingDifferences } from "./plan-settings.ts";
export { readPlan } from "./read-plan.ts";
export { usersOnWorker } from "./share.ts";
export type { Platform } from "./windows-argument.ts";
