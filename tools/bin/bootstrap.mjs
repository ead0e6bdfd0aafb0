// Plain JavaScript for any Node from 20.20 on, with no dependency: it runs before anything is installed.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import * as nodeModule from "node:module";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const toolsDir = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const builtMain = join(toolsDir, "dist", "bundle", "main.js");
const sourceMain = join(toolsDir, "src", "main.ts");

/** The clone's root, or undefined if slbench was installed as a package. */
export const workspaceRoot = existsSync(join(toolsDir, "..", "nx.json"))
  ? resolve(toolsDir, "..")
  : undefined;

/** The workspace's packages, in the order in which they depend on each other. */
export const projects = [
  "packages/client",
  "packages/handler",
  "packages/jmeter-plans",
  "packages/analyzer",
  "tools",
];

/**
 * Runs the built command line in this process, which starts three times as fast as a second process that strips the
 * types of the sources.
 * @returns false if a clone's built files are older than its sources
 */
export async function runBuilt() {
  installWorkspace();
  if (workspaceRoot !== undefined && process.argv[2] === "setup") build();
  if (!isBuilt()) return false;
  nodeModule.enableCompileCache?.(join(cacheRoot(), "compiled"));
  await import(pathToFileURL(builtMain).href);
  return true;
}

/** Runs the sources of a clone in a second process, under a Node that strips types. */
export function runSources() {
  become(nodeBinary(), [...sourceFlags, sourceMain, ...process.argv.slice(2)]);
}

/** What Node needs to run the sources. */
export const sourceFlags = ["--conditions=@slbench/source", "--disable-warning=ExperimentalWarning"];

/** Like cacheRoot() of tools/src/files/cache.ts, which is not built yet when this file runs. */
function cacheRoot() {
  const { SLBENCH_CACHE, XDG_CACHE_HOME } = process.env;
  return SLBENCH_CACHE
    ? resolve(SLBENCH_CACHE)
    : join(XDG_CACHE_HOME || join(homedir(), ".cache"), "slbench");
}

/** Whether each project was built after its sources changed last; always true for an installed package. */
function isBuilt() {
  if (workspaceRoot === undefined) return true;
  const bundled = writtenMs(builtMain);
  return projects.every(
    (project) =>
      newest(join(workspaceRoot, project, "src")) <= Math.min(bundled, writtenMs(buildInfo(project))),
  );
}

const buildInfo = (project) => join(workspaceRoot, project, "dist", ".tsbuildinfo");

/**
 * Marks what nx built: files that it restores from its cache keep their time, older than the sources'.
 * @param startedAt when the build began; a source that was saved since then is newer
 */
export function markBuilt(startedAt) {
  for (const path of [builtMain, ...projects.map(buildInfo)])
    if (existsSync(path)) utimesSync(path, startedAt, startedAt);
}

/** When a file was written, in milliseconds; 0 if it does not exist. */
function writtenMs(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

/** The last change of a file in a folder, tests apart, or of a folder's list of files, in milliseconds. */
function newest(folder) {
  let last = statSync(folder).mtimeMs;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name.endsWith(".test.ts")) continue;
    const path = `${folder}/${entry.name}`; // join() takes as long as statSync()
    last = Math.max(last, entry.isDirectory() ? newest(path) : statSync(path).mtimeMs);
  }
  return last;
}

/**
 * Installs the workspace's packages and builds them when package-lock.json changed since the last time.
 * @param withDevelopment also what tests, linter and documentation need; without it a third of the size is enough
 */
export function installWorkspace({ withDevelopment = false } = {}) {
  if (workspaceRoot === undefined) return;
  const lock = join(workspaceRoot, "package-lock.json");
  const stamp = join(workspaceRoot, "node_modules", ".slbench-install");
  const isDevelopment = () => existsSync(join(workspaceRoot, "node_modules", "vitest"));
  const isCurrent =
    isNewer(stamp, lock) || (existsSync(stamp) && readFileSync(stamp, "utf8") === hashOf(lock));
  if (isCurrent && (!withDevelopment || isDevelopment())) return;
  const everything = withDevelopment || isDevelopment();
  process.stderr.write("slbench: installing npm packages (once, less than a minute)\n");
  const omit = everything ? [] : ["--omit=dev"];
  // Not `npm ci`: it refuses a lock file that lacks other platforms' optional packages.
  npm(["install", "--no-save", ...omit, "--no-audit", "--no-fund", "--loglevel=error"]);
  // Install scripts are off (.npmrc); this one only puts the packaged Node binary in place.
  if (everything && !nodeIsNewEnough())
    npm(["rebuild", "node", "--ignore-scripts=false", "--loglevel=error"]);
  build();
  writeFileSync(stamp, hashOf(lock));
}

/** Whether a file exists that was written after another one. */
function isNewer(path, other) {
  const found = statSync(path, { throwIfNoEntry: false });
  return found !== undefined && found.mtimeMs > statSync(other).mtimeMs;
}

function hashOf(path) {
  // Rarely needed, and slow to load.
  const { createHash } = process.getBuiltinModule("node:crypto");
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}

/** Builds what runBuilt() runs, without checking types: tests are built too, and what they import may not be installed. */
export function build() {
  const compiler = join(workspaceRoot, "node_modules", ".bin", "tsc");
  const options = { cwd: workspaceRoot, stdio: ["ignore", 2, 2] };
  const shell = process.platform === "win32";
  const compiled = spawnSync(compiler, ["-b", "--noCheck", ...projects], { ...options, shell });
  const bundled = spawnSync(process.execPath, [join(toolsDir, "scripts", "bundle.mjs")], options);
  if (compiled.status !== 0 || bundled.status !== 0)
    process.stderr.write("slbench: the build failed; running from the sources, which start slower\n");
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

/** The Node that runs our sources: the host's from 22.18 on (it strips types), else the npm package node@22. */
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
    `slbench: running from the sources needs Node 22.18 or newer, found ${process.versions.node}\n` +
      "  Next: run npm ci in the clone, which brings that Node, or install a newer Node.\n",
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
