import { writeFile } from "node:fs/promises";
import { extname } from "node:path";
import { forPaper, renderModelPlot } from "@slbench/analyzer";
import { ToolError } from "../errors.ts";
import type { ModelAnswer } from "./answer.ts";

/** Draws measured means, the predicted curve and its band into an .svg or .png file. */
export async function writeModelPlot(answer: ModelAnswer, file: string): Promise<void> {
  const svg = forPaper(
    renderModelPlot({
      ...answer,
      heldOut: answer.heldOut.cells.filter((cell) => !isFitted(answer, cell)),
    }),
  );
  const type = extname(file).toLowerCase();
  if (type !== ".svg" && type !== ".png") {
    throw new ToolError("USAGE_PLOT", `--plot ${file} is neither .svg nor .png`, {
      hint: "name a .svg or .png file",
      exitCode: 2,
    });
  }
  if (type === ".svg") return writeFile(file, svg);
  const { default: sharp } = await import("sharp");
  await writeFile(file, await sharp(Buffer.from(svg), { density: 144 }).png().toBuffer());
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
