import { copyFile, mkdir, readdir, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { ToolError } from "../errors.ts";
import { type CutFrames, MANIFEST } from "./frames.ts";

/**
 * Copies cut frames with their manifest into a folder of the user's. Frames of an earlier cut give way to them;
 * a folder with anything else is left alone.
 * @throws {ToolError} FRAMES_FOLDER when the folder holds files that slbench did not cut
 */
export async function exportFrames(cut: CutFrames, target: string): Promise<string> {
  const folder = resolve(target);
  await mkdir(folder, { recursive: true });
  const there = await readdir(folder);
  const foreign = there.find((name) => name !== MANIFEST && !/^frame-\d{5,}\.(jpg|png)$/.test(name));
  if (foreign !== undefined || (there.length > 0 && !there.includes(MANIFEST))) {
    throw new ToolError("FRAMES_FOLDER", `${folder} holds other files (${foreign ?? there[0]})`, {
      hint: "name an empty or a new folder with --out",
      exitCode: 2,
    });
  }
  // The manifest goes first and comes last: with it the folder is whole.
  await rm(join(folder, MANIFEST), { force: true });
  for (const name of there) await rm(join(folder, name), { force: true });
  for (const { name } of cut.manifest.frames) await copyFile(join(cut.folder, name), join(folder, name));
  await copyFile(join(cut.folder, MANIFEST), join(folder, MANIFEST));
  return folder;
}
