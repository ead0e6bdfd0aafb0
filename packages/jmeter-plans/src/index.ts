/**
 * Experiment files: their schema, their cells, and the JMeter plan of each cell.
 * @module @slbench/jmeter-plans
 */

export { type PlanErrorCode, SlbenchError } from "./errors.ts";
export { type Experiment, experimentJsonSchema, experimentSchema } from "./experiment/experiment.ts";
export { isStart } from "./experiment/load-fields.ts";
export { parseAutoscale, parseExperiment } from "./experiment/parse-experiment.ts";
export { PRESETS, type PresetName, presetOf } from "./experiment/presets.ts";
export { payloadKind, type RequestPlaces, requestSpec } from "./experiment/request-spec.ts";
export { type ExpectedLoad, expectedLoad, expectedLoads } from "./load/expected-load.ts";
export { type Cell, experimentCells, plannedRequests } from "./load/matrix.ts";
export { usersOnWorker } from "./load/share.ts";
export { cellPlanOptions, cellStartRate } from "./plan/cell-plan.ts";
export { clientDeadlineSeconds, type PlanOptions, renderPlan, startDelayMs } from "./plan/plan.ts";
export { type PlanSettings, planSettings, settingDifferences } from "./plan/plan-settings.ts";
export { readPlan } from "./plan/read-plan.ts";
export type { Platform } from "./plan/windows-argument.ts";
export { redactUrls } from "./redact.ts";
