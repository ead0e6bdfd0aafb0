import type { PredictionInput } from "../fitting/prediction-input.ts";
import type { StationDraw } from "../fitting/variant.ts";
import type { ModelParameters } from "../station/parameters.ts";
import { withMeanUnits } from "../station/sizes.ts";

/** The model with every parameter set altered alike. */
export function alterPrediction(
  prediction: PredictionInput,
  alter: (parameters: ModelParameters) => ModelParameters,
): PredictionInput {
  const alterAll = (draws: readonly StationDraw[]) =>
    draws.map((draw) => ({ ...draw, parameters: alter(draw.parameters) }));
  const draws = alterAll(prediction.draws);
  return {
    ...prediction,
    parameters: alter(prediction.parameters),
    draws,
    plausible: prediction.plausible === prediction.draws ? draws : alterAll(prediction.plausible),
  };
}

/** The model for requests with the measured sizes shifted to another mean; unchanged if size has no effect. */
export function predictionAtUnits(
  prediction: PredictionInput,
  meanUnits: number | undefined,
): PredictionInput {
  if (meanUnits === undefined || prediction.parameters.sizes === undefined) return prediction;
  return alterPrediction(prediction, (parameters) => withMeanUnits(parameters, meanUnits));
}
