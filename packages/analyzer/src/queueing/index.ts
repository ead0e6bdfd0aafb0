export { asymptoticBounds } from "./bounds.ts";
export { QueueingError } from "./errors.ts";
export { type FitOptions, fitModel, type QueueingModel } from "./fit-model.ts";
export { type Goal, parseGoal } from "./goal.ts";
export type { HostingEvidence } from "./hosting.ts";
export { renderJmva } from "./jmt.ts";
export { findMaxUsers, type MaxUsers } from "./max-users.ts";
export { type NextCell, proposeNextCell } from "./next-cell.ts";
export type { ModelCell, ModelClient } from "./observation.ts";
export { solveOpen } from "./open-queue.ts";
export type { ModelParameters } from "./parameters.ts";
export { type Condition as ModelCondition, type Prediction, predict } from "./predict.ts";
export { type OpenPrediction, predictOpen } from "./predict-open.ts";
export {
  applyWhatIf,
  assumptionOf,
  parseArrivals,
  parseCellFilter,
  parseConditions,
  parseNumbers,
} from "./questions.ts";
export { findSaturation, type Saturation } from "./saturation.ts";
export { fitUsl, type Usl, uslPeakUsers, uslThroughput } from "./usl.ts";
export type { Verdict } from "./verdict.ts";
