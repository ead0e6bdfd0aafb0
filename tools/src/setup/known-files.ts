import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { lstat, mkdir, readdir, readFile, readlink, rename, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join, relative, resolve, sep } from "node:path";
import { pipeline } from "node:stream/promises";
import { SlbenchError, type ToolErrorCode } from "../errors.ts";
import { type SetupLog, stderrLog } from "./steps.ts";

/**
 * Files from set-up or npm that later runs execute or load. Each run checks that no byte of them has changed.
 *
 * The expected hashes are pinned in slbench's sources or were recorded by set-up. Records lie in the user's state
 * folder, so that someone with access to a shared cache cannot change them. A file is hashed again only if its size,
 * times or inode differ from the last time; no program can set back the time of change (ctime).
 */
export interface KnownFolder {
  readonly root: string;
  /** Name for messages: `the assembled JMeter`. */
  readonly what: string;
  /** Path below `root` (with /) → SHA-256; absent: use the recorded hashes. */
  readonly pinned?: ReadonlyMap<string, string>;
  /** Check only these files; absent: all, and additional files are errors. */
  readonly only?: readonly string[];
  /** What to do if a file has changed. */
  readonly hint: string;
}

/** A file's state when it was last hashed. */
interface KnownFile {
  readonly sha256: string;
  readonly size: string;
  readonly mtimeNs: string;
  readonly ctimeNs: string;
  readonly inode: string;
}

interface KnownRecord {
  readonly schema: typeof SCHEMA;
  readonly root: string;
  readonly files: Readonly<Record<string, KnownFile>>;
}

const SCHEMA = "slbench.known-files/1";

/** SLBENCH_STATE, else XDG_STATE_HOME/slbench, else ~/.local/state/slbench. */
export function stateRoot(env: NodeJS.ProcessEnv = process.env): string {
  if (env.SLBENCH_STATE) return resolve(env.SLBENCH_STATE);
  const parent = env.XDG_STATE_HOME ? resolve(env.XDG_STATE_HOME) : join(homedir(), ".local", "state");
  return join(parent, "slbench");
}

/**
 * Checks every file of a folder and records new hashes.
 * @returns SHA-256 by path below the root
 * @throws {SlbenchError} SETUP_CHANGED naming changed, added and missing files
 */
export async function checkKnownFiles(
  folder: KnownFolder,
  log: SetupLog = stderrLog,
): Promise<ReadonlyMap<string, string>> {
  const record = await readRecord(folder.root);
  const found = await hashAll(folder, record);
  const expected =
    folder.pinned ??
    (record && new Map(Object.entries(record.files).map(([path, { sha256 }]) => [path, sha256])));
  if (expected === undefined)
    log.line(`setup: no recorded hashes of ${folder.what}; recorded the current files in ${folder.root}`);
  else demandSame(folder, expected, found);
  if (JSON.stringify(record?.files) !== JSON.stringify(found)) await writeRecord(folder.root, found, log);
  return new Map(Object.entries(found).map(([path, { sha256 }]) => [path, sha256]));
}

/** Records the files that set-up has just created in a folder; replaces earlier records of it. */
export async function recordKnownFiles(folder: KnownFolder, log: SetupLog = stderrLog): Promise<void> {
  await writeRecord(folder.root, await hashAll(folder, undefined), log);
}

/** Limits the files named in a message. */
const MAX_NAMED = 5;

function demandSame(
  { root, what, hint, only }: KnownFolder,
  expected: ReadonlyMap<string, string>,
  found: KnownRecord["files"],
): void {
  const faults = [
    ...[...expected].flatMap(([path, sha256]) => {
      const file = found[path];
      if (file === undefined) return [`${path} is missing`];
      return file.sha256 === sha256 ? [] : [`${path} has changed`];
    }),
    ...(only === undefined ? Object.keys(found) : []).flatMap((path) =>
      expected.has(path) ? [] : [`${path} was added`],
    ),
  ];
  if (faults.length === 0) return;
  const more = faults.length > MAX_NAMED ? `, and ${faults.length - MAX_NAMED} more` : "";
  throw new SlbenchError<ToolErrorCode>(
    "SETUP_CHANGED",
    `${what} in ${root} was changed after set-up: ${faults.slice(0, MAX_NAMED).join(", ")}${more}`,
    { hint },
  );
}

async function hashAll(folder: KnownFolder, record: KnownRecord | undefined): Promise<KnownRecord["files"]> {
  const paths = folder.only ?? (await filesBelow(folder.root));
  const files: [string, KnownFile][] = [];
  for (const path of [...paths].sort()) {
    const known = await hashFile(join(folder.root, path), record?.files[path]);
    if (known !== undefined) files.push([path, known]);
  }
  return Object.fromEntries(files);
}

/** Logs do not count: JMeter writes one beside its launcher. */
const isLog = (path: string) => path.endsWith(".log");

async function filesBelow(root: string): Promise<readonly string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .filter((path) => !isLog(path));
}

/** Hashes a link's target path; the target file itself is checked at its own path. */
async function hashFile(path: string, before: KnownFile | undefined): Promise<KnownFile | undefined> {
  const stat = await lstat(path, { bigint: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return undefined;
    throw error;
  });
  if (stat === undefined) return undefined;
  const now = {
    size: String(stat.size),
    mtimeNs: String(stat.mtimeNs),
    ctimeNs: String(stat.ctimeNs),
    inode: `${stat.dev}:${stat.ino}`,
  };
  const isSame =
    before !== undefined &&
    before.size === now.size &&
    before.mtimeNs === now.mtimeNs &&
    before.ctimeNs === now.ctimeNs &&
    before.inode === now.inode;
  if (isSame) return before;
  const hash = createHash("sha256");
  if (stat.isSymbolicLink()) hash.update(`link to ${await readlink(path)}`);
  else if (stat.isFile()) await pipeline(createReadStream(path), hash);
  else hash.update("neither a file nor a link");
  return { sha256: hash.digest("hex"), ...now };
}

function recordFile(root: string): string {
  const name = createHash("sha256").update(resolve(root)).digest("hex").slice(0, 24);
  return join(stateRoot(), "known-files", `${name}.json`);
}

async function readRecord(root: string): Promise<KnownRecord | undefined> {
  try {
    const record = JSON.parse(await readFile(recordFile(root), "utf8")) as KnownRecord;
    return record.schema === SCHEMA && record.root === resolve(root) ? record : undefined;
  } catch {
    return undefined; // missing or damaged
  }
}

async function writeRecord(root: string, files: KnownRecord["files"], log: SetupLog): Promise<void> {
  const file = recordFile(root);
  const record: KnownRecord = { schema: SCHEMA, root: resolve(root), files };
  try {
    await mkdir(join(stateRoot(), "known-files"), { recursive: true, mode: 0o700 });
    await writeFile(`${file}.${process.pid}`, JSON.stringify(record), { mode: 0o600 });
    await rename(`${file}.${process.pid}`, file);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    log.warn(`setup: WARNING: cannot record hashes (${why}); set SLBENCH_STATE to a folder you can write to`);
  }
}
