export { PlanError } from "./errors.ts";
export { type Experiment, experimentJsonSchema, experimentSchema } from "./experiment.ts";
export { type Cell, experimentCells } from "./matrix.ts";
export { parseExperiment } from "./parse-experiment.ts";
export { clientDeadlineSeconds, type PlanOptions, renderPlan } from "./plan.ts";
export { slaveShare } from "./share.ts";
