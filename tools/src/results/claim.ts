import { randomUUID } from "node:crypto";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { open, readFile, rm, stat, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { SlbenchError, type ToolErrorCode } from "../errors.ts";
import { systemError } from "../system-errors.ts";

/** Names the process that measures into a result folder, while it runs. Not packed. */
export const CLAIM_FILE = "run.lock";

/** More than it takes from a claim's creation to its content, or from reading a void claim to replacing it. */
const SETTLING_MS = 200;
/** How often the owner of a claim writes it again, so that its file shows that the owner lives. */
const BEAT_MS = 5_000;
/** A claim of another machine is void if its file was not written for so long: its owner is killed or cut off. */
const MAX_SILENCE_MS = 60_000;

interface Owner {
  readonly host: string;
  readonly pid: number;
  /** Tells it from a later process with the same id; absent if the system does not say. */
  readonly startTicks?: string;
}

const held = new Set<string>();

/**
 * Claims a result folder until this process ends, because the clients of two runs would write into the same journals.
 * A claim whose process was killed is void. If another process takes the claim over, this one ends with RUN_FOLDER_LOST.
 *
 * @param warn takes what to tell the user of a void claim of another machine
 * @throws {SlbenchError} RUN_FOLDER_BUSY if another process measures into it; SYSTEM_…
 */
export async function claimFolder(folder: string, warn: (line: string) => void): Promise<void> {
  const file = join(folder, CLAIM_FILE);
  const mine = `${JSON.stringify(ownerOf(process.pid))}\n`;
  while (!(await isCreated(file, mine))) {
    const found = await readClaim(file);
    if (found === mine) break;
    const silentMs = isElsewhere(found) ? await silenceOf(file) : undefined;
    if (silentMs === undefined ? isAlive(found) : silentMs < MAX_SILENCE_MS)
      throw busy(folder, file, found, silentMs);
    if (silentMs !== undefined) warn(takenOver(found));
    await rm(file, { force: true });
    await isCreated(file, mine);
    await setTimeout(SETTLING_MS); // other processes that found the void claim may replace this one
  }
  if (held.has(file)) return;
  held.add(file);
  const beat = setInterval(() => keepClaim(folder, file, mine), BEAT_MS);
  beat.unref();
  process.once("exit", () => {
    if (readClaimNow(file) === mine) rmSync(file, { force: true });
  });
}

/** Writes the claim again. @throws {SlbenchError} RUN_FOLDER_LOST if it is another process's by now */
function keepClaim(folder: string, file: string, mine: string): void {
  const found = readClaimNow(file);
  if (found !== undefined && found !== mine && parseOwner(found).pid !== undefined) throw lost(folder, found);
  try {
    writeFileSync(file, mine, { flag: found === undefined ? "wx" : "r+" });
  } catch {
    // The next beat tries again; the run has errors of its own if the folder is gone or the disk is full.
  }
}

function readClaimNow(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

/** How long ago a file was written, by the clock of its file system: another machine's may differ from ours. */
async function silenceOf(file: string): Promise<number> {
  const probe = `${file}.${randomUUID()}`;
  try {
    await writeFile(probe, "", { flag: "wx" });
    return (await stat(probe)).mtimeMs - (await writtenMs(file));
  } catch (cause) {
    throw systemError(cause, `cannot write ${probe}`) ?? cause;
  } finally {
    await rm(probe, { force: true });
  }
}

/** Opens the file first: a network file system may remember an older time. @returns 0 if it is missing */
async function writtenMs(file: string): Promise<number> {
  const handle = await open(file).catch(() => undefined);
  if (handle === undefined) return 0;
  return (await handle.stat().finally(() => handle.close())).mtimeMs;
}

async function isCreated(file: string, text: string): Promise<boolean> {
  try {
    await writeFile(file, text, { flag: "wx" });
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "EEXIST") return false;
    await rm(file, { force: true }).catch(() => {}); // empty, if the disk is full
    throw systemError(cause, `cannot write ${file}`) ?? cause;
  }
}

/** Reads the claim from a file; returns "" if the file is missing. A crash may have truncated the claim. */
async function readClaim(file: string): Promise<string> {
  const read = () => readFile(file, "utf8").catch(() => "");
  const found = await read();
  if (found.endsWith("\n")) return found;
  await setTimeout(SETTLING_MS); // its owner may be writing it
  return read();
}

function ownerOf(pid: number): Owner {
  const startTicks = readStartTicks(pid);
  return { host: hostname(), pid, ...(startTicks !== undefined && { startTicks }) };
}

/** Whether a claim is of another machine, or of a container with another name: its process cannot be looked up. */
function isElsewhere(claim: string): boolean {
  const { host, pid } = parseOwner(claim);
  return pid !== undefined && host !== hostname();
}

function isAlive(claim: string): boolean {
  const { pid, startTicks } = parseOwner(claim);
  if (pid === undefined) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
  return startTicks === readStartTicks(pid);
}

function parseOwner(claim: string): { readonly [Field in keyof Owner]?: Owner[Field] | undefined } {
  try {
    const { host, pid, startTicks } = JSON.parse(claim) as Partial<Owner>;
    return Number.isSafeInteger(pid) && Number(pid) > 0 ? { host, pid, startTicks } : {};
  } catch {
    return {};
  }
}

/** When a process started, in ticks since the system's start; on Linux only. */
function readStartTicks(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  } catch {
    return undefined;
  }
}

function busy(folder: string, file: string, claim: string, silentMs: number | undefined): SlbenchError {
  return new SlbenchError<ToolErrorCode>(
    "RUN_FOLDER_BUSY",
    `${describeOwner(claim)} is measuring into ${folder}`,
    {
      hint:
        silentMs === undefined
          ? `wait until it has ended; if it no longer exists, remove ${file}`
          : `wait until it has ended; if it was killed, try again in ${Math.ceil((MAX_SILENCE_MS - silentMs) / 1000)} s`,
      exitCode: 2,
    },
  );
}

const takenOver = (claim: string): string =>
  `run: ${describeOwner(claim)} gave no sign of life for a minute; this run continues in its place`;

const lost = (folder: string, claim: string): SlbenchError =>
  new SlbenchError<ToolErrorCode>(
    "RUN_FOLDER_LOST",
    `${describeOwner(claim)} measures into ${folder} now, because this one gave no sign of life for a minute`,
    { hint: "let the other one finish; then analyze the folder", exitCode: 3 },
  );

function describeOwner(claim: string): string {
  const { host, pid } = parseOwner(claim);
  return `process ${pid}${host === hostname() ? "" : ` on ${host}`}`;
}
