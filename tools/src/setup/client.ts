import { createHash } from "node:crypto";
import { access, chmod, mkdtemp, readdir, readFile, rename, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { cacheFolder } from "../cache.ts";
import { ToolError } from "../errors.ts";
import { type SetupLog, stderrLog, step } from "./steps.ts";

/** The compiled virtual user that the OS Process Sampler starts. */
export interface ClientExecutable {
  readonly path: string;
  readonly sha256: string;
  /** What compiled it, for example `bun 1.4.5`. */
  readonly builtWith: string;
}

/**
 * Compiles `@slbench/client` to one executable with `bun build --compile`, once per state of its sources.
 * @throws {ToolError} SETUP_NO_BUN where npm brought no bun for this platform
 */
export async function ensureClientExecutable(log: SetupLog = stderrLog): Promise<ClientExecutable> {
  const sources = clientFolder();
  const bun = bunBinary();
  const build = await hashSources(sources, bun.version);
  const folder = await cacheFolder("client", build);
  const path = join(folder, process.platform === "win32" ? "slbench-client.exe" : "slbench-client");
  if (!(await exists(path)))
    await step("client executable", () => compile(sources, bun.path, build, path), log);
  const sha256 = createHash("sha256")
    .update(await readFile(path))
    .digest("hex");
  return { path, sha256, builtWith: `bun ${bun.version}` };
}

async function compile(sources: string, bun: string, build: string, target: string): Promise<void> {
  const work = await mkdtemp(join(dirname(target), "build-"));
  const out = join(work, "slbench-client");
  try {
    const done = await execa(
      bun,
      [
        "build",
        "--compile",
        "--minify",
        "--define",
        `SLBENCH_BUILD="${build}"`,
        join(sources, "main.ts"),
        "--outfile",
        out,
      ],
      { cwd: work, reject: false, all: true, stdin: "ignore", timeout: 120_000 },
    );
    if (done.failed) {
      throw new ToolError("SETUP_CLIENT_BUILD", `bun build failed: ${(done.all ?? "").trim().slice(-300)}`, {
        hint: "run npm install again, then slbench setup",
        cause: done,
      });
    }
    await chmod(out, 0o755);
    await rename(out, target);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** bun's own binary: with install scripts off, `node_modules/bun/bin` holds only a stub. */
function bunBinary(): { readonly path: string; readonly version: string } {
  const require = createRequire(import.meta.url);
  const fromBun = createRequire(require.resolve("bun/package.json"));
  const { version, optionalDependencies } = require("bun/package.json") as {
    version: string;
    optionalDependencies: Record<string, string>;
  };
  for (const name of Object.keys(optionalDependencies)) {
    try {
      const folder = dirname(fromBun.resolve(`${name}/package.json`));
      return { path: join(folder, "bin", process.platform === "win32" ? "bun.exe" : "bun"), version };
    } catch {
      // not for this platform: npm left it out
    }
  }
  throw new ToolError("SETUP_NO_BUN", `npm installed no bun for ${process.platform} ${process.arch}`, {
    hint: "run npm install again; bun needs Linux, macOS or Windows on x64 or arm64",
  });
}

function clientFolder(): string {
  return dirname(fileURLToPath(import.meta.resolve("@slbench/client")));
}

async function hashSources(folder: string, bunVersion: string): Promise<string> {
  const hash = createHash("sha256").update(bunVersion);
  for (const name of (await readdir(folder)).sort()) {
    if (/\.(ts|js)$/.test(name) && !/\.(test|bench)\./.test(name))
      hash.update(name).update(await readFile(join(folder, name)));
  }
  return hash.digest("hex").slice(0, 16);
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
