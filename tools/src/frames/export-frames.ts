import { copyFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { SlbenchError, type ToolErrorCode } from "../errors.ts";
import { makeFolder, writeOut } from "../files/make-folder.ts";
import { type CutRequests, MANIFEST } from "./frames.ts";

/** The manifest during the copy: marks a folder of slbench that is incomplete. */
const PARTIAL = `${MANIFEST}.part`;

/**
 * Copies cut frames with their manifest into the user's folder. They replace frames of an earlier cut; a folder
 * with any other file is an error.
 * @throws {SlbenchError} FRAMES_FOLDER when the folder holds files that slbench did not cut; FILE_FOLDER, FILE_WRITE
 */
export async function exportFrames(cut: CutRequests, target: string): Promise<string> {
  const folder = await makeFolder(target);
  const there = await readdir(folder);
  const isNote = (name: string) => name === MANIFEST || name === PARTIAL;
  const foreign = there.find((name) => !isNote(name) && !/^frame-\d{5,}\.(jpg|png)$/.test(name));
  if (foreign !== undefined || (there.length > 0 && !there.some(isNote))) {
    throw new SlbenchError<ToolErrorCode>(
      "FRAMES_FOLDER",
      `${folder} holds other files (${foreign ?? there[0]})`,
      {
        hint: "choose an empty or new folder with --out",
        exitCode: 2,
      },
    );
  }
  await writeOut(folder, () => replace(cut, folder, there));
  return folder;
}

/** An interrupted copy can be repeated; the folder is complete once it holds the manifest. */
async function replace(cut: CutRequests, folder: string, there: readonly string[]): Promise<void> {
  await writeFile(join(folder, PARTIAL), `${JSON.stringify(cut.manifest, null, 2)}\n`);
  for (const name of [MANIFEST, ...there.filter((entry) => entry !== PARTIAL)])
    await rm(join(folder, name), { force: true });
  for (const { name } of cut.manifest.frames) await copyFile(join(cut.folder, name), join(folder, name));
  await rename(join(folder, PARTIAL), join(folder, MANIFEST));
}
