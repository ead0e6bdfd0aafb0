import { lstat, mkdtemp, readdir, readFile, readlink, rm, statfs } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Linux's TMPFS_MAGIC: a file system in memory. */
const TMPFS = 0x01021994;
const PREFIX = "slbench-private-";

/**
 * Creates a folder (0700) for private keys that must not outlive this process, in memory if possible. The next run
 * removes it if this process and its guard are killed.
 */
export async function createPrivateFolder(env: NodeJS.ProcessEnv = process.env): Promise<string> {
  await sweepPrivateFolders(env);
  const [root = tmpdir()] = await memoryRoots(env);
  return mkdtemp(join(root, `${PREFIX}${await ownName()}-`));
}

/** Removes the user's private folders whose processes have ended; returns their paths. */
export async function sweepPrivateFolders(env: NodeJS.ProcessEnv = process.env): Promise<readonly string[]> {
  const removed: string[] = [];
  for (const root of new Set([...(await memoryRoots(env)), tmpdir()])) {
    for (const name of await readdir(root).catch(() => [])) {
      if (!name.startsWith(PREFIX) || !(await isLeftBehind(name))) continue;
      const path = join(root, name);
      const found = await lstat(path).catch(() => undefined);
      if (found?.isDirectory() !== true || found.uid !== process.getuid?.()) continue;
      await rm(path, { recursive: true, force: true }).catch(() => {});
      removed.push(path);
    }
  }
  return removed;
}

/** XDG_RUNTIME_DIR comes first because it is private to the user. */
async function memoryRoots(env: NodeJS.ProcessEnv): Promise<readonly string[]> {
  const roots: string[] = [];
  for (const root of [env.XDG_RUNTIME_DIR, "/dev/shm"]) {
    if (root === undefined || root === "") continue;
    const system = await statfs(root).catch(() => undefined);
    if (system?.type === TMPFS && system.bavail > 0) roots.push(root);
  }
  return roots;
}

/** Boot, process namespace, process id and start time: unique for each process. */
async function ownName(): Promise<string> {
  return [...(await here()), process.pid, await startOf(process.pid)].join("_");
}

async function here(): Promise<readonly [boot: string, namespace: string]> {
  const boot = await readFile("/proc/sys/kernel/random/boot_id", "utf8").catch(() => "");
  const namespace = await readlink("/proc/self/ns/pid").catch(() => "");
  return [boot.slice(0, 8) || "0", namespace.replaceAll(/\D/g, "") || "0"];
}

/** Clock ticks since boot; `0` if the system does not provide it. */
async function startOf(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  // The second field, the command in brackets, may hold spaces; the start is field 22.
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "0";
}

async function isLeftBehind(name: string): Promise<boolean> {
  const [boot, namespace, pid, start] = name.slice(PREFIX.length).split("-")[0]?.split("_") ?? [];
  if (start === undefined || !/^\d+$/.test(pid ?? "")) return false;
  const [ownBoot, ownNamespace] = await here();
  if (boot !== ownBoot) return true;
  // Processes of another container are invisible here.
  if (namespace !== ownNamespace) return false;
  return !isAlive(Number(pid)) || (await startOf(Number(pid))) !== start;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
