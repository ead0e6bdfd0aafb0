import { writeFile } from "node:fs/promises";
import { extname } from "node:path";
import { ToolError } from "./errors.ts";

/**
 * Writes a picture as an .svg or .png file, whichever the name says.
 * @param density dots per inch of a PNG
 * @throws {ToolError} USAGE_PLOT for another ending
 */
export async function writePicture(svg: string, file: string, density = 144): Promise<void> {
  const type = extname(file).toLowerCase();
  if (type !== ".svg" && type !== ".png") {
    throw new ToolError("USAGE_PLOT", `--plot ${file} is neither .svg nor .png`, {
      hint: "name a .svg or .png file",
      exitCode: 2,
    });
  }
  if (type === ".svg") return writeFile(file, svg);
  const { default: sharp } = await import("sharp");
  await writeFile(file, await sharp(Buffer.from(svg), { density }).png().toBuffer());
}
