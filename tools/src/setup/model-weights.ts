import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { checkKnownFiles } from "./known-files.ts";
import { type SetupLog, stderrLog } from "./steps.ts";

/** Weights in @vladmandic/face-api 1.7.15 that the function loads; other versions need other hashes. */
const PINNED: ReadonlyMap<string, string> = new Map([
  [
    "ssd_mobilenetv1_model-weights_manifest.json",
    "888f744dffbc84f5f060d1f8427d9742341943a2dfaaf9205d10029b7e7a2955",
  ],
  ["ssd_mobilenetv1_model.bin", "2835640602d53718aa6ae9a42896327eaa21beefed056c218d32ca7d79e1e2f8"],
]);

/**
 * Checks the face detector's weights that npm installed.
 * @param packages a file from which `@vladmandic/face-api` is resolved, see ensurePackages()
 * @param folder another folder, for tests
 * @throws {SlbenchError} SETUP_CHANGED
 */
export async function checkModelWeights(
  packages: string,
  log: SetupLog = stderrLog,
  folder: string = weightsFolder(packages),
): Promise<void> {
  await checkKnownFiles(
    {
      root: folder,
      what: "the model of the face detector",
      pinned: PINNED,
      only: [...PINNED.keys()],
      hint: `remove ${dirname(folder)}, then slbench setup or npm install brings it again`,
    },
    log,
  );
}

export function weightsFolder(packages: string): string {
  return join(dirname(createRequire(packages).resolve("@vladmandic/face-api/package.json")), "model");
}
