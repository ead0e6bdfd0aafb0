import { createHash } from "node:crypto";
import { copyFile, mkdtemp, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { type Experiment, payloadKind } from "@slbench/jmeter-plans";
import { SlbenchError, type ToolErrorCode } from "../errors.ts";
import { cacheFolder } from "../files/cache.ts";
import { examplesFolder } from "../files/examples.ts";
import { exists } from "../files/exists.ts";
import { ensureFrames } from "../frames/frames.ts";
import type { SetupLog } from "../setup/steps.ts";

/** What the requests of an experiment carry, on this machine. */
export interface Payloads {
  readonly kind: "files" | "lines" | "none";
  /** A folder of files, or a text file with one payload per line; absent for none. */
  readonly path?: string;
  /** Names of the files, in the order of their names; `lines.txt` alone for lines. */
  readonly names: readonly string[];
  readonly count: number;
  /** One hash over all payloads. */
  readonly sha256?: string;
  /** Of the video, if there is one. */
  readonly videoSha256?: string;
}

const sampleClip = join(examplesFolder, "clip", "sample.mp4");

/**
 * Finds or makes the payloads of an experiment.
 * @param base folder of the experiment file
 * @throws {SlbenchError} FILE_NO_PAYLOADS if there are none, FRAMES_NONE; errors of ensureFrames()
 */
export async function findPayloads(experiment: Experiment, base: string, log: SetupLog): Promise<Payloads> {
  const { files, frames, lines, video } = experiment.request;
  if (payloadKind(experiment) === "none") return { kind: "none", names: [], count: 1 };
  if (lines !== undefined) return findLines(resolve(base, lines), lines);
  if (files !== undefined) return findFiles(base, files);
  if (frames !== undefined) return findFrameFolder(resolve(base, frames));
  const path = video === undefined || video === "sample" ? sampleClip : resolve(base, video);
  const max = experiment.load.requestsPerUser;
  const cut = await ensureFrames({ video: path, format: "jpeg", ...(max !== undefined && { max }) }, log);
  const names = cut.manifest.frames.map((frame) => frame.name);
  const { framesSha256, videoSha256 } = cut.manifest;
  return {
    ...{ kind: "files", path: cut.folder, names, count: names.length },
    ...{ sha256: framesSha256, videoSha256 },
  };
}

async function findLines(file: string, given: string): Promise<Payloads> {
  const text = await readFile(file, "utf8").catch((cause) => {
    throw noPayloads(`cannot read the lines file ${file}`, `check request.lines: ${given}`, cause);
  });
  const count = text.split(/\r?\n/).filter((line) => line.trim() !== "").length;
  if (count === 0) throw noPayloads(`${file} has no line with text`, "write one payload per line");
  const sha256 = createHash("sha256").update(text).digest("hex");
  return { kind: "lines", path: file, names: [basename(file)], count, sha256 };
}

async function findFiles(base: string, given: string): Promise<Payloads> {
  const path = resolve(base, given);
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory()) return describeFolder(path, await listFiles(path, VISIBLE), given);
  const folder = dirname(path);
  const chosen = found?.isFile() ? [basename(path)] : await listFiles(folder, wildcard(basename(path)));
  if (chosen.length === 0) throw noPayloads(`no file matches ${path}`, `check request.files: ${given}`);
  const all = await listFiles(folder, VISIBLE);
  if (all.length === chosen.length) return describeFolder(folder, chosen, given);
  return copyToCache(folder, chosen, given);
}

/** A name with `*` and `?` as a regular expression; a leading dot must be written. */
function wildcard(name: string): RegExp {
  const text = [...name].map((one) => (one === "*" ? ".*" : one === "?" ? "." : escapePattern(one))).join("");
  return new RegExp(`^${/^[*?]/.test(name) ? "(?!\\.)" : ""}${text}$`, "s");
}

const escapePattern = (text: string) => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&");

const VISIBLE = /^[^.]/;

async function listFiles(folder: string, pattern: RegExp): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => !entry.isDirectory() && pattern.test(entry.name))
    .map(({ name }) => name)
    .sort();
}

async function describeFolder(folder: string, names: readonly string[], given: string): Promise<Payloads> {
  if (names.length === 0)
    throw noPayloads(`the folder ${folder} holds no file`, `check request.files: ${given}`);
  const sha256 = await hashFiles(folder, names);
  return { kind: "files", path: folder, names, count: names.length, sha256 };
}

/** One hash over names and contents. @param names absent: all but hidden files */
export async function hashFiles(folder: string, names?: readonly string[]): Promise<string> {
  const all = createHash("sha256");
  for (const name of names ?? (await listFiles(folder, VISIBLE)))
    all.update(name).update(await readFile(join(folder, name)));
  return all.digest("hex");
}

/** Some files of a folder, in a folder of their own: a client sends all files of a folder. */
async function copyToCache(from: string, names: readonly string[], given: string): Promise<Payloads> {
  const { sha256 = "" } = await describeFolder(from, names, given);
  const parent = await cacheFolder("payloads");
  const folder = join(parent, sha256.slice(0, 16));
  if (!(await exists(folder))) {
    const work = await mkdtemp(`${folder}.`);
    try {
      for (const name of names) await copyFile(join(from, name), join(work, name));
      await rename(work, folder).catch(async (error) => {
        if (!(await exists(folder))) throw error; // another process was faster
      });
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  }
  return { kind: "files", path: folder, names, count: names.length, sha256 };
}

async function findFrameFolder(folder: string): Promise<Payloads> {
  const names = await listFiles(folder, /^[^.].*\.(jpe?g|png)$/i);
  if (names.length > 0) return describeFolder(folder, names, folder);
  throw new SlbenchError<ToolErrorCode>(
    "FRAMES_NONE",
    `the experiment's frames folder ${folder} holds no JPEG or PNG`,
    {
      hint: "fix request.frames in the experiment, or give request.video instead",
      exitCode: 2,
    },
  );
}

function noPayloads(message: string, hint: string, cause?: unknown): SlbenchError {
  return new SlbenchError<ToolErrorCode>("FILE_NO_PAYLOADS", message, { hint, exitCode: 2, cause });
}
