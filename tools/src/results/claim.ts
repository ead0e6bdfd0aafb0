import { readFileSync, rmSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { SlbenchError, type ToolErrorCode } from "../errors.ts";
import { systemError } from "../system-errors.ts";

/** Names the process that measures into a result folder, while it runs. Not packed. */
export const CLAIM_FILE = "run.lock";

/** More than it takes from a claim's creation to its content, or from reading a void claim to replacing it. */
const SETTLING_MS = 200;

interface Owner {
  readonly host: string;
  readonly pid: number;
  /** Tells it from a later process with the same id; absent if the system does not say. */
  readonly startTicks?: string;
}

const held = new Set<string>();

/**
 * Claims a result folder until this process ends, because the clients of two runs would write into the same journals.
 * A claim whose process was killed is void.
 *
 * @throws {SlbenchError} RUN_FOLDER_BUSY if another process measures into it; SYSTEM_…
 */
export async function claimFolder(folder: string): Promise<void> {
  const file = join(folder, CLAIM_FILE);
  const mine = `${JSON.stringify(ownerOf(process.pid))}\n`;
  while (!(await isCreated(file, mine))) {
    const found = await readClaim(file);
    if (found === mine) break;
    if (isAlive(found)) throw busy(folder, file, found);
    await rm(file, { force: true });
    await isCreated(file, mine);
    await setTimeout(SETTLING_MS); // other processes that found the void claim may replace this one
  }
  if (held.has(file)) return;
  held.add(file);
  process.once("exit", () => rmSync(file, { force: true }));
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

/** A process on another machine counts as alive: two runs in one folder would cost data. */
function isAlive(claim: string): boolean {
  const { host, pid, startTicks } = parseOwner(claim);
  if (pid === undefined) return false;
  if (host !== hostname()) return true;
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

function busy(folder: string, file: string, claim: string): SlbenchError {
  const { host, pid } = parseOwner(claim);
  const where = host === hostname() ? "" : ` on ${host}`;
  return new SlbenchError<ToolErrorCode>(
    "RUN_FOLDER_BUSY",
    `process ${pid}${where} is measuring into ${folder}`,
    { hint: `wait until it has ended; if it no longer exists, remove ${file}`, exitCode: 2 },
  );
}
