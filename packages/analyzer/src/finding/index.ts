export { type RunWatch, watchRun } from "./early-end.ts";
export { type LoadScale, loadOfValue, valueOfLoad } from "./load-scale.ts";
export { type BeyondOptions, predictBeyond } from "./predict-beyond.ts";
export { type PredictedReplicas, predictReplicas } from "./predict-replicas.ts";
export type { Answer, Probe } from "./probe.ts";
export { formatDuration, formatLoad, renderSearchAnswer } from "./render-answer.ts";
export { addRun, expectedSeconds, mayEndEarly, nextProbe, startSearch } from "./search.ts";
export { measureFigures, parseSearchGoal, type SearchGoal } from "./search-goal.ts";
export { makeSearchReport, type SearchPrediction, type SearchReport } from "./search-report.ts";
export {
  type SearchOptions,
  type SearchRun,
  type SearchState,
  type Tolerance,
  usedSeconds,
} from "./search-state.ts";
