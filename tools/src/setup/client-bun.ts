import { chmod } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { SlbenchError, type ToolErrorCode } from "../errors.ts";
import { findBunRuntime } from "./bun-runtime.ts";
import type { ClientCompiler } from "./client-compiler.ts";
import { bunPackage, ensurePackages, packageVersion } from "./optional-packages.ts";
import { hostPlatform, type Platform } from "./platform.ts";
import { stageSources } from "./stage-sources.ts";
import { type SetupLog, stderrLog } from "./steps.ts";

/**
 * Explained in docs/decisions/client-executable.md. Without splitting, each start would load the `node:` modules of
 * code that runs only with --verify.
 */
const FLAGS = [
  "--compile",
  "--minify",
  "--splitting",
  "--bytecode",
  "--format=esm",
  "--compile-exec-argv=--smol",
  "--compile-jit-policy=16",
  "--no-compile-autoload-bunfig",
  "--no-compile-autoload-dotenv",
] as const;

/** `bun build --compile`. */
export function bunCompiler(platform: Platform = hostPlatform(), log: SetupLog = stderrLog): ClientCompiler {
  const version = packageVersion(bunPackage, "bun");
  const findOrDownload = async () => findBun(await ensurePackages(bunPackage, log));
  return {
    name: `bun ${version}`,
    recipe: [`bun ${version}`, "staged", ...FLAGS].join(" "),
    async prepare() {
      await findOrDownload();
    },
    async compile(entry, build, target, work) {
      const path = await findOrDownload();
      const define = ["--define", `SLBENCH_BUILD=${JSON.stringify(build)}`];
      const elsewhere =
        platform === hostPlatform()
          ? []
          : [
              `--target=bun-${platform}`,
              `--compile-executable-path=${await findBunRuntime(version, platform)}`,
            ];
      // bun names chunks after source paths relative to its working directory.
      const staged = await stageSources(entry, join(work, "staged")).catch((cause) => {
        throw new SlbenchError<ToolErrorCode>(
          "SETUP_CLIENT_BUILD",
          `cannot copy the sources of ${entry}: ${String(cause)}`,
          {
            hint: "run npm install again, then slbench setup",
            cause,
          },
        );
      });
      const args = ["build", ...FLAGS, ...elsewhere, ...define, staged, "--outfile", target];
      const done = await execa(path, args, {
        ...{ cwd: join(work, "staged"), reject: false, all: true, stdin: "ignore", timeout: 120_000 },
      });
      if (done.failed) {
        const output = (done.all || done.originalMessage || "").trim().slice(-300);
        throw new SlbenchError<ToolErrorCode>("SETUP_CLIENT_BUILD", `bun build failed: ${output}`, {
          hint: "run npm install again, then slbench setup",
          cause: done,
        });
      }
      await chmod(target, 0o755);
    },
  };
}

/**
 * bun's real binary; without install scripts, `node_modules/bun/bin` only has a stub.
 * @param packages a file from which `bun` is resolved, see ensurePackages()
 * @throws {SlbenchError} SETUP_NO_BUN if npm has none for this platform
 */
function findBun(packages: string): string {
  const fromBun = createRequire(createRequire(packages).resolve("bun/package.json"));
  const { optionalDependencies } = fromBun("bun/package.json") as {
    optionalDependencies: Record<string, string>;
  };
  for (const name of Object.keys(optionalDependencies)) {
    try {
      const folder = dirname(fromBun.resolve(`${name}/package.json`));
      return join(folder, "bin", process.platform === "win32" ? "bun.exe" : "bun");
    } catch {
      // npm installs only this platform's package
    }
  }
  const host = `${process.platform} ${process.arch}`;
  throw new SlbenchError<ToolErrorCode>("SETUP_NO_BUN", `bun is not available for ${host}`, {
    hint: "bun supports Linux, macOS and Windows on x64 and arm64; build the client with --compiler node",
  });
}
