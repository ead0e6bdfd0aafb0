import { type ModelAnswer, modelChart, renderChart } from "@slbench/analyzer";
import { writePicture } from "../files/picture.ts";

/** Plots measured means and the model's curve with its band as an .svg, .png or .pdf file. */
export async function writeModelPlot(answer: ModelAnswer, file: string): Promise<void> {
  const heldOut = answer.heldOut.cells
    .filter((cell) => !isFitted(answer, cell))
    .map((cell) => ({
      ...cell,
      meanRoundTripSeconds: cell.measuredSeconds,
      successRate: cell.measuredSuccessRate,
    }));
  const chart = modelChart({ ...answer, limitSeconds: answer.timeoutSeconds, heldOut });
  await writePicture(renderChart(chart, { forFile: true }), file);
}

/** Without --train, the held-out check includes cells of the final fit. */
function isFitted(
  answer: ModelAnswer,
  cell: { readonly users: number; readonly thinkTimeSeconds: number },
): boolean {
  return answer.measured.some(
    (seen) => seen.users === cell.users && seen.thinkTimeSeconds === cell.thinkTimeSeconds,
  );
}
