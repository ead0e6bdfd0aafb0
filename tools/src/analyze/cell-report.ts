// What reports of cells need. Loaded by import(): plots and model take longer to load than a million samples to read.
export {
  goalThresholds,
  renderChart,
  renderReport,
  reportFigures,
  resultsOverLoadChart,
  runsOfAnalysis,
  runTitle,
  searchFigure,
  servingLimits,
  timeLimit,
} from "@slbench/analyzer";
