// Plain JavaScript for any Node from 20.20 on, with no dependency: it runs before anything is installed.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const toolsDir = resolve(dirname(fileURLToPath(import.meta.url)), "..");

/** The clone's root, or undefined where slbench was installed as a package. */
export const workspaceRoot = existsSync(join(toolsDir, "..", "nx.json"))
  ? resolve(toolsDir, "..")
  : undefined;

/**
 * What a command runs under. Logs of any size are read: V8 keeps its garbage small, which costs a log of a gigabyte a
 * tenth more time and spares it two tenths of the memory.
 */
export const nodeFlags = (command) => (command === "analyze" ? ["--optimize-for-size"] : []);

/** Installs the workspace's packages when package-lock.json changed since the last time. */
export function installWorkspace() {
  if (workspaceRoot === undefined) return;
  const lock = createHash("sha256")
    .update(readFileSync(join(workspaceRoot, "package-lock.json")))
    .digest("hex");
  const stamp = join(workspaceRoot, "node_modules", ".slbench-install");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === lock) return;
  process.stderr.write("slbench: installing npm packages (once, about a minute)\n");
  // Not `npm ci`: it refuses a lock file that lacks other platforms' optional packages.
  npm(["install", "--no-save", "--no-audit", "--no-fund", "--loglevel=error"]);
  // Install scripts are off (.npmrc); this one only puts the packaged Node binary in place.
  if (!nodeIsNewEnough()) npm(["rebuild", "node", "--ignore-scripts=false", "--loglevel=error"]);
  writeFileSync(stamp, lock);
}

function npm(args) {
  const done = spawnSync("npm", args, {
    cwd: workspaceRoot,
    stdio: ["ignore", 2, 2],
    shell: process.platform === "win32",
  });
  if (done.status === 0) return;
  process.stderr.write(
    `slbench: 'npm ${args.join(" ")}' failed (${done.error?.message ?? `exit ${done.status}`})\n` +
      `  Next: run it by hand in ${workspaceRoot} and see what npm says; it needs the npm registry.\n`,
  );
  process.exit(1);
}

function nodeIsNewEnough() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  return major > 22 || (major === 22 && minor >= 18);
}

/** The Node that runs our sources: the host's from 22.18 on (it strips types), else npm package node@22. */
export function nodeBinary() {
  if (nodeIsNewEnough()) return process.execPath;
  for (let dir = toolsDir; ; dir = dirname(dir)) {
    const packaged = join(
      dir,
      "node_modules",
      "node",
      "bin",
      process.platform === "win32" ? "node.exe" : "node",
    );
    if (existsSync(packaged)) return packaged;
    if (dir === dirname(dir)) break;
  }
  process.stderr.write(
    `slbench: needs Node 22.18 or newer, found ${process.versions.node}\n` +
      "  Next: npm install node@22 (the packaged Node serves), or install a newer Node.\n",
  );
  process.exit(1);
}

/** Runs a program in our place: same terminal, signals passed on, its exit code as ours. */
export function become(command, args, options = {}) {
  // The pipe on fd 3 closes when this process dies, however it dies; main.ts then stops too.
  const child = spawn(command, args, {
    ...options,
    stdio: ["inherit", "inherit", "inherit", "pipe"],
    env: { ...process.env, ...options.env, SLBENCH_PARENT_FD: "3" },
  });
  child.stdio[3]?.on("error", () => {});
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => {
    process.stderr.write(`slbench: cannot start ${command}: ${error.message}\n`);
    process.exit(1);
  });
  child.on("exit", (code, signal) => {
    process.exit(code ?? (signal === "SIGINT" ? 130 : 1));
  });
}
