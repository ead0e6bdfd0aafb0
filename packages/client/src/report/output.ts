import { copyFileSync, existsSync, mkdirSync, readdirSync, realpathSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { type ClientErrorCode, SlbenchError } from "../errors.ts";
import { isPicture } from "../request/payloads.ts";

/**
 * Creates the folder for responses, with a copy of the frames' manifest: `slbench video` needs their rate.
 * @param payloadsFolder absent if the payloads are no folder
 * @throws {SlbenchError} CLIENT_USAGE if it is the payloads' own folder; CLIENT_FILE if it cannot be created, or
 * holds responses of an earlier run, which a video would mix with the new ones
 */
export function makeOutput(folder: string, payloadsFolder: string | undefined): void {
  const path = pathOf(folder);
  if (payloadsFolder !== undefined && path === realpathSync(payloadsFolder)) {
    throw new SlbenchError<ClientErrorCode>(
      "CLIENT_USAGE",
      `--output and --payloads are the same folder, ${folder}`,
      {
        hint: "name another --output: blurred frames would replace the frames",
        exitCode: 2,
      },
    );
  }
  const earlier = readdirSync(folder).find(
    (name) => (name.startsWith("frame-") && isPicture(name)) || /^response-\d+\./.test(name),
  );
  if (earlier !== undefined) {
    throw new SlbenchError<ClientErrorCode>(
      "CLIENT_FILE",
      `the --output folder ${folder} holds responses of an earlier run (${earlier})`,
      { hint: "name a new folder, or empty this one" },
    );
  }
  if (payloadsFolder === undefined) return;
  const manifest = join(payloadsFolder, "manifest.json");
  // Frames from elsewhere have no manifest, and opening a pipe of that name would block.
  if (statSync(manifest, { throwIfNoEntry: false })?.isFile())
    copyFileSync(manifest, join(folder, "cut-from.json"));
}

/** The real path of a folder, which is created if it is missing. */
function pathOf(folder: string): string {
  try {
    makeFolder(folder);
    readdirSync(folder); // throws if it is a file
    return realpathSync(folder);
  } catch (cause) {
    throw new SlbenchError<ClientErrorCode>("CLIENT_FILE", `cannot make the folder ${folder}`, {
      hint: "name another --output",
      cause,
    });
  }
}

/** Step by step: Node's own `recursive` never returns if the system allows no folder, as in /proc. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  try {
    mkdirSync(folder);
  } catch (error) {
    if (!existsSync(folder)) throw error; // otherwise another user created it first
  }
}
