import { chmod, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { SlbenchError, type ToolErrorCode } from "../errors.ts";
import { cacheRoot } from "../files/cache.ts";
import { exists } from "../files/exists.ts";
import { makeFolder } from "../files/make-folder.ts";
import { type SetupLog, stderrLog, step } from "../setup/steps.ts";
import { fetchWheel, type Wheel } from "../setup/wheel.ts";

/** The package that ships ffmpeg as one file: docs/decisions/ffmpeg.md. */
const REQUIREMENT = "imageio-ffmpeg==0.8.1";
/** Its wheel per platform: pip's name of the platform, and the file's hash. */
const WHEELS: Readonly<Record<string, readonly [platform: string, sha256: string]>> = {
  "linux-x64": ["manylinux_2_28_x86_64", "050d6850601c3b3890bd2b28306f3b842b3daea390a561101174375a1c460bda"],
  "linux-arm64": [
    "manylinux_2_28_aarch64",
    "fad3176f859b25869e60a8ed79957d4e3ed74a97a95e5f0cdcb91455f6c6d00e",
  ],
};
/** The oldest system ffmpeg used if the pinned one is not available. */
const MIN_SYSTEM_VERSION = 7;

let found: Promise<string> | undefined;

/**
 * Path of ffmpeg: the pinned one, which cuts the same bytes on every host; else the system's, if it is recent.
 * @throws {SlbenchError} FRAMES_NO_FFMPEG
 */
export function findFfmpeg(log: SetupLog = stderrLog): Promise<string> {
  found ??= find(log).catch((error: unknown) => {
    found = undefined; // allow another attempt
    throw error;
  });
  return found;
}

async function find(log: SetupLog): Promise<string> {
  const pinned = await ensurePinned(log).catch((error: unknown) => error);
  if (typeof pinned === "string") return pinned;
  const reason = pinned instanceof Error ? pinned.message : "";
  const version = await systemVersion();
  if (version !== undefined && version >= MIN_SYSTEM_VERSION) {
    log.line(`setup: the system's ffmpeg ${version} cuts videos (${reason})`);
    return "ffmpeg";
  }
  const what = version === undefined ? "no ffmpeg found" : `the system's ffmpeg is version ${version}`;
  throw new SlbenchError<ToolErrorCode>(
    "FRAMES_NO_FFMPEG",
    `${what}, and ${REQUIREMENT} is not available (${reason})`,
    {
      hint: `install ffmpeg ${MIN_SYSTEM_VERSION} or newer, or Python 3 with pip (Debian: apt-get install python3-pip)`,
      cause: pinned,
    },
  );
}

/** The file in the user's cache, downloaded once. */
async function ensurePinned(log: SetupLog): Promise<string> {
  const [platform, sha256] = WHEELS[`${process.platform}-${process.arch}`] ?? [];
  if (platform === undefined || sha256 === undefined) {
    throw new Error(`no tested file for ${process.platform} ${process.arch}`);
  }
  const folder = join(cacheRoot(), REQUIREMENT.replace("==", "-"));
  const file = join(folder, "ffmpeg");
  if (await exists(file)) return file;
  const wheel: Wheel = { requirement: REQUIREMENT, sha256, pythonVersion: "3.11", platform };
  await step("ffmpeg (68 MB once)", () => bring(wheel, folder, file), log);
  return file;
}

/** Whole or not at all: unpacked beside its place, then renamed. */
async function bring(wheel: Wheel, folder: string, file: string): Promise<void> {
  await makeFolder(folder, "name another place in SLBENCH_CACHE");
  const work = await mkdtemp(`${folder}.`);
  try {
    await fetchWheel(wheel, ["imageio_ffmpeg/binaries/ffmpeg-"], work);
    const binaries = join(work, "imageio_ffmpeg", "binaries");
    const [name] = await readdir(binaries);
    if (name === undefined) throw new Error(`${wheel.requirement} holds no ffmpeg`);
    await chmod(join(binaries, name), 0o755);
    await rename(join(binaries, name), file);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function systemVersion(): Promise<number | undefined> {
  const { stdout } = await execa("ffmpeg", ["-version"], { reject: false, stdin: "ignore", timeout: 10_000 });
  const major = /^ffmpeg version n?(\d+)/.exec(stdout ?? "")?.[1];
  return major === undefined ? undefined : Number(major);
}
