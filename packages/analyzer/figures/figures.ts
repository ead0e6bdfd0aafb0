import type { Chart } from "../src/plot/chart/chart.ts";
import { drawRepeatedExperiments } from "./repeated-experiments.ts";
import { drawSaturation } from "./saturation.ts";
import { drawTwoExplanations } from "./two-explanations.ts";
import { drawTwoStations } from "./two-stations.ts";

/** The figures of docs/explanation, by file name. */
export const FIGURES: Readonly<Record<string, () => Chart>> = {
  "repeated-experiments": drawRepeatedExperiments,
  saturation: drawSaturation,
  "two-explanations": drawTwoExplanations,
  "two-stations": drawTwoStations,
};
