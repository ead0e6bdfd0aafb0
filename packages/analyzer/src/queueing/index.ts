export {
  askPlatform,
  type PlatformAnswer,
  type PlatformQuestions,
} from "./asking/ask-platform.ts";
export { applyWhatIf, assumptionOf } from "./asking/changes.ts";
export { renderJmva } from "./asking/jmt.ts";
export { findMaxUsers, type MaxUsers } from "./asking/max-users.ts";
export { type NextCell, proposeNextCell } from "./asking/next-cell.ts";
export { describeLoad, type PlatformLoad, parseBurst } from "./asking/platform-loads.ts";
export { type Condition as ModelCondition, type Prediction, predict } from "./asking/predict.ts";
export { type OpenPrediction, predictOpen } from "./asking/predict-open.ts";
export type { PlatformPrediction, PlatformSetting } from "./asking/predict-platform.ts";
export {
  type OpenLoops,
  parseArrivals,
  parseCellFilter,
  parseConditions,
  parseNumbers,
} from "./asking/questions.ts";
export { findSaturation, type Saturation } from "./asking/saturation.ts";
export { askWhatIf, type UnclearChange, type WhatIf } from "./asking/what-if.ts";
export type { TimeoutEvidence } from "./assessing/timeout-evidence.ts";
export type { Verdict } from "./assessing/verdict.ts";
export { SlbenchError } from "./errors.ts";
export { type FitOptions, fitModel, type QueueingModel } from "./fit-model.ts";
export type { ClassesFinding, RequestClass } from "./fitting/classes.ts";
export type { ColdStartFinding } from "./fitting/cold-starts.ts";
export type { DemandBySize } from "./fitting/demand-by-size.ts";
export type { ModelCell, ModelClient, RequestSize, TracedRequest } from "./fitting/observation.ts";
export { describeProcessors, type ProcessorNeed } from "./fitting/processor-need.ts";
export type { FittedPart, StationsFinding } from "./fitting/stations.ts";
export { fitUsl, type Usl, uslPeakUsers, uslThroughput } from "./fitting/usl.ts";
export { type Goal, parseGoal } from "./goal.ts";
export type { AutoscalerOptions } from "./serverless/rules.ts";
export { asymptoticBounds } from "./station/bounds.ts";
export { solveOpen } from "./station/open-queue.ts";
export type { ModelParameters } from "./station/parameters.ts";
