import { forPaper, type ModelAnswer, renderModelPlot } from "@slbench/analyzer";
import { writePicture } from "../picture.ts";

/** Draws measured means, the predicted curve and its band into an .svg, .png or .pdf file. */
export async function writeModelPlot(answer: ModelAnswer, file: string): Promise<void> {
  const svg = forPaper(
    renderModelPlot({
      ...answer,
      heldOut: answer.heldOut.cells
        .filter((cell) => !isFitted(answer, cell))
        .map((cell) => ({
          ...cell,
          meanRoundTripSeconds: cell.measuredSeconds,
          successRate: cell.measuredSuccessRate,
        })),
    }),
  );
  await writePicture(svg, file);
}

/** Without --train the held-out check has cells that the final fit did see. */
function isFitted(
  answer: ModelAnswer,
  cell: { readonly users: number; readonly thinkTimeSeconds: number },
): boolean {
  return answer.measured.some(
    (seen) => seen.users === cell.users && seen.thinkTimeSeconds === cell.thinkTimeSeconds,
  );
}
