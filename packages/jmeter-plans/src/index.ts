/**
 * Experiment files: their schema, their cells, and the JMeter plan of each cell.
 * @module @slbench/jmeter-plans
 */
export { cellPlanOptions, cellStartRate } from "./cell-plan.ts";
export { type PlanErrorCode, SlbenchError } from "./errors.ts";
export { type ExpectedLoad, expectedLoad, expectedLoads } from "./expected-load.ts";
export { type Experiment, experimentJsonSchema, experimentSchema } from "./experiment.ts";
export { isStart } from "./load-fields.ts";
export { type Cell, experimentCells, plannedRequests } from "./matrix.ts";
export { parseAutoscale, parseExperiment } from "./parse-experiment.ts";
export { clientDeadlineSeconds, type PlanOptions, renderPlan, startDelayMs } from "./plan.ts";
export { type PlanSettings, planSettings, settingDifferences } from "./plan-settings.ts";
export { PRESETS, type PresetName, presetOf } from "./presets.ts";
export { readPlan } from "./read-plan.ts";
export { redactUrls } from "./redact.ts";
export { payloadKind, type RequestPlaces, requestSpec } from "./request-spec.ts";
export { usersOnWorker } from "./share.ts";
export type { Platform } from "./windows-argument.ts";
