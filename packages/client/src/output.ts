import { copyFileSync, existsSync, mkdirSync, readdirSync, realpathSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { ClientError } from "./errors.ts";
import { isPicture } from "./frames.ts";

/**
 * Makes the folder for blurred frames, with what says how the frames were cut: `slbench video` takes its rate.
 * @throws {ClientError} CLIENT_USAGE when it is the frames' own folder; CLIENT_FILE when it cannot be made, or
 * holds frames of an earlier run, which one video would mix with the new ones
 */
export function makeOutput(folder: string, framesFolder: string): void {
  if (pathOf(folder) === realpathSync(framesFolder)) {
    throw new ClientError("CLIENT_USAGE", `--output and --frames are the same folder, ${folder}`, {
      hint: "name another --output: blurred frames would take the place of the frames",
      exitCode: 2,
    });
  }
  const earlier = readdirSync(folder).find((name) => name.startsWith("frame-") && isPicture(name));
  if (earlier !== undefined) {
    throw new ClientError(
      "CLIENT_FILE",
      `the --output folder ${folder} holds frames of an earlier run (${earlier})`,
      { hint: "name a new folder, or empty this one" },
    );
  }
  const manifest = join(framesFolder, "manifest.json");
  // Frames that slbench did not cut have none; a pipe of that name would be waited for.
  if (statSync(manifest, { throwIfNoEntry: false })?.isFile())
    copyFileSync(manifest, join(folder, "cut-from.json"));
}

/** The real path of a folder, made when missing. */
function pathOf(folder: string): string {
  try {
    makeFolder(folder);
    readdirSync(folder); // a file is none
    return realpathSync(folder);
  } catch (cause) {
    throw new ClientError("CLIENT_FILE", `cannot make the folder ${folder}`, {
      hint: "name another --output",
      cause,
    });
  }
}

/** Step by step: Node's own `recursive` never comes back where the system allows no folder, as in /proc. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  try {
    mkdirSync(folder);
  } catch (error) {
    if (!existsSync(folder)) throw error; // else another user was quicker
  }
}
